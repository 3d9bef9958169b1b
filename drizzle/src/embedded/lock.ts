import { randomUUID } from 'node:crypto';
import { copyFile, constants, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { AppError } from '@bailiwick/kernel/errors';
import { until } from './deadline.js';
import { identityOf, stateOf } from './processIdentity.js';
import type { ProcessIdentity } from './processIdentity.js';

interface LockContent {
  readonly token: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly owner: ProcessIdentity;
}

export interface Lock {
  /** Gives the lock back. Does nothing if somebody else holds it by now. */
  release(): Promise<void>;
}

/** How often the owner shows that it lives, and how long its silence must last before another world takes over. Milliseconds. */
const heartbeat = 2_000;
const silence = 10_000;

/** The token of a lock file whose own can't be read. */
const unreadable = 'unreadable';
/** It becomes a part of a file's name. */
const tokenForm = /^[\w-]+$/;

/**
 * Takes the lock file, or refuses. The lock of a process that has ended is taken over, by exactly one of those who try at the same
 * time: whoever holds the claim `<path>.<token of the ended>`, itself a lock of this kind, is alone allowed to replace that lock.
 * @param path the lock file; its folder exists.
 * @param what what the lock stands for, as the beginning of the refusal: `The data directory /x/y`.
 * @throws DATA_DIR_IN_USE naming the holder's pid and since when it holds the lock.
 */
export async function takeLock(path: string, what: string): Promise<Lock> {
  const content: LockContent = { token: randomUUID(), since: new Date().toISOString(), owner: identityOf() };
  const draft = `${path}.${content.token}.draft`;
  try {
    await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await take(path, draft, what);
  } finally {
    await rm(draft, { force: true });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), heartbeat);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await readLock(path))?.token === content.token) await rm(path, { force: true });
    },
  };
}

async function take(path: string, draft: string, what: string): Promise<void> {
  for (;;) {
    if (await placeNew(draft, path)) return;
    const holder = await readLock(path);
    if (!holder) continue;
    if (await isHeld(path, holder)) throw inUse(path, what, (await readLock(path)) ?? holder);
    const claim = `${path}.${holder.token}`;
    await take(claim, draft, what);
    try {
      // Somebody may have taken over, and given up the claim, before we got it.
      if ((await readLock(path))?.token !== holder.token) continue;
      const copy = `${draft}.copy`;
      await copyFile(draft, copy);
      await rename(copy, path);
      return;
    } finally {
      await rm(claim, { force: true });
    }
  }
}

function inUse(path: string, what: string, { token, owner, since }: LockContent): AppError {
  const who = owner.pid === process.pid ? 'this process' : 'another process';
  const holder =
    token === unreadable
      ? `another process, which gives signs of life; who it is can not be read in ${path}, whose content is damaged`
      : `${who}, pid ${owner.pid}, since ${since}`;
  return new AppError('DATA_DIR_IN_USE', `${what} is in use by ${holder}.`, {
    hint: `Stop that process, or choose another folder with --data-dir.`,
  });
}

/**
 * Puts a file in place with its whole content at once, only where there is none yet.
 * @returns false when there is one already.
 */
export async function placeNew(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
  }
  // A file system without hard links.
  try {
    await copyFile(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<LockContent | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const content = JSON.parse(text) as LockContent;
    if (tokenForm.test(content.token) && Number.isInteger(content.owner.pid) && content.owner.world) return content;
  } catch {
    // Torn by a power cut, or damaged: a lock is never half-written otherwise.
  }
  return { token: unreadable, since: 'an unknown time', owner: { pid: 0, world: '' } };
}

/** Where the lock does not tell whether its owner lives, its silence does: a damaged lock may be one of a server that runs. */
async function isHeld(path: string, holder: LockContent): Promise<boolean> {
  const state = holder.token === unreadable ? 'unknown' : stateOf(holder.owner);
  if (state !== 'unknown') return state === 'running';
  const modified = async () => (await stat(path).catch(() => undefined))?.mtimeMs;
  const before = await modified();
  return (await until(async () => (await modified()) !== before, silence)) === true;
}
