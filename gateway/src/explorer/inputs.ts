import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Where the page's own source lies; absent where only the built JavaScript was installed. */
export const pageFolder = new URL('../../src/explorer/page/', import.meta.url);
/** One folder for each state of the inputs, and `current`, which names the one that was built last. */
export const bundlesFolder = new URL('../../dist/explorer/', import.meta.url);

/** Packages whose code is in the bundle, or makes it. */
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

/** A short hash of everything that the bundle is made from: the page's source, how it is bundled, and the versions of the packages. */
export function inputsHash(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(pageFolder).sort()) hash.update(`${file}\n`).update(readFileSync(new URL(file, pageFolder)));
  hash.update(readFileSync(new URL('../bundle.ts', pageFolder)));
  for (const name of packages) hash.update(`${name}@${versionOf(name)}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Read from the package's own folder, because not every package lets its package.json be imported. */
function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => `${folder}/${name}/package.json`).find((candidate) => existsSync(candidate));
  return file === undefined ? 'absent' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
