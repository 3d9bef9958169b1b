import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BuildOptions, Metafile } from 'esbuild';
import { bundlesFolder, inputsHash, pageFolder } from './inputs.js';

/** The files of the explorer. Each file name contains a hash of the file's content. */
export interface ExplorerManifest {
  script: string;
  style: string;
  workers: Record<'editor' | 'graphql' | 'json', string>;
  /** All files, including the ones above. Each is in the manifest's folder twice: plain and compressed (.gz). */
  files: string[];
}

const shared = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  metafile: true,
  logLevel: 'silent',
  legalComments: 'linked',
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;

const workers = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
};

/**
 * Bundles the explorer into a new folder below gateway/dist/explorer. Returns the folder's name, which is the hash of the inputs. Several processes may
 * bundle at the same time: each writes into a temporary folder, and the last rename wins. Throws esbuild's errors.
 */
export async function bundleExplorer(): Promise<string> {
  const hash = inputsHash();
  const parent = fileURLToPath(bundlesFolder);
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, '.building-'));
  try {
    const manifest = await bundleInto(outdir);
    writeFileSync(join(outdir, 'manifest.json'), JSON.stringify(manifest, null, 2));
    rmSync(join(parent, hash), { recursive: true, force: true });
    renameSync(outdir, join(parent, hash));
  } catch (error) {
    rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(join(parent, 'current.new'), hash);
  renameSync(join(parent, 'current.new'), join(parent, 'current'));
  return hash;
}

async function bundleInto(outdir: string): Promise<ExplorerManifest> {
  // Imported here, because a gateway with a built explorer does not need esbuild.
  const { build } = await import('esbuild');
  const page = await build({
    ...shared,
    outdir,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    jsx: 'automatic',
    loader: { '.ttf': 'file' },
    entryPoints: { explorer: fileURLToPath(new URL('explorer.tsx', pageFolder)) },
  });
  // Workers are built apart from the page, because a worker can't load the page's chunks.
  const worker = await build({ ...shared, outdir, absWorkingDir: fileURLToPath(pageFolder), entryPoints: prefixed(workers) });
  const entry = Object.entries(page.metafile.outputs).find(([, output]) => output.entryPoint?.endsWith('explorer.tsx'));
  if (entry?.[1].cssBundle === undefined) throw new Error('The explorer was bundled without a style sheet.');
  const files = readdirSync(outdir);
  for (const file of files) writeFileSync(join(outdir, `${file}.gz`), gzipSync(readFileSync(join(outdir, file))));
  return {
    script: basename(entry[0]),
    style: basename(entry[1].cssBundle),
    workers: {
      editor: outputOf(worker.metafile, 'editor'),
      graphql: outputOf(worker.metafile, 'graphql'),
      json: outputOf(worker.metafile, 'json'),
    },
    files,
  };
}

function prefixed(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, file]) => [`${name}.worker`, file]));
}

function outputOf(metafile: Metafile, name: string): string {
  const file = Object.keys(metafile.outputs)
    .map((path) => basename(path))
    .find((path) => path.startsWith(`${name}.worker-`) && path.endsWith('.js'));
  if (file === undefined) throw new Error(`The worker ${name} was not bundled.`);
  return file;
}
