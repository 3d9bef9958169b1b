import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, open, readFile, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { scramVerifier } from '../setup/passwords.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { embeddedLoginRoles } from './credentials.js';
import type { Credentials } from './credentials.js';
import { isFolder, unwritable } from './place.js';
import { settingsFile } from './settings.js';

/** What an empty cluster with its first WAL files needs, in bytes; measured 39 MB, and the first tables want room too. */
const roomForNewCluster = 100 * 1024 * 1024;

/** The environment of PostgreSQL's programs: nothing of ours, so that no PGDATA or PGPORT of the user bends them. */
const environment = process.platform === 'win32' ? undefined : { LC_ALL: 'C', PATH: '/usr/bin:/bin' };

/** How PostgreSQL's programs are started: as their account, away from the terminal's process group, with no surroundings of ours. */
export function spawnOptions(account: Account | undefined) {
  return { uid: account?.uid, gid: account?.gid, env: environment, cwd: '/', detached: true } as const;
}

/**
 * Whether the folder holds a cluster that these binaries can run.
 * @returns false when there is no cluster yet.
 * @throws DATA_DIR_NOT_EMPTY, DATA_DIR_OTHER_VERSION
 */
export async function isCluster(cluster: string, binaries: Binaries): Promise<boolean> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    const names = await readdir(cluster).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw unwritable(cluster, error);
    });
    if (names.length === 0) return false;
    throw new AppError(
      'DATA_DIR_NOT_EMPTY',
      `${cluster} is not empty, and it is not a PostgreSQL cluster (it has no PG_VERSION). Nothing was changed.`,
      {
        hint: 'Move it away, or choose another folder with --data-dir.',
      },
    );
  }
  if (Number(version) === binaries.major) return true;
  if (!/^\d+\n?$/.test(version)) {
    const [line = ''] = version.split('\n');
    const found = line ? `says ${JSON.stringify(line.slice(0, 20))}` : 'is empty';
    throw new AppError(
      'SERVER_START_FAILED',
      `${join(cluster, 'PG_VERSION')} ${found}, which is no version of PostgreSQL: the file is damaged. Nothing was changed.`,
      {
        hint: `If the cluster was one of PostgreSQL ${binaries.major}, write the line ${binaries.major} into that file and start again.`,
      },
    );
  }
  throw new AppError(
    'DATA_DIR_OTHER_VERSION',
    `The cluster in ${cluster} belongs to PostgreSQL ${version.trim()}, and the embedded server is PostgreSQL ${binaries.version}. Nothing was changed.`,
    { hint: `Choose another folder with --data-dir, or run a PostgreSQL ${version.trim()} on it and set DATABASE_URL to that.` },
  );
}

/**
 * Makes a new cluster: in a folder beside its place, which is renamed at the end. What an attempt that was broken off left behind is removed.
 * @param isDurable whether it is worth waiting until the disk has it (fsync).
 * @throws DATA_DIR_UNWRITABLE when the disk is full, SERVER_START_FAILED with initdb's words.
 */
export async function initialiseCluster(options: {
  cluster: string;
  binaries: Binaries;
  account: Account | undefined;
  credentials: Credentials;
  isDurable: boolean;
}): Promise<void> {
  const { cluster, account, binaries, credentials } = options;
  const parent = dirname(cluster);
  const prefix = `${basename(cluster)}.initialising-`;
  const draft = join(parent, prefix + randomUUID());
  try {
    for (const name of await readdir(parent)) if (name.startsWith(prefix)) await remove(join(parent, name));
    const { bavail, bsize } = await statfs(parent);
    if (bavail * bsize < roomForNewCluster) throw full(parent, bavail * bsize);
    await mkdir(draft, { mode: 0o700 });
    const password = join(draft, 'password');
    await writeFile(password, `${credentials.postgres}\n`, { mode: 0o600 });
    if (account) for (const path of [password, draft]) await chown(path, account.uid, account.gid);
    const made = join(draft, 'cluster');
    const { code, output } = await run(binaries.initdb, initdbArguments(made, password, options.isDurable), account);
    if (code !== 0) throw initdbFailed(cluster, output);
    await appendFile(join(made, 'postgresql.conf'), `\ninclude_if_exists = '${settingsFile}'\n`);
    if (await isFolder(cluster)) await rm(cluster, { recursive: true });
    await rename(made, cluster);
    if (options.isDurable) await flush(parent);
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(parent, error);
  } finally {
    await remove(draft);
  }
}

/** The builtin provider needs no locale of the system, sorts by code point on every machine, and knows Unicode's upper and lower case. */
function initdbArguments(pgdata: string, password: string, isDurable: boolean): string[] {
  return [
    ...[`--pgdata=${pgdata}`, '--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums', '--no-instructions'],
    ...(isDurable ? [] : ['--no-sync']),
  ];
}

function full(folder: string, free: number): AppError {
  const [has, needs] = [free, roomForNewCluster].map((bytes) => Math.floor(bytes / 1024 / 1024));
  return new AppError(
    'DATA_DIR_UNWRITABLE',
    `The disk that holds ${folder} has ${has} MB free, and a new cluster needs ${needs} MB.`,
    {
      hint: 'Free some space, or choose a folder on another disk with --data-dir.',
    },
  );
}

function initdbFailed(cluster: string, output: string): AppError {
  if (/No space left on device|Disk quota exceeded/.test(output)) return unwritable(cluster, { code: 'ENOSPC' });
  return new AppError(
    'SERVER_START_FAILED',
    `initdb could not make a cluster for ${cluster}. Its last words:\n${lastLines(output)}`,
    {
      hint: 'Mend what it names, or set DATABASE_URL to a PostgreSQL that exists.',
    },
  );
}

/** The last lines of a program's output, indented, for a message. */
export function lastLines(output: string, count = 8): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Files may still come into being in it: an initdb whose parent was killed goes on for a moment. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/**
 * Sets the passwords of all login roles that exist to those given, in single-user mode, which asks for none.
 * The server must not run. For a cluster whose credentials file was lost or exchanged.
 */
export async function resetPasswords(
  cluster: string,
  binaries: Binaries,
  account: Account | undefined,
  credentials: Credentials,
) {
  // Single-user mode takes one statement a line, and event triggers do not fire in it. A statement that fails is told with its text,
  // so that it must not hold a password.
  const statements = embeddedLoginRoles.map(
    (role) =>
      `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN ALTER ROLE ${role} PASSWORD '${scramVerifier(credentials[role])}'; END IF; END $$;\n`,
  );
  const { code, output } = await run(
    binaries.postgres,
    ['--single', '-j', '-D', cluster, 'postgres'],
    account,
    statements.join('\n'),
  );
  if (code === 0 && !/^\S* ?(ERROR|FATAL|PANIC):/m.test(output)) return;
  throw new AppError(
    'SERVER_START_FAILED',
    `The passwords in ${cluster} could not be set anew. Its last words:\n${lastLines(output)}`,
  );
}

/** Runs one of PostgreSQL's programs to its end. */
function run(
  program: string,
  args: string[],
  account: Account | undefined,
  input = '',
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...spawnOptions(account), stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', fail).on('close', (code) => done({ code, output }));
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** PostgreSQL refuses a cluster that others may look into, which a copied folder often is. */
export async function closeToOthers(cluster: string): Promise<void> {
  await chmod(cluster, 0o700);
}
