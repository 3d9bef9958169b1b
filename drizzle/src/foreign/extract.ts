import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { quotedTable, savedSchemas } from '../backup/catalogue.js';
import { rowsCopied } from '../backup/tableFile.js';
import { takeBackup } from '../backup/takeBackup.js';
import type { Progress } from '../import/progress.js';
import { isDatabaseError } from '../migrate/failure.js';
import { withSession } from '../setup/connect.js';
import { bailiwicks, loginRoles } from '../setup/credentials.js';
import { initialiseDatabase } from '../setup/init.js';
import type { ChosenSection } from './layout.js';
import { legacyTables } from './legacy.js';
import { oneStatement } from './load.js';
import type { FailedStatement } from './loadReport.js';
import { fullName, shortened } from './names.js';
import { loaderRole } from './scratch.js';
import type { Scratch } from './scratch.js';
import type { Survey } from './survey.js';

export interface ExtractedTable {
  readonly table: string;
  readonly rows: number;
  /** Below the folder. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const isInScope = ({ layout }: ChosenSection, table: string): boolean => {
  const [schema = '', name = ''] = table.split('.');
  if (layout === 'bailiwick') return savedSchemas.some((one) => one === schema);
  return schema === 'public' && legacyTables().includes(name);
};

/**
 * Holds what arrived against what the dump has. A row that is missing is an error: nothing is restored from a part of a table.
 * @throws RESTORE_FAILED naming the first statement that failed.
 */
export function refuseLostRows(section: ChosenSection, survey: Survey): void {
  const { failed, simplified, rows } = section.report;
  const lost = failed.filter(({ table }) => table !== null && isInScope(section, table));
  const [first] = lost;
  if (first) {
    const others = lost.length > 1 ? ` And ${lost.length - 1} more failed like it.` : '';
    throw lostRows(`line ${first.line}, ${first.statement}: ${first.message}.${others}`);
  }
  const made = section.layout === 'bailiwick' ? simplified.find(({ table }) => isInScope(section, table)) : undefined;
  if (made) throw lostRows(`${made.table} could not be made: ${made.why}.`);
  const inDump = survey.sections.find(({ database }) => database === section.named)?.rows ?? {};
  for (const [table, count] of Object.entries(inDump)) {
    if (!isInScope(section, table) || (rows[table] ?? 0) >= count) continue;
    throw lostRows(`${table} has ${count} rows in the dump, and ${rows[table] ?? 0} arrived.`);
  }
}

function lostRows(what: string): AppError {
  return new AppError(
    'RESTORE_FAILED',
    `Rows of the dump did not arrive in the scratch server: ${what} The database was not touched.`,
    {
      hint: 'The dump is damaged there, or needs something this server does not have. Mend the line, or look for another copy.',
    },
  );
}

/** Rows that arrived and belong to neither system. */
export const otherTables = (section: ChosenSection): { table: string; rows: number }[] =>
  section.tables
    .map(fullName)
    .filter((table) => !isInScope(section, table))
    .map((table) => ({ table, rows: section.report.rows[table] ?? 0 }))
    .filter(({ rows }) => rows > 0);

/** Each legacy table as a CSV file with a header, as `db import` reads it. */
export async function extractCsv(
  section: ChosenSection,
  scratch: Scratch,
  folder: string,
  progress: Progress,
): Promise<ExtractedTable[]> {
  const names = section.tables.map(fullName).filter((table) => isInScope(section, table));
  const total = names.reduce((sum, table) => sum + (section.report.rows[table] ?? 0), 0);
  await mkdir(join(folder, 'csv'), { mode: 0o700 });
  progress.begin('Taking the rows out of the scratch server', total);
  const extracted = await withSession(scratch.loaderUrl(section.database), 'dump', async (client) => {
    await client.query(
      `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 3`,
    );
    const done: ExtractedTable[] = [];
    for (const table of names) {
      const [schema = '', name = ''] = table.split('.');
      const written = await writeCsv(client, { schema, name }, folder);
      progress.advance(
        written.rows,
        done.reduce((sum, { rows }) => sum + rows, written.rows),
      );
      done.push(written);
    }
    return done;
  });
  progress.end();
  return extracted;
}

async function writeCsv(client: Client, table: { schema: string; name: string }, folder: string): Promise<ExtractedTable> {
  const relation = quotedTable(table);
  // The loader owns the table; a policy that is forced on its owner would hide rows from it.
  await client.query(`alter table ${relation} disable row level security; alter table ${relation} no force row level security`);
  const file = `csv/${table.name}.csv`;
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const copy = client.query(copyTo(`copy (select * from ${relation}) to stdout with (format csv, header true, encoding 'UTF8')`));
  await pipeline(copy, measure, createWriteStream(join(folder, file), { mode: 0o600, flags: 'wx', flush: true }));
  return { table: fullName(table), rows: await rowsCopied(client, copy), file, bytes, sha256: hash.digest('hex') };
}

/** SHA-256 of a file, for finding out whether it is what was written. */
export async function sha256OfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hash.update(chunk);
    });
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

const knownRoles: ReadonlySet<string> = new Set([
  ...loginRoles,
  ...bailiwicks.map((owner) => `${owner}_owner`),
  'guard_owner',
  'guard_operator',
]);

/**
 * Makes the roles of Bailiwick on the scratch server, where the dump is of such a database: its policies name them.
 * They belong to the whole server, so any database of it will do.
 */
export async function makeRoles(survey: Survey, scratch: Scratch): Promise<void> {
  if (!survey.sections.some(({ created }) => created.includes('guard.migrations'))) return;
  await scratch.createDatabase('roles');
  const operatorUrl = scratch.operatorUrl('roles');
  await initialiseDatabase({ operatorUrl, credentials: scratch.credentials });
  // A function of the guard carries this setting.
  await withSession(operatorUrl, 'dump', async (client) =>
    client.query(`grant set on parameter log_min_messages to ${loaderRole}`),
  );
}

/**
 * A backup of the Bailiwick database that a dump holds, in our own form: owners and rights are given back in the scratch server, which knows the roles.
 * @returns the folder of the backup, and the statements that failed on the way.
 */
export async function extractBackup(
  section: ChosenSection,
  scratch: Scratch,
  folder: string,
  onStep: (sentence: string) => void,
  progress: Progress,
): Promise<{ path: string; failed: FailedStatement[] }> {
  const operatorUrl = scratch.operatorUrl(section.database);
  const failed = await withSession(operatorUrl, 'dump', async (client) => giveBackRights(client, section));
  const { path } = await takeBackup({
    operatorUrl,
    credentials: scratch.credentials,
    folder: join(folder, 'backups'),
    onStep,
    progress,
  });
  return { path, failed };
}

async function giveBackRights(client: Client, section: ChosenSection): Promise<FailedStatement[]> {
  const failed: FailedStatement[] = [];
  for (const { statement, line, owner } of section.deferred) {
    // Nothing of a dump may come to belong to a superuser.
    if (owner !== undefined && !knownRoles.has(owner)) continue;
    try {
      await client.query(oneStatement(statement));
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      // The guard of an older version had a function in pg_catalog, which no dump holds.
      if (/^role ".*" does not exist|bailiwick_guard_sentinel/.test(error.message)) continue;
      failed.push({ line, statement: shortened(statement), message: error.message, table: null });
    }
  }
  return failed;
}
