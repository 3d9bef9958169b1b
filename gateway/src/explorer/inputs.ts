import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The folder of the page's source. It is absent if only the built JavaScript is installed. */
export const pageFolder = new URL('../../src/explorer/page/', import.meta.url);
/** The folder of bundles. It has one folder for each hash of the inputs, and the file `current` with the name of the last one. */
export const bundlesFolder = new URL('../../dist/explorer/', import.meta.url);

/** The packages that are bundled, or that bundle. */
const packages = [
  'graphiql',
  '@graphiql/react',
  '@graphiql/toolkit',
  'monaco-editor',
  'monaco-graphql',
  'graphql',
  'react',
  'react-dom',
  'esbuild',
];

export function hasPageSource(): boolean {
  return existsSync(pageFolder);
}

/** Returns a short hash of the bundle's inputs: the page's source, the bundling code and the package versions. */
export function inputsHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(pageFolder).sort()) hash.update(`${file}\n`).update(readFileSync(new URL(file, pageFolder)));
  hash.update(readFileSync(new URL('../bundle.ts', pageFolder)));
  for (const name of packages) hash.update(`${name}@${versionOf(name)}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Reads the version from the package's folder, because not every package exports its package.json. */
function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => `${folder}/${name}/package.json`).find((candidate) => existsSync(candidate));
  return file === undefined ? 'absent' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
