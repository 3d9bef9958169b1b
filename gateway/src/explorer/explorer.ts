import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from '@bailiwick/kernel/process';
import { bundleExplorer } from './bundle.js';
import type { ExplorerManifest } from './bundle.js';
import { bundlesFolder, hasPageSource, inputsHash } from './inputs.js';

/** The explorer's files, made when they are first needed. */
export interface Explorer {
  /** The files with the folder they lie in; undefined when they can not be made. */
  files(): Promise<ExplorerFiles | undefined>;
  /** Makes the files ready ahead of the first need. Logs a failure and never rejects. */
  prepare(): Promise<void>;
}

export interface ExplorerFiles {
  readonly folder: URL;
  readonly manifest: ExplorerManifest;
}

/** Bundles at most once at a time. After a failure, the next need tries again. */
export function createExplorer(log: Logger): Explorer {
  let underWay: Promise<ExplorerFiles | undefined> | undefined;

  async function files(): Promise<ExplorerFiles | undefined> {
    underWay ??= findOrBundle();
    const found = await underWay;
    if (found === undefined) underWay = undefined;
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

/** From source, only what was made from that very source will do. An installation of the built JavaScript has what its build left. */
function built(): ExplorerFiles | undefined {
  const currentFile = new URL('current', bundlesFolder);
  const name = hasPageSource() ? inputsHash() : existsSync(currentFile) ? readFileSync(currentFile, 'utf8').trim() : undefined;
  return name !== undefined && existsSync(new URL(`${name}/manifest.json`, bundlesFolder)) ? opened(name) : undefined;
}

function opened(name: string): ExplorerFiles {
  const folder = new URL(`${name}/`, bundlesFolder);
  return { folder, manifest: JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as ExplorerManifest };
}
