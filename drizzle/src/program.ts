import { debuglog } from 'node:util';
import { AppError, findAppError } from '@bailiwick/kernel/errors';
import { Command, CommanderError } from 'commander';
import { AlreadyTold } from './commands/output.js';
import { brokenConnection } from './setup/connect.js';

/** Each verb is a room of its own, and loads alone: a backup need not wait until the parser of PostgreSQL is loaded. In the order of the help. */
const verbs: Readonly<Record<string, (program: Command) => Promise<void>>> = {
  init: async (program) => (await import('./commands/init.js')).registerInit(program),
  check: async (program) => (await import('./commands/check.js')).registerCheck(program),
  plan: async (program) => (await import('./commands/plan.js')).registerPlan(program),
  migrate: async (program) => (await import('./commands/migrate.js')).registerMigrate(program),
  status: async (program) => (await import('./commands/status.js')).registerStatus(program),
  import: async (program) => (await import('./commands/import.js')).registerImport(program),
  export: async (program) => (await import('./commands/export.js')).registerExport(program),
  approve: async (program) => (await import('./commands/approve.js')).registerApprove(program),
  backup: async (program) => (await import('./commands/backup.js')).registerBackup(program),
  verify: async (program) => (await import('./commands/verify.js')).registerVerify(program),
  restore: async (program) => (await import('./commands/restore.js')).registerRestore(program),
  schedule: async (program) => (await import('./commands/schedule.js')).registerSchedule(program),
  owners: async (program) => (await import('./commands/owners.js')).registerOwners(program),
  recover: async (program) => (await import('./commands/recover.js')).registerRecover(program),
  drill: async (program) => (await import('./commands/drill.js')).registerDrill(program),
};

/**
 * The db command.
 * @param verb the only one that is wanted. With anything else, all of them.
 */
export async function createProgram(verb?: string): Promise<Command> {
  const program = new Command('db')
    .description("The database's life. Exit codes: 0 done, 1 failed, 2 refused, 3 bad input.")
    .exitOverride()
    .showHelpAfterError('(npm run db -- --help lists the verbs and their options)');
  const one = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  for (const register of one ? [one] : Object.values(verbs)) await register(program);
  return program;
}

/**
 * Runs one verb.
 * @param args what stands after `npm run db --`.
 * @returns the exit code: 0 done, 1 failed, 2 refused, 3 bad input. What is wrong is told on standard error.
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args[0]);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already told the user what is wrong with the line that was typed.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (error instanceof AlreadyTold) return error.exitCode;
    const known = findAppError(error) ?? brokenConnection(error) ?? fault(error);
    const { code, message, hint, step } = known;
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code, message, hint, step } }, null, 2)}\n`);
    process.stderr.write(`${code}: ${message}\n${hint ? `Hint: ${hint}\n` : ''}${step ? `Step: ${step}.\n` : ''}`);
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
