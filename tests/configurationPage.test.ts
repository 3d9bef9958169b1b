import { readFile } from 'node:fs/promises';
import { knownKeys } from '@bailiwick/kernel/process';

test('docs/configuration.md describes every setting, and no other', async () => {
  const text = await readFile(new URL('../docs/configuration.md', import.meta.url), 'utf8');
  // A row describes what its first cell names.
  const described = [...text.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) => cell!.match(/BAILIWICK_[A-Z_]+/g) ?? []);
  expect([...new Set(described)].sort()).toEqual([...knownKeys].sort());
});
