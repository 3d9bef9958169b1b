# One image for every service; docker-compose.yml says which process each container runs.
# Build: docker build -t bailiwick .

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY drizzle/package.json drizzle/
COPY subgraphs/shared/package.json subgraphs/shared/
COPY subgraphs/case-management/package.json subgraphs/case-management/
COPY subgraphs/audit/package.json subgraphs/audit/
COPY gateway/package.json gateway/
COPY start/package.json start/
RUN npm ci
COPY . .
RUN npm run build
# The operator's image has the embedded PostgreSQL: a backup is proven by restoring it into one.
RUN npm prune --omit=dev && cp -a node_modules operator_modules
# What serves needs neither the tools of the build nor that.
RUN npm prune --omit=dev --omit=optional

FROM node:26-bookworm-slim AS operator
ENV NODE_ENV=production
WORKDIR /app
# A new volume takes its mode from here.
RUN mkdir -m 1777 backups scratch
COPY --from=build /app/package.json ./
COPY --from=build /app/operator_modules node_modules
COPY --from=build /app/shared shared
COPY --from=build /app/drizzle drizzle
USER node
CMD ["node", "drizzle/dist/main.js", "schedule", "--to", "backups"]

FROM node:26-bookworm-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1 BAILIWICK_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/shared shared
COPY --from=build /app/drizzle drizzle
COPY --from=build /app/subgraphs subgraphs
COPY --from=build /app/gateway gateway
USER node
CMD ["node", "gateway/dist/main.js"]
