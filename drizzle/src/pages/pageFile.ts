import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '@bailiwick/kernel/errors';
import { firstDifference } from './markdown.js';

/**
 * Writes a page whole or not at all.
 * @throws BAD_USER_INPUT when it can't be written.
 */
export async function writePage(path: string, page: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    await writeFile(draft, page, { flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'its folder does not exist',
      EACCES: 'permission denied',
      EISDIR: 'it is a folder',
    };
    throw new AppError('BAD_USER_INPUT', `${path} can not be written: ${reasons[code] ?? code}.`, {
      hint: 'Name a file in a folder that exists and may be written.',
      cause: error,
    });
  }
}

/**
 * Holds a page against what it would be now.
 * @param remedy the command that makes it anew.
 * @param source what it is made of, in words.
 * @throws PAGE_STALE naming the first line that differs, and by how many the page does.
 */
export async function refuseStalePage(path: string, page: string, remedy: string, source: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  const hint = `Make it anew with ${remedy}, and look at what has changed.`;
  if (found === undefined) throw new AppError('PAGE_STALE', `${path} is not there.`, { hint });
  const difference = firstDifference(found, page);
  if (!difference) return;
  const { line, was, is, count } = difference;
  const others = count > 1 ? ` ${count - 1} more ${count === 2 ? 'line differs' : 'lines differ'}.` : '';
  throw new AppError(
    'PAGE_STALE',
    `${path} is not as ${source} is. Line ${line} says ${quoted(was)}, and should be ${quoted(is)}.${others}`,
    {
      hint,
    },
  );
}

const quoted = (text: string | undefined): string =>
  text === undefined ? 'nothing' : `“${text.length > 160 ? `${text.slice(0, 160)}…` : text}”`;
