import { runProcess } from '@bailiwick/kernel/process';
import { parseOptions } from './options.js';
import { startSystem } from './system.js';
import { welcome } from './welcome.js';

/** `npm start`: everything, until it is told to end. */
export async function run(): Promise<void> {
  await runProcess(async () => {
    const system = await startSystem(parseOptions(process.argv.slice(2)), (sentence) => process.stdout.write(`${sentence}\n`));
    process.stdout.write(welcome(system));
    return system;
  });
}
