/**
 * The process behind a run of the tests: starts the server, builds the template, tells so in the file named by its argument, and
 * takes everything away again, the bundles of its second argument too, when its standard input ends. That happens too when the run is killed.
 */
import { randomBytes } from 'node:crypto';
import { cp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded, loginRoles } from '@bailiwick/database/setup/credentials';
import type { Credentials } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import type { TestRun } from './testRun.js';

const [runFile = '', bundles = ''] = process.argv.slice(2);
const folder = dirname(runFile);
const key = randomBytes(5).toString('hex');

interface Server {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly emptyDataDir: string | undefined;
  stop(): Promise<void>;
}

/** Roles belong to the whole server, so on one that exists the passwords are the same in every run. */
function existingServer(operatorUrl: string): Server {
  const roles = Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`]));
  return { operatorUrl, credentials: { roles }, emptyDataDir: undefined, stop: async () => undefined };
}

async function embeddedServer(): Promise<Server> {
  // The data lives for minutes, so nothing is lost by not waiting for the disk.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
  const emptyDataDir = join(folder, 'empty');
  await (await startEmbeddedServer({ dataDir: emptyDataDir, settings })).stop();
  const dataDir = join(folder, 'data');
  await cp(emptyDataDir, dataDir, { recursive: true });
  // A copy chooses a port of its own.
  await rm(join(emptyDataDir, 'location.json'));
  const server = await startEmbeddedServer({ dataDir, settings });
  return {
    operatorUrl: server.operatorUrl('postgres'),
    credentials: fromEmbedded(server.credentials),
    emptyDataDir,
    stop: async () => server.stop(),
  };
}

async function tell(content: TestRun | { error: string }): Promise<void> {
  await writeFile(`${runFile}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${runFile}.new`, runFile);
}

async function buildTemplate(server: Server): Promise<string> {
  const template = `bailiwick_template_${key}`;
  await withSession(server.operatorUrl, 'tests', async (client) =>
    client.query(`create database ${template} template template0 encoding 'UTF8'`),
  );
  const operatorUrl = urlOfDatabase(server.operatorUrl, template);
  await initialiseDatabase({ operatorUrl, credentials: server.credentials });
  await migrateDatabase({ operatorUrl, credentials: server.credentials, withoutPlan: true });
  return template;
}

async function dropDatabases(server: Server): Promise<void> {
  await withSession(server.operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      String.raw`select datname as name from pg_database where datname like 'bailiwick\_%' and datname like '%\_' || $1 || '%'`,
      [key],
    );
    for (const { name } of rows) await client.query(`drop database if exists "${name}" with (force)`);
  });
}

const whenRunEnds = new Promise<void>((resolve) => {
  process.stdin.once('end', resolve).once('close', resolve).once('error', resolve).resume();
});
// Ctrl-C reaches the whole process group; the run then closes our standard input, and that is what counts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => process.stdin.destroy());

const url = process.env.BAILIWICK_TEST_DATABASE_URL;
let server: Server | undefined;
try {
  server = url ? existingServer(url) : await embeddedServer();
  const { operatorUrl, credentials, emptyDataDir } = server;
  await tell({ operatorUrl, credentials, key, template: await buildTemplate(server), emptyDataDir });
} catch (error) {
  const { message, hint = '' } = error as Error & { hint?: string };
  await tell({ error: `${message}\n${hint}` });
}
await whenRunEnds;
if (server && url) await dropDatabases(server);
await server?.stop();
for (const path of [folder, bundles]) await rm(path, { recursive: true, force: true });
