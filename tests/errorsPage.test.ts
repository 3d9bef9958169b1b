import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { AppError, causesOf, errorCatalogue, findAppError } from '@bailiwick/kernel/errors';
import type { ErrorCode } from '@bailiwick/kernel/errors';
import { sourceFiles } from './support/sourceFiles.js';

/** The codes of the page with what it says about them, in its order. */
async function page(): Promise<Record<string, { status: number; exit: number; means: string }>> {
  const text = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const lines = [...text.matchAll(/^\| `(\w+)` +\| +(\d+) +\| +(\d) +\| +(.+?) +\|$/gm)];
  return Object.fromEntries(
    lines.map(([, code, status, exit, means]) => [code!, { status: Number(status), exit: Number(exit), means: means! }]),
  );
}

test('docs/errors.md lists every code of the catalogue with its status, exit code and meaning, and no other', async () => {
  expect(await page()).toEqual(errorCatalogue);
});

test('every code of the catalogue is used in the sources', () => {
  // A list of codes, such as that of the user errors, throws nothing.
  const sources = sourceFiles()
    .filter((file) => !file.endsWith('errors/catalogue.ts'))
    .map((file) => readFileSync(file, 'utf8').replaceAll(/new Set<ErrorCode>\(\[[^\]]*\]\)/g, ''));
  const unused = Object.keys(errorCatalogue).filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
  expect(unused).toEqual([]);
});

test.each(Object.entries(errorCatalogue))('%s has a status, an exit code and a sentence', (code, { status, exit, means }) => {
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expect(status >= 400 && status < 600).toBe(true);
  expect([1, 2, 3]).toContain(exit);
  expect(means).toMatch(/^[A-Z].+\.$/);
});

test('an AppError has the status and the exit code of its code', () => {
  for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
    const error = new AppError(code, 'It happened.', { hint: 'Do that.', field: 'input.x' });
    expect(error).toMatchObject({
      code,
      status: errorCatalogue[code].status,
      exitCode: errorCatalogue[code].exit,
      hint: 'Do that.',
      field: 'input.x',
    });
  }
});

test('an AppError is found among the causes of an error, whoever wrapped it, and a circle of causes ends', () => {
  const inner = new AppError('CONFLICT', 'Taken.');
  expect(findAppError(new Error('outer', { cause: Object.assign(new Error('graphql'), { originalError: inner }) }))).toBe(inner);
  expect(findAppError(new Error('another'))).toBeUndefined();
  expect(findAppError('a text')).toBeUndefined();
  const circle = new Error('circle');
  circle.cause = circle;
  expect(causesOf(circle)).toHaveLength(10);
});
