import { defineConfig } from '@graphql-hive/gateway';

/** Where the subgraphs answer, by name. */
const endpoints = JSON.parse(process.env.SUBGRAPHS);

/** Hive Gateway's defaults (requests that are under way are not sent twice); whether it compiles operations is said on its command line. */
export const gatewayConfig = defineConfig({
  transportEntries: Object.fromEntries(Object.entries(endpoints).map(([name, location]) => [name, { location }])),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  },
});
