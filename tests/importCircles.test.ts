import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCircles } from './support/importCircles.js';
import { allWorkspaces, sourceFiles } from './support/sourceFiles.js';

const project = fileURLToPath(new URL('..', import.meta.url));

// drizzle still has circles. An import of a type closes each.
const workspaces = allWorkspaces().filter((workspace) => workspace !== 'drizzle');

test.each(workspaces)('no files of %s import each other in a circle', (workspace) => {
  const circles = importCircles(sourceFiles([workspace]));
  expect(circles.map((circle) => circle.map((file) => relative(project, file)).join(' -> '))).toEqual([]);
});

test('a circle is found, over several files and by a type alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-circles-'));
  const [a, b, c, d] = ['a.ts', 'b.ts', 'c.ts', 'd.ts'].map((name) => join(folder, name)) as [string, string, string, string];
  try {
    writeFileSync(a, `import { b } from './b.js';\nexport const a = b;\nexport type A = string;\n`);
    writeFileSync(b, `export { c as b } from './c.js';\n`);
    writeFileSync(c, `import type { A } from './a.js';\nexport const c: A = '';\n`);
    writeFileSync(d, `import { a } from './a.js';\nexport const d = a;\n`);
    expect(importCircles([d, a, b, c])).toEqual([[a, b, c, a]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
