import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Finds the files that import each other in a circle, imports of types included. Returns each circle as the paths along it; a circle that shares
 * all its files with others may be told once only.
 * TypeScript itself reads the imports, because the tools for this bring a second TypeScript (dpdm), refuse version 6 (madge), or pass over types
 * (eslint-plugin-import-x).
 */
export function importCircles(files: readonly string[]): string[][] {
  const imports = new Map(files.map((file) => [file, new Set(importsOf(file))]));
  const circles: string[][] = [];
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): void {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
  return circles;
}

/** The files of the same workspace that a file imports. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(file), fileName).replace(/\.js$/, '.ts'));
}
