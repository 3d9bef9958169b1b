import { AppError } from '@bailiwick/kernel/errors';
import type pg from 'pg';
import { withSession } from '../setup/connect.js';
import { insertTables } from './insert.js';
import type { TableRows } from './rows.js';
import { makeSampleData, sampleCounts } from './sampleData.js';
import { samplePeople, type SamplePerson } from './samplePeople.js';

export { sampleCounts, samplePeople, type SamplePerson };

export interface SampleOptions {
  /** A superuser's connection to a migrated database. */
  operatorUrl: string;
  /** Is told what is about to be done, one full sentence at a time. */
  onStep?: (sentence: string) => void;
}

export interface SampleResult {
  /** False where the database held org units or people already: nothing was changed then. */
  filled: boolean;
  people: readonly SamplePerson[];
}

/** Beside the two keys of the schema guard (6118511, 6118512). */
const sampleLockKey = 6118513;

/**
 * Fills an empty database with the sample data, in one transaction: all of it or nothing. Two calls at once fill once.
 * @throws AppError DATABASE_UNREACHABLE, PRIVILEGE_MISSING, and MIGRATION_MISSING for a database that has no tables yet.
 */
export async function fillWithSampleData({ operatorUrl, onStep = () => undefined }: SampleOptions): Promise<SampleResult> {
  return withSession(operatorUrl, 'sample data', async (client) => {
    try {
      await client.query('begin');
      const filled = await fillIfEmpty(client, onStep);
      await client.query('commit');
      return { filled, people: samplePeople };
    } catch (error) {
      // The connection may be the very thing that failed; what counts is the error that came first.
      await client.query('rollback').catch(() => undefined);
      throw expectedError(error) ?? error;
    }
  });
}

/** The two things that an operator can do wrong before calling this. */
function expectedError(cause: unknown): AppError | undefined {
  const { code, message } = cause as pg.DatabaseError;
  if (code === '42P01') {
    return new AppError('MIGRATION_MISSING', 'The sample data needs tables that the database does not have yet.', {
      hint: 'Apply the migrations first: npm run db -- migrate',
      cause,
    });
  }
  // 0A000: COPY refuses a role that row security holds back.
  if (code === '42501' || code === '0A000') {
    return new AppError('PRIVILEGE_MISSING', `The sample data could not be written: ${message}.`, {
      hint: 'Use a superuser in DATABASE_URL.',
      cause,
    });
  }
  return undefined;
}

async function fillIfEmpty(client: pg.Client, onStep: (sentence: string) => void): Promise<boolean> {
  await client.query('select pg_advisory_xact_lock($1)', [sampleLockKey]);
  if (!(await isEmpty(client))) return false;
  onStep(
    `Filling the empty database with sample data: ${sampleCounts.legalCases} cases, ${sampleCounts.engagements} engagements, ` +
      `${sampleCounts.findings} findings.`,
  );
  const tables = makeSampleData();
  await insertTables(client, tables);
  await moveSequencesPast(client);
  // Without statistics the first queries would be planned for empty tables until autovacuum comes by.
  await client.query(`analyze ${Object.keys(tables).join(', ')}`);
  onStep(`Wrote ${rowCount(tables)} rows of sample data in ${Object.keys(tables).length} tables.`);
  return true;
}

async function isEmpty(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ is_empty: boolean }>(
    'select not exists (select from public.org_units) and not exists (select from public.people) as is_empty',
  );
  return rows[0]?.is_empty === true;
}

/**
 * The next case number and engagement code come after those of the sample data. ALTER SEQUENCE, because unlike setval it is part
 * of the transaction: a fill that is broken off leaves nothing behind.
 */
async function moveSequencesPast(client: pg.Client): Promise<void> {
  const next = [
    ['case_management.case_number_seq', sampleCounts.legalCases + 1],
    ['audit_system.engagement_code_seq', sampleCounts.engagements + 1],
  ] as const;
  for (const [sequence, value] of next) {
    const { rows } = await client.query<{ is_behind: boolean }>(`select last_value < $1 as is_behind from ${sequence}`, [value]);
    if (rows[0]?.is_behind) await client.query(`alter sequence ${sequence} restart with ${value}`);
  }
}

function rowCount(tables: TableRows): number {
  return Object.values(tables).reduce((total, rows) => total + rows.length, 0);
}
