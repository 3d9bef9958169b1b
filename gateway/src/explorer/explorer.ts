import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from '@bailiwick/kernel/process';
import { bundleExplorer } from './bundle.js';
import type { ExplorerManifest } from './bundle.js';
import { bundlesFolder, hasPageSource, inputsHash } from './inputs.js';

/** Provides the files of the explorer page (GraphiQL). The first use bundles them. */
export interface Explorer {
  /** Returns the files, or undefined if bundling failed. */
  files(): Promise<ExplorerFiles | undefined>;
  /** Bundles the files before the first use. Logs a failure and never rejects. */
  prepare(): Promise<void>;
}

export interface ExplorerFiles {
  readonly folder: URL;
  readonly manifest: ExplorerManifest;
}

/** Creates the explorer. Concurrent callers share one run of the bundler. After a failure, the next call starts a new run. */
export function createExplorer(log: Logger): Explorer {
  let bundling: Promise<ExplorerFiles | undefined> | undefined;

  async function files(): Promise<ExplorerFiles | undefined> {
    bundling ??= findOrBundle();
    const found = await bundling;
    if (found === undefined) bundling = undefined;
    return found;
  }

  async function findOrBundle(): Promise<ExplorerFiles | undefined> {
    try {
      return built() ?? opened(await bundleExplorer());
    } catch (error) {
      log.error({ err: error }, 'the explorer could not be bundled; run npm run build:explorer -w gateway to see why');
      return undefined;
    }
  }

  return {
    files,
    async prepare() {
      await files();
    },
  };
}

/**
 * Finds files that are bundled already. If the page's source is present, the files must match its hash. An installation of the built JavaScript has no
 * source, so it uses the last build.
 */
function built(): ExplorerFiles | undefined {
  const currentFile = new URL('current', bundlesFolder);
  const name = hasPageSource() ? inputsHash() : existsSync(currentFile) ? readFileSync(currentFile, 'utf8').trim() : undefined;
  return name !== undefined && existsSync(new URL(`${name}/manifest.json`, bundlesFolder)) ? opened(name) : undefined;
}

function opened(name: string): ExplorerFiles {
  const folder = new URL(`${name}/`, bundlesFolder);
  return { folder, manifest: JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as ExplorerManifest };
}
