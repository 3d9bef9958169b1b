import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * How Node is told to run a program of the project.
 * @param source its main file, from the project's root, as in `drizzle/src/main.ts`.
 * @returns the arguments for Node: the bundle that globalSetup.ts made of it, or its source where no run of the tests is on.
 */
export function nodeArguments(source: string): string[] {
  const bundles = process.env.JEST_TEST_BUNDLES;
  if (bundles) return ['--enable-source-maps', join(bundles, source.replace(/\.ts$/, '.mjs'))];
  return ['--conditions=bailiwick-source', '--import', 'tsx', join(root, source)];
}
