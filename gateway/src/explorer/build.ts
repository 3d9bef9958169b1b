import { fileURLToPath } from 'node:url';
import { bundleExplorer } from './bundle.js';
import { bundlesFolder } from './inputs.js';

try {
  const name = await bundleExplorer();
  process.stdout.write(`Bundled the explorer into ${fileURLToPath(new URL(`${name}/`, bundlesFolder))}\n`);
} catch (error) {
  process.stderr.write(
    `The explorer could not be bundled: ${(error as Error).message}\nInstall the packages of the workspace gateway: npm ci\n`,
  );
  process.exitCode = 1;
}
