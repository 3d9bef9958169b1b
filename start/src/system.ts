import { openDatabase } from '@bailiwick/database/operator';
import type { OpenDatabase } from '@bailiwick/database/operator';
import { readDatabaseConfig } from '@bailiwick/database/config';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { fillWithSampleData } from '@bailiwick/database/sample/sample';
import { urlOfRole } from '@bailiwick/database/setup/connect';
import type { Bailiwick } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { Database } from '@bailiwick/kernel/database';
import { createTokenVerifier } from '@bailiwick/kernel/identity';
import type { VerifyToken } from '@bailiwick/kernel/identity';
import { createLog } from '@bailiwick/kernel/log';
import type { Logger } from '@bailiwick/kernel/log';
import { stopAll, tell } from '@bailiwick/kernel/process';
import type { SubgraphServices } from '@bailiwick/kernel/subgraph';
import { readStartConfig } from './config.js';
import type { StartConfig } from './config.js';
import type { StartOptions } from './options.js';
import { issueSampleTokens } from './sampleTokens.js';
import type { SampleToken } from './sampleTokens.js';
import { openSecrets } from './secrets.js';
import type { Secrets } from './secrets.js';

/** Everything, running in this process. */
export interface System {
  /** Of the gateway, for example http://localhost:4000 */
  readonly url: string;
  readonly sampleTokens: readonly SampleToken[];
  /** Stops the gateway, then the subgraphs, then PostgreSQL where this process started it. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL (or uses the one that DATABASE_URL names), prepares the database, and answers with all subgraphs behind the gateway.
 * What had been started before a step failed is stopped again. Throws what the steps throw; all of it tells what to do next.
 */
export async function startSystem(options: StartOptions, onStep: (sentence: string) => void): Promise<System> {
  const config = readStartConfig();
  const { databaseUrl, dataDir: configuredDataDir } = readDatabaseConfig();
  const dataDir = options.dataDir ?? configuredDataDir;
  const started: (() => Promise<void>)[] = [];
  const stop = () => stopAll(started.splice(0));
  try {
    // Loading the graph's packages keeps one core busy for as long as PostgreSQL needs to start on the other.
    const graph = import('./graph.js');
    graph.catch(() => undefined);
    const database = await openDatabase({ dataDir, create: true, exclusive: true, onStep });
    started.push(() => database.close());
    const secrets = await openSecrets(dataDir);
    await prepare(database, databaseUrl === undefined || options.sampleData === true, onStep);
    const { verifyToken, sampleTokens } = await identity(config, secrets, database);

    const log = createLog('bailiwick', config.BAILIWICK_LOG_LEVEL);
    const { startGraph } = await graph;
    const gateway = await startGraph({
      services: (owner) => services(owner, config, secrets, database, verifyToken, log),
      verifyToken,
      sampleTokens,
      log,
      config,
      port: options.port ?? config.BAILIWICK_PORT,
    });
    started.push(() => gateway.stop());
    return { url: gateway.url, sampleTokens, stop };
  } catch (error) {
    await stop().catch(tell);
    throw error;
  }
}

async function prepare(
  { operatorUrl, credentials }: OpenDatabase,
  withSampleData: boolean,
  onStep: (sentence: string) => void,
): Promise<void> {
  await initialiseDatabase({ operatorUrl, credentials, onStep });
  await migrateDatabase({ operatorUrl, credentials, onStep });
  if (withSampleData) await fillWithSampleData({ operatorUrl, onStep });
}

/** A configured sign-in system, or this installation's own key, which then signs tokens for the sample people. */
async function identity(
  config: StartConfig,
  secrets: Secrets,
  database: OpenDatabase,
): Promise<{ verifyToken: VerifyToken; sampleTokens: SampleToken[] }> {
  const {
    BAILIWICK_JWKS_URL: jwksUrl,
    BAILIWICK_JWT_PUBLIC_KEY: publicKey,
    BAILIWICK_JWT_ISSUER: issuer,
    BAILIWICK_JWT_AUDIENCE: audience,
  } = config;
  const isConfigured = jwksUrl !== undefined || publicKey !== undefined || config.NODE_ENV === 'production';
  const verifyToken = createTokenVerifier({ jwksUrl, publicKey: isConfigured ? publicKey : secrets.publicKey, issuer, audience });
  const sampleTokens = isConfigured
    ? []
    : await issueSampleTokens(database.operatorUrl, { privateKey: secrets.privateKey, issuer, audience });
  return { verifyToken, sampleTokens };
}

function services(
  owner: Bailiwick,
  config: StartConfig,
  secrets: Secrets,
  { operatorUrl, credentials }: OpenDatabase,
  verifyToken: VerifyToken,
  log: Logger,
): SubgraphServices {
  return {
    database: new Database({
      url: urlOfRole(operatorUrl, `${owner}_app`, credentials),
      applicationName: `bailiwick ${owner}`,
      poolSize: config.BAILIWICK_POOL_SIZE,
    }),
    verifyToken,
    log,
    cursorKey: config.BAILIWICK_CURSOR_KEY ?? secrets.cursorKey,
    allowIntrospection: config.NODE_ENV !== 'production',
  };
}
