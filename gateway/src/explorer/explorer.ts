import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from '@bailiwick/kernel/process';
import { bundleExplorer } from './bundle.js';
import type { ExplorerManifest } from './bundle.js';
import { bundlesFolder, hasPageSource, inputsHash } from './inputs.js';

/** The files of the explorer. They are bundled at the first use. */
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

/** Creates the explorer. Concurrent callers share one bundling. After a failure, the next call bundles again. */
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
 * Finds existing files. With the page's source, only files of exactly that source count. Without it, which is so in an installation of the
 * built JavaScript, the files of the last build count.
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
