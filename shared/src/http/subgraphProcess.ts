import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { integerSetting, parseConfig, subgraphSettings } from '../process/config.js';
import { Database } from '../postgres/database.js';
import { createTokenVerifier } from '../auth/identity.js';
import { createLog } from '../process/log.js';
import { runProcess } from '../process/process.js';
import { serveSubgraph } from './server.js';
import type { Subgraph, SubgraphServices } from '../graphql/subgraph.js';

/** The validated settings of a subgraph process. */
export type SubgraphConfig = ReturnType<typeof parseSubgraphConfig>;

/** Reads the settings of a subgraph process from its environment. Throws CONFIG_INVALID, which lists all problems at once. */
export function parseSubgraphConfig(environment: Record<string, string | undefined>, defaultPort: number) {
  return parseConfig(
    z.object({ ...subgraphSettings, BAILIWICK_PORT: integerSetting(0, 65_535).default(defaultPort) }),
    environment,
  );
}

/** Runs one subgraph as a process with its own port and connection pool, until SIGINT or SIGTERM. */
export async function runSubgraphProcess(
  name: string,
  readConfig: () => SubgraphConfig,
  create: (services: SubgraphServices) => Promise<Subgraph>,
): Promise<void> {
  await runProcess(async () => {
    const config = readConfig();
    const isProduction = config.NODE_ENV === 'production';
    const log = createLog(name, config.BAILIWICK_LOG_LEVEL);
    if (config.BAILIWICK_CURSOR_KEY === undefined) {
      log.warn('BAILIWICK_CURSOR_KEY is not set: cursors are good only until this process ends, and only in this process');
    }
    const subgraph = await create({
      database: new Database({
        url: config.BAILIWICK_DATABASE_URL,
        applicationName: `bailiwick ${name}`,
        poolSize: config.BAILIWICK_POOL_SIZE,
      }),
      verifyToken: createTokenVerifier(
        {
          jwksUrl: config.BAILIWICK_JWKS_URL,
          keepKeysForHours: config.BAILIWICK_JWKS_KEEP_HOURS,
          publicKey: config.BAILIWICK_JWT_PUBLIC_KEY,
          issuer: config.BAILIWICK_JWT_ISSUER,
          audience: config.BAILIWICK_JWT_AUDIENCE,
        },
        log,
      ),
      log,
      cursorKey: config.BAILIWICK_CURSOR_KEY ?? randomBytes(32).toString('hex'),
      allowIntrospection: !isProduction,
    });
    const listening = await serveSubgraph(subgraph, config.BAILIWICK_HOST, config.BAILIWICK_PORT);
    process.stdout.write(`The ${name} subgraph answers at ${listening.url}/graphql\n`);
    return listening;
  });
}
