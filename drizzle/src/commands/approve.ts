import { readFile } from 'node:fs/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Command } from 'commander';
import { approveStatement, statementsToApprove } from '../guard/approve.js';
import type { Approval } from '../guard/approve.js';
import { withPending } from '../migrate/pending.js';
import { openDatabase } from '../operator.js';
import type { OpenDatabase } from '../operator.js';
import { approveMigration } from '../plan/approvals.js';
import type { MigrationApproval } from '../plan/approvals.js';
import { describeLoss } from '../plan/losses.js';
import { planMigrations } from '../plan/planMigrations.js';
import { placeOf, withSession } from '../setup/connect.js';
import { printResult, tellStep, wholeNumber } from './output.js';

interface ApproveFlags {
  statement?: string;
  file?: string;
  migration?: string;
  because: string;
  confirm?: string;
  minutes: string;
  json?: boolean;
  dataDir?: string;
}

/** `db approve`: lets exactly one statement, those of one file, or one migration past the guard, once and within the hour. */
export function registerApprove(program: Command): void {
  program
    .command('approve')
    .description('let exactly this statement, those of a file, or one migration past the guard: once, and within the hour')
    .option('--statement <sql>', 'the statement, character by character as it will be sent')
    .option('--file <file>', 'an SQL file; each of its statements that may lose something is approved')
    .option('--migration <name>', 'a pending migration; it is rehearsed, and what it would lose is said and approved')
    .requiredOption('--because <reason>', 'why; it is kept with the approval')
    .option('--confirm <database>', 'the name of the database, typed back')
    .option('--minutes <number>', 'how long the approval is valid, 60 at the most', '60')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async ({ statement, file, migration, because, confirm, minutes, json, dataDir }: ApproveFlags) => {
      const valid = wholeNumber('--minutes', minutes, 1, 60);
      if (because.trim() === '') {
        throw new AppError('BAD_USER_INPUT', '--because got no reason.', { hint: 'Say why, for whoever looks at it later.' });
      }
      const statements = await readStatements(statement, file, migration);
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        refuseUnconfirmed(database, `${host}:${port}`, confirm);
        if (migration !== undefined) {
          const { approval, losses } = await approvePlanned(open, migration, because, valid);
          const text = `Approved once, until ${approval.expiresAt.toISOString()}: ${migration} may take away ${losses.join('; ')}. Next: npm run db -- migrate`;
          printResult(json, { host, port, database, migration, approval, losses }, text);
          return;
        }
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

/** Rehearses what is pending, and approves what one of the files would lose, as its content is now. */
async function approvePlanned(
  open: OpenDatabase,
  named: string,
  because: string,
  minutes: number,
): Promise<{ approval: MigrationApproval; losses: string[] }> {
  const name = named.replace(/\.sql$/, '');
  return withPending({ ...open, onStep: tellStep }, 'approve', async ({ pending }) => {
    const file = pending.find((one) => one.name === name);
    if (!file) {
      throw new AppError('BAD_USER_INPUT', `${name} is not a pending migration.`, {
        hint: `Pending: ${pending.map((one) => one.name).join(', ') || 'nothing'}.`,
      });
    }
    tellStep(`Rehearsing ${name} to see what is approved.`);
    // What comes before it may make what it takes away.
    const plan = await planMigrations(
      pending.filter(({ number }) => number <= file.number),
      { ...open, onStep: tellStep },
    );
    const planned = plan.find((one) => one.name === name);
    if (!planned || planned.losses.length === 0) {
      throw new AppError('BAD_USER_INPUT', `${name} would lose nothing, so there is nothing to approve.`, {
        hint: 'Apply it with: npm run db -- migrate',
      });
    }
    const losses = planned.losses.map(describeLoss);
    for (const loss of losses) tellStep(`It would take away ${loss}.`);
    const approval = await withSession(open.operatorUrl, 'approve', async (client) =>
      approveMigration(client, file, planned.refusedStatements, because, minutes),
    );
    return { approval, losses };
  });
}

async function readStatements(
  statement: string | undefined,
  file: string | undefined,
  migration: string | undefined,
): Promise<string[]> {
  if ([statement, file, migration].filter((one) => one !== undefined).length !== 1) {
    throw new AppError('BAD_USER_INPUT', 'approve needs either --statement, --file or --migration.', {
      hint: 'Give one of them.',
    });
  }
  if (migration !== undefined) return [];
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
