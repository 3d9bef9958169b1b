import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

declare global {
  var testServer: ChildProcess | undefined;
}

/** Every program that a test starts as a process of its own. */
const programs = [
  'drizzle/src/main.ts',
  'drizzle/tests/archiveOwner.ts',
  'drizzle/tests/embeddedOwner.ts',
  'gateway/src/main.ts',
  'start/src/main.ts',
  'subgraphs/audit/src/main.ts',
  'subgraphs/case-management/src/main.ts',
  'subgraphs/shared/src/main.ts',
];

/**
 * Starts the server of this run in a process of its own, and does not wait for it: createTestDatabase does. Bundles the programs that
 * tests start. Jest loads this file as CommonJS and without the workspaces' paths, so it imports none of the project's modules.
 */
export default async function startTestServer({ rootDir }: { rootDir: string }): Promise<void> {
  const runFile = join(mkdtempSync(join(tmpdir(), 'bailiwick-tests-')), 'run.json');
  // The bundles import packages, so they must lie below node_modules.
  const cache = join(rootDir, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const bundles = mkdtempSync(join(cache, 'bailiwick-tests-'));
  // Some tests run a program as another user.
  chmodSync(bundles, 0o755);
  const script = join(rootDir, 'tests/support/testServer.ts');
  const nodeOptions = ['--conditions=bailiwick-source', '--import', 'tsx'];
  globalThis.testServer = spawn(process.execPath, [...nodeOptions, script, runFile, bundles], {
    cwd: rootDir,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  await build({
    absWorkingDir: rootDir,
    entryPoints: programs,
    outbase: rootDir,
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    conditions: ['bailiwick-source'],
    plugins: [packagesStayOutside, modulesKeepTheirUrl],
  });
  process.env.JEST_TEST_RUN_FILE = runFile;
  process.env.JEST_TEST_BUNDLES = bundles;
}

/** Packages run as npm installed them. Only the project's own workspaces are bundled. */
const packagesStayOutside: Plugin = {
  name: 'packages stay outside',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@bailiwick/') ? undefined : { path, external: true },
    );
  },
};

/** Modules find files of the project from their own place, so each keeps the URL of its source. */
const modulesKeepTheirUrl: Plugin = {
  name: 'modules keep their URL',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};
