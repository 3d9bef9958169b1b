import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import type { Credentials } from '@bailiwick/database/setup/credentials';

const run = promisify(execFile);
/** Where Debian puts the server and the client tools of PostgreSQL 15. */
export const bin = '/usr/lib/postgresql/15/bin';

export interface DebianServer {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  urlOf(database: string): string;
  /** Makes an empty database anew. */
  create(database: string): Promise<void>;
  /** Processor time of all sessions that have ended, in seconds (proc(5): cutime and cstime of the postmaster). */
  processorSeconds(): Promise<number>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server of its own, as Debian sets it up but for room for WAL, so that no checkpoint falls into one measurement and not into the other. */
export async function startDebianServer(): Promise<DebianServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-'));
  await chmod(folder, 0o777);
  const asPostgres = async (tool: string, ...args: string[]): Promise<unknown> =>
    userInfo().uid === 0 ? run('runuser', ['-u', 'postgres', '--', join(bin, tool), ...args]) : run(join(bin, tool), args);
  const data = join(folder, 'data');
  await asPostgres('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_wal_size=8GB',
    'checkpoint_timeout=1h',
  ];
  const options = ['-p', String(port), ...settings.flatMap((setting) => ['-c', setting])].join(' ');
  await asPostgres('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  const base = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    host: '127.0.0.1',
    port,
    credentials: { roles: Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`])) },
    urlOf: (database) => urlOfDatabase(base, database),
    create: async (database) =>
      withSession(base, 'bench', async (client) => {
        await client.query(`drop database if exists ${database} with (force)`);
        await client.query(`create database ${database} template template0 encoding 'UTF8'`);
        await client.query('checkpoint');
      }),
    processorSeconds: async () => {
      const pid = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0];
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
      return (Number(fields[13]) + Number(fields[14])) / 100;
    },
    stop: async () => {
      await asPostgres('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A database with all migrations and no rows. */
export async function createMigrated(server: DebianServer, database: string): Promise<string> {
  await server.create(database);
  const operatorUrl = server.urlOf(database);
  await initialiseDatabase({ operatorUrl, credentials: server.credentials });
  await migrateDatabase({ operatorUrl, credentials: server.credentials });
  return operatorUrl;
}
