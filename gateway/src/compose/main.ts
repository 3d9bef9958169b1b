import { AppError } from '@bailiwick/kernel/errors';
import { runCompose } from './run.js';

try {
  process.stdout.write(`${runCompose(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n${error.hint ?? ''}\n`);
  process.exitCode = error.exitCode;
}
