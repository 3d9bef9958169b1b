import { readFile } from 'node:fs/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Command } from 'commander';
import { approveStatement, statementsToApprove } from '../guard/approve.js';
import type { Approval } from '../guard/approve.js';
import { openDatabase } from '../operator.js';
import { placeOf, withSession } from '../setup/connect.js';
import { printResult, tellStep, wholeNumber } from './output.js';

interface ApproveFlags {
  statement?: string;
  file?: string;
  because: string;
  confirm?: string;
  minutes: string;
  json?: boolean;
  dataDir?: string;
}

/** `db approve`: lets exactly one statement, or those of one file, past the guard, once and within the hour. */
export function registerApprove(program: Command): void {
  program
    .command('approve')
    .description('let exactly this statement, or those of a file, past the guard: once, and within the hour')
    .option('--statement <sql>', 'the statement, character by character as it will be sent')
    .option('--file <file>', 'an SQL file; each of its statements that may lose something is approved')
    .requiredOption('--because <reason>', 'why; it is kept with the approval')
    .option('--confirm <database>', 'the name of the database, typed back')
    .option('--minutes <number>', 'how long the approval is valid, 60 at the most', '60')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async ({ statement, file, because, confirm, minutes, json, dataDir }: ApproveFlags) => {
      const valid = wholeNumber('--minutes', minutes, 1, 60);
      if (because.trim() === '') {
        throw new AppError('BAD_USER_INPUT', '--because got no reason.', { hint: 'Say why, for whoever looks at it later.' });
      }
      const statements = await readStatements(statement, file);
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        refuseUnconfirmed(database, `${host}:${port}`, confirm);
        tellStep(`Approving ${statements.length} statements for database ${database} on ${host}:${port}, because: ${because}`);
        const approvals = await withSession(open.operatorUrl, 'approve', async (client) => {
          const made: Approval[] = [];
          await client.query('begin');
          for (const one of statements) made.push(await approveStatement(client, one, because, valid));
          await client.query('commit');
          return made;
        });
        printResult(json, { host, port, database, approvals }, approvals.map(describe).join('\n'));
      } finally {
        await open.close();
      }
    });
}

async function readStatements(statement: string | undefined, file: string | undefined): Promise<string[]> {
  if ((statement === undefined) === (file === undefined)) {
    throw new AppError('BAD_USER_INPUT', 'approve needs either --statement or --file.', { hint: 'Give one of the two.' });
  }
  if (statement !== undefined) {
    if (statement.trim() !== '') return [statement];
    throw new AppError('BAD_USER_INPUT', '--statement got no text.', { hint: 'Give the statement that was refused.' });
  }
  const path = file ?? '';
  try {
    return statementsToApprove(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('BAD_USER_INPUT', `${path} can not be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`, {
      hint: 'Name a file that exists.',
      cause: error,
    });
  }
}

function refuseUnconfirmed(database: string, place: string, confirm: string | undefined): void {
  if (confirm === database) return;
  throw new AppError(
    'CONFIRMATION_MISSING',
    confirm === undefined
      ? `This approves a loss in database ${database} on ${place}, and its name was not typed back. Nothing was changed.`
      : `--confirm got "${confirm}", but the database is ${database} on ${place}. Nothing was changed.`,
    { hint: `If this is the one, add --confirm ${database}.` },
  );
}

function describe({ statement, expiresAt }: Approval): string {
  return `Approved once, until ${expiresAt.toISOString()}: ${statement.replace(/\s+/g, ' ').slice(0, 100)}`;
}
