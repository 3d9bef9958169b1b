import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const here = new URL('./', import.meta.url);
export const root = new URL('../../../', here);

/** The bench's own servers, by what they serve. */
export const programs = {
  limit: 'limit/main.ts',
  stockGateway: 'stockGateway.ts',
  rememberingSubgraph: 'rememberingSubgraph.ts',
} as const;

/** Where a program stands once it is compiled. */
export const compiled = (name: keyof typeof programs): URL => new URL(`dist/${name}.js`, here);

/**
 * Compiles the product as its image does, and the bench's servers likewise: what is measured is what is deployed. A loader that compiles while it runs
 * would also give every inner function its name at run time, which costs.
 */
export async function compile(): Promise<void> {
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  await run(process.execPath, [tsc, '--build', 'tsconfig.build.json'], { cwd: fileURLToPath(root) }).catch((error: unknown) => {
    throw new Error(`The product does not compile:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
  });
  await build({
    entryPoints: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, fileURLToPath(new URL(file, here))])),
    outdir: fileURLToPath(new URL('dist/', here)),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
}
