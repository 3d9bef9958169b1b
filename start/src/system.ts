import { keepBaseBackups } from '@bailiwick/database/archive/keepBase';
import { openDatabase } from '@bailiwick/database/operator';
import type { OpenDatabase } from '@bailiwick/database/operator';
import { readDatabaseConfig } from '@bailiwick/database/config';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { fillWithSampleData } from '@bailiwick/database/sample/sample';
import { urlOfRole } from '@bailiwick/database/setup/connect';
import type { LoginRole } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import type { TokenSettings } from '@bailiwick/kernel/auth';
import { AppError } from '@bailiwick/kernel/errors';
import { stopAll, tell } from '@bailiwick/kernel/process';
import { allowsIntrospection, readStartConfig } from './config.js';
import type { StartConfig } from './config.js';
import type { GraphSettings } from './graph.js';
import type { StartOptions } from './options.js';
import { poolSizeFor } from './poolSize.js';
import { issueSampleTokens } from './sampleTokens.js';
import type { SampleToken } from './sampleTokens.js';
import { openSecrets } from './secrets.js';
import type { Secrets } from './secrets.js';
import { forkWorkers } from './workers.js';

/** Everything, running. */
export interface System {
  /** Of the gateway, for example http://localhost:4000 */
  readonly url: string;
  readonly sampleTokens: readonly SampleToken[];
  /** Whether tokens of a sign-in system are accepted; else they are this installation's own. */
  readonly hasSignIn: boolean;
  /** Whether the gateway serves Sandbox and the explorer. */
  readonly hasPages: boolean;
  /** Settles with the reason when it can not go on. */
  readonly failed: Promise<Error> | undefined;
  /** Stops the gateway, then the subgraphs, then PostgreSQL where this process started it. */
  stop(): Promise<void>;
}

/** What answers requests: this process, or workers that it started. */
interface Answering {
  start(settings: GraphSettings): Promise<{ url: string }>;
  readonly failed?: Promise<Error>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL (or uses the one that DATABASE_URL names), prepares the database, and answers with all subgraphs behind the gateway.
 * What had been started before a step failed is stopped again. Throws what the steps throw; all of it tells what to do next.
 */
export async function startSystem(options: StartOptions, onStep: (sentence: string) => void): Promise<System> {
  const config = readStartConfig();
  checkProduction(config, options);
  const { databaseUrl, dataDir: configuredDataDir } = readDatabaseConfig();
  const dataDir = options.dataDir ?? configuredDataDir;
  const workers = options.workers ?? config.BAILIWICK_WORKERS;
  const started: (() => Promise<void>)[] = [];
  const stop = () => stopAll(started.splice(0));
  try {
    // Loading the graph's packages keeps one core busy for as long as PostgreSQL needs to start on the other.
    const answering = workers === 1 ? inThisProcess() : forkWorkers(workers, onStep);
    started.push(() => answering.stop());
    const database = await openDatabase({ dataDir, create: true, exclusive: true, onStep });
    // Stopped after what answers, although it is there later.
    started.unshift(() => database.close());
    const secrets = await openSecrets(dataDir);
    const wantsSampleData = !isProduction(config) && (databaseUrl === undefined || options.sampleData === true);
    await prepare(database, `${dataDir}-backups`, wantsSampleData, onStep);
    const { token, sampleTokens, hasSignIn } = await identity(config, secrets, database);
    const urlOf = (role: LoginRole) => urlOfRole(database.operatorUrl, role, database.credentials);

    const { url } = await answering.start({
      config,
      databaseUrls: {
        shared_tables: urlOf('shared_tables_app'),
        case_management: urlOf('case_management_app'),
        audit_system: urlOf('audit_system_app'),
      },
      poolSize: await poolSizeFor(database.operatorUrl, workers, config.BAILIWICK_POOL_SIZE),
      cursorKey: config.BAILIWICK_CURSOR_KEY ?? secrets.cursorKey,
      token,
      sampleTokens,
      port: options.port ?? config.BAILIWICK_PORT,
    });
    // Behind the answer, because it takes as long as copying the data does.
    if (database.archive) {
      const keeping = keepBaseBackups(database.operatorUrl, database.archive, onStep);
      started.push(() => keeping.stop());
    }
    return { url, sampleTokens, hasSignIn, hasPages: allowsIntrospection(config), failed: answering.failed, stop };
  } catch (error) {
    await stop().catch(tell);
    throw error;
  }
}

const isProduction = (config: StartConfig): boolean => config.NODE_ENV === 'production';

/** Checks what production needs, before anything is written. Throws CONFIG_INVALID or BAD_USER_INPUT. */
function checkProduction(config: StartConfig, { sampleData }: StartOptions): void {
  if (!isProduction(config)) return;
  if (sampleData) {
    throw new AppError(
      'BAD_USER_INPUT',
      '--sample-data is not for NODE_ENV=production: it brings a System Admin whose id everybody knows.',
      {
        hint: 'Leave it out, or start without NODE_ENV=production.',
      },
    );
  }
  // Throws where no keys are configured, or two kinds of them.
  createTokenVerifier(tokenSettings(config));
}

function tokenSettings(config: StartConfig): TokenSettings {
  return {
    jwksUrl: config.BAILIWICK_JWKS_URL,
    keepKeysForHours: config.BAILIWICK_JWKS_KEEP_HOURS,
    publicKey: config.BAILIWICK_JWT_PUBLIC_KEY,
    issuer: config.BAILIWICK_JWT_ISSUER,
    audience: config.BAILIWICK_JWT_AUDIENCE,
  };
}

function inThisProcess(): Answering {
  const graph = import('./graph.js');
  graph.catch(() => undefined);
  let running: { url: string; stop(): Promise<void> } | undefined;
  return {
    async start(settings) {
      running = await (await graph).startGraph(settings);
      return running;
    },
    async stop() {
      await running?.stop();
    },
  };
}

async function prepare(
  { operatorUrl, credentials }: OpenDatabase,
  backupFolder: string,
  withSampleData: boolean,
  onStep: (sentence: string) => void,
): Promise<void> {
  await initialiseDatabase({ operatorUrl, credentials, onStep });
  await migrateDatabase({ operatorUrl, credentials, backupFolder, onStep });
  if (withSampleData) await fillWithSampleData({ operatorUrl, onStep });
}

/** A configured sign-in system, or this installation's own key, which then signs tokens for the sample people. */
async function identity(
  config: StartConfig,
  secrets: Secrets,
  database: OpenDatabase,
): Promise<{ token: TokenSettings; sampleTokens: SampleToken[]; hasSignIn: boolean }> {
  const configured = tokenSettings(config);
  const hasSignIn = configured.jwksUrl !== undefined || configured.publicKey !== undefined;
  if (hasSignIn) return { token: configured, sampleTokens: [], hasSignIn };
  const { issuer, audience } = configured;
  return {
    hasSignIn,
    token: { ...configured, publicKey: secrets.publicKey },
    sampleTokens: await issueSampleTokens(database.operatorUrl, { privateKey: secrets.privateKey, issuer, audience }),
  };
}
