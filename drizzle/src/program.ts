import { debuglog } from 'node:util';
import { AppError, findAppError } from '@bailiwick/kernel/errors';
import { Command, CommanderError } from 'commander';
import { registerBackup } from './commands/backup.js';
import { registerApprove } from './commands/approve.js';
import { registerCheck } from './commands/check.js';
import { registerImport } from './commands/import.js';
import { registerInit } from './commands/init.js';
import { registerMigrate } from './commands/migrate.js';
import { AlreadyTold } from './commands/output.js';
import { registerRestore } from './commands/restore.js';
import { registerStatus } from './commands/status.js';
import { registerVerify } from './commands/verify.js';

/** The db command with all its verbs. */
export function createProgram(): Command {
  const program = new Command('db')
    .description("The database's life. Exit codes: 0 done, 1 failed, 2 refused, 3 bad input.")
    .exitOverride()
    .showHelpAfterError('(npm run db -- --help lists the verbs and their options)');
  registerInit(program);
  registerCheck(program);
  registerMigrate(program);
  registerStatus(program);
  registerImport(program);
  registerApprove(program);
  registerBackup(program);
  registerVerify(program);
  registerRestore(program);
  return program;
}

/**
 * Runs one verb.
 * @param args what stands after `npm run db --`.
 * @returns the exit code: 0 done, 1 failed, 2 refused, 3 bad input. What is wrong is told on standard error.
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already told the user what is wrong with the line that was typed.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (error instanceof AlreadyTold) return error.exitCode;
    const known = findAppError(error) ?? fault(error);
    const { code, message, hint } = known;
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
    process.stderr.write(`${code}: ${message}\n${hint ? `Hint: ${hint}\n` : ''}`);
    return known.exitCode;
  }
}

function fault(error: unknown): AppError {
  debuglog('bailiwick')('%O', error);
  const { message } = error as Error;
  return new AppError('INTERNAL', `This should not have happened: ${message}`, {
    hint: 'Run it again with NODE_DEBUG=bailiwick to see where it comes from, and report it.',
    cause: error,
  });
}
