import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { isDatabaseError } from '../migrate/failure.js';
import { describeHolder, lockHolder, migrationLockKey } from '../migrate/lock.js';
import { migrateDatabase } from '../migrate/migrate.js';
import { connect, placeOf, withSession } from '../setup/connect.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import type { Credentials } from '../setup/credentials.js';
import { initialiseDatabase, refuseUnfitServer, serverFacts } from '../setup/init.js';
import { contentOf, plainTextSettings, quotedTable, tableName } from './catalogue.js';
import { checkFiles } from './checkFiles.js';
import { DefinitionWork } from './definitionWork.js';
import type { NotBroughtBack } from './definitionWork.js';
import { rowsStage } from './definitions.js';
import type { Backup, SavedTable } from './manifest.js';
import { contradictionsQuery, inReferenceOrder, restoreTable } from './restoreRows.js';
import type { StagedTable, TableRestore } from './restoreRows.js';

export interface RestoreOptions {
  /** URL of the database as a superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly backup: Backup;
  /** Only this schema, and the foreign keys that others had to it. */
  readonly onlySchema?: string;
  /** Does everything, then takes it back. */
  readonly isDryRun?: boolean;
  /** Changes nothing when there is anything that can't be brought back. */
  readonly allOrNothing?: boolean;
  /** Where the rows that were not brought back are listed, as CSV. */
  readonly conflictsFile?: string;
  /** The database is a scratch one: what init put into a table makes way for what was saved. */
  readonly isScratch?: boolean;
  readonly onStep?: (sentence: string) => void;
  readonly progress?: Progress;
}

export interface RestoredTable extends TableRestore {
  readonly rowsAfter: number;
  /** Whether the table now holds exactly what was saved. */
  readonly isContentEqual: boolean;
}

export interface RestoreReport {
  readonly backup: string;
  readonly takenAt: string;
  readonly isDryRun: boolean;
  /** What was missing and was made again, for example `foreign key audit_system.findings.findings_org_unit_id_fkey`. */
  readonly made: string[];
  readonly tables: RestoredTable[];
  readonly sequencesMoved: string[];
  readonly notBroughtBack: readonly NotBroughtBack[];
  /** Null when there is nothing to list. */
  readonly conflictsFile: string | null;
}

/**
 * Brings back what a backup has and the database lacks, in one transaction: tables, rows, rules. What is there and equal is left alone; what is there
 * and differs is listed, and nothing is overwritten. A database that was never initialised is made from the backup's own init files and migrations first.
 * @throws BACKUP_CORRUPT, BACKUP_INCOMPLETE, RESTORE_CONFLICT, RESTORE_FAILED, LOCK_HELD, PRIVILEGE_MISSING, DATABASE_NOT_INITIALISED for a dry run on nothing.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { operatorUrl, backup, onlySchema, progress = silentProgress } = options;
  if (onlySchema && !backup.manifest.schemas.includes(onlySchema)) {
    throw new AppError(
      'BAD_USER_INPUT',
      `Backup ${backup.manifest.name} has no rows of schema ${onlySchema}, only of ${backup.manifest.schemas.join(', ')}.`,
      {
        hint: 'Use a backup of all schemas.',
      },
    );
  }
  await checkFiles(backup, progress);
  await makeGround(options);
  const client = await connect(operatorUrl, 'restore');
  try {
    await client.query('begin');
    const report = await run(client, options);
    const { database } = placeOf(operatorUrl);
    if (options.allOrNothing && report.notBroughtBack.length > 0) {
      throw new AppError('RESTORE_CONFLICT', `${summaryOf(report)} Nothing was changed in ${database}.`, {
        hint: report.conflictsFile ? `They are listed in ${report.conflictsFile}.` : 'Look at the report of a --dry-run.',
      });
    }
    await client.query(options.isDryRun ? 'rollback' : 'commit');
    return report;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw explained(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const summaryOf = ({ notBroughtBack: [first, ...others] }: RestoreReport): string =>
  `${first?.what}: ${first?.why}.${others.length ? ` And ${others.length} more.` : ''}`;

/** Roles, schemas, identity and guard, where they are missing; and all tables, where there is none at all. */
async function makeGround({
  operatorUrl,
  credentials,
  backup,
  isDryRun,
  onStep = () => undefined,
}: RestoreOptions): Promise<void> {
  const { database } = placeOf(operatorUrl);
  const state = await withSession(operatorUrl, 'restore', async (client) => {
    refuseUnfitServer(operatorUrl, await serverFacts(client));
    const { rows } = await client.query<{ isInitialised: boolean; tables: number }>(
      `select to_regclass('guard.migrations') is not null and to_regprocedure('identity.may(text, text)') is not null
           and to_regclass('identity.roles') is not null as "isInitialised",
         (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any ($1) and c.relkind = 'r') as tables`,
      [bailiwicks.map(schemaOf)],
    );
    return { isInitialised: rows[0]?.isInitialised ?? false, tables: rows[0]?.tables ?? 0 };
  });
  if (state.isInitialised) return;
  if (isDryRun) {
    throw new AppError('DATABASE_NOT_INITIALISED', `Database ${database} has no guard or identity, and a dry run makes none.`, {
      hint: 'Run npm run db -- init first, or restore without --dry-run.',
    });
  }
  // Init names the schema public and expects it; it may be the very one that was dropped.
  await withSession(operatorUrl, 'restore', async (client) => client.query('create schema if not exists public'));
  if (state.tables > 0) {
    await initialiseDatabase({ operatorUrl, credentials, onStep });
    return;
  }
  await initialiseDatabase({ operatorUrl, credentials, folder: join(backup.path, 'init'), onStep });
  if (backup.manifest.migrations.every(({ file }) => file !== null)) {
    const folder = join(backup.path, 'migrations');
    const { applied } = await migrateDatabase({ operatorUrl, credentials, folder, onStep });
    onStep(`Applied the ${applied.length} migrations that the backup carries.`);
  }
}

async function run(client: Client, options: RestoreOptions): Promise<RestoreReport> {
  const { backup, onlySchema, onStep = () => undefined, progress = silentProgress, isScratch = false } = options;
  const { manifest } = backup;
  await client.query(plainTextSettings);
  await client.query(`set local lock_timeout = '60s'; set local check_function_bodies = off; set local maintenance_work_mem = '128MB';
    set local client_min_messages = 'warning'`);
  await takeLock(client);
  const ahead = await compareMigrations(client, backup);
  const notBroughtBack: NotBroughtBack[] = [];
  const scope = new Set(onlySchema ? [onlySchema] : manifest.schemas);
  scope.delete('guard');
  const definitions = new DefinitionWork(client, manifest.definitions, { scope, ahead, notBroughtBack });
  await definitions.begin();
  await definitions.make((stage) => stage < rowsStage);
  const tables = await existingTables(
    client,
    manifest.tables.filter(({ schema }) => scope.has(schema)),
    notBroughtBack,
  );
  if (tables.length > 0) await client.query(`lock table ${tables.map(quotedTable).join(', ')} in share row exclusive mode`);
  const parents = manifest.foreignKeys
    .filter((key) => tables.some((table) => table.schema === key.schema && table.name === key.table))
    .map((key) => quotedTable({ schema: key.toSchema, name: key.toTable }));
  // Triggers of foreign keys are off below, so nobody may take a parent away meanwhile.
  for (const parent of new Set(parents)) {
    const { rows } = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [parent]);
    if (rows[0]?.found) await client.query(`lock table ${parent} in share mode`);
  }
  // Rows come back as they were: no trigger counts their version up, and foreign keys are held by restoreTable itself.
  await client.query('set local session_replication_role = replica');
  const staged: StagedTable[] = [];
  for (const table of inReferenceOrder(tables, manifest.foreignKeys)) {
    const checksReferences = !(isScratch && manifest.onlySchema !== null);
    staged.push(
      await restoreTable(table, { client, backup, progress, replaces: isScratch, checksReferences, number: staged.length }),
    );
  }
  await client.query('set local session_replication_role = origin');
  onStep(`Brought back ${staged.reduce((sum, { broughtBack }) => sum + broughtBack, 0)} rows in ${staged.length} tables.`);
  await definitions.make((stage) => stage > rowsStage);
  for (const table of staged) await noteRows(client, table, notBroughtBack);
  const report = {
    backup: manifest.name,
    takenAt: manifest.takenAt,
    isDryRun: options.isDryRun ?? false,
    made: definitions.made,
    tables: await compareContents(client, staged),
    sequencesMoved: await moveSequences(client, options, scope, notBroughtBack),
    notBroughtBack,
    conflictsFile: await listContradictions(client, staged, options.conflictsFile),
  };
  return report;
}

async function takeLock(client: Client): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1::bigint) as taken', [
    migrationLockKey,
  ]);
  if (rows[0]?.taken) return;
  throw new AppError('LOCK_HELD', describeHolder(await lockHolder(client)), {
    hint: 'A migration or another restore runs. Wait, or look at it with: npm run db -- status.',
  });
}

/**
 * The database must have the backup's migrations, with the same content. If its record is empty, guard itself had been lost: it is filled again.
 * @returns the owners that have applied more since the backup.
 */
async function compareMigrations(client: Client, { manifest }: Backup): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ name: string; owner: string; checksum: string }>(
    'select name, owner, checksum from guard.migrations order by number',
  );
  for (const { number, name, owner, checksum } of manifest.migrations) {
    const applied = rows.find((one) => one.name === name);
    if (applied && applied.checksum !== checksum) {
      throw new AppError(
        'RESTORE_CONFLICT',
        `Migration ${name} has another content in the database (SHA-256 ${applied.checksum.slice(0, 12)}…) than in the backup (${checksum.slice(0, 12)}…).`,
        {
          hint: 'Restore into another database: name an empty one in DATABASE_URL.',
        },
      );
    }
    if (applied) continue;
    if (rows.length > 0) {
      throw new AppError('RESTORE_CONFLICT', `The database lacks migration ${name}, which the backup was taken after.`, {
        hint: 'Run npm run db -- migrate first, then restore again.',
      });
    }
    await client.query(
      'insert into guard.migrations (number, name, owner, checksum, applied_by, duration_ms) values ($1, $2, $3, $4, session_user, 0)',
      [number, name, owner, checksum],
    );
  }
  const ahead = new Map<string, string[]>();
  for (const { name, owner } of rows) {
    if (!manifest.migrations.some((one) => one.name === name)) ahead.set(owner, [...(ahead.get(owner) ?? []), name]);
  }
  return ahead;
}

async function existingTables(client: Client, tables: SavedTable[], notBroughtBack: NotBroughtBack[]): Promise<SavedTable[]> {
  const found: SavedTable[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ columns: string[] | null }>(
      `select array(select attname::text from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped) as columns
       where to_regclass($1) is not null`,
      [quotedTable(table)],
    );
    const columns = rows[0]?.columns;
    if (!columns) {
      notBroughtBack.push({ what: `${table.rows} rows of ${tableName(table)}`, why: 'the table is not there' });
      continue;
    }
    const lost = table.columns.filter(({ name }) => !columns.includes(name)).map(({ name }) => name);
    if (lost.length > 0) {
      notBroughtBack.push({
        what: `columns ${lost.join(', ')} of ${tableName(table)}`,
        why: 'the table has no such columns any more',
      });
    }
    if (!table.primaryKey.some((name) => lost.includes(name))) found.push(table);
  }
  return found;
}

async function noteRows(client: Client, table: StagedTable, notBroughtBack: NotBroughtBack[]): Promise<void> {
  const { differing, referenceMissing, valueTaken } = table;
  const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'} of ${table.table}`;
  if (differing) notBroughtBack.push({ what: rows(differing), why: 'the database has them with another content' });
  if (referenceMissing) notBroughtBack.push({ what: rows(referenceMissing), why: 'what they refer to is not there' });
  if (valueTaken) notBroughtBack.push({ what: rows(valueTaken), why: 'another row has their unique value' });
  await client.query(`analyze ${quotedTable(table.saved)}`);
}

async function compareContents(client: Client, staged: readonly StagedTable[]): Promise<RestoredTable[]> {
  const compared: RestoredTable[] = [];
  for (const { saved, stage: _stage, columns, ...counts } of staged) {
    const { rows, content } = await contentOf(client, quotedTable(saved), columns);
    const isContentEqual = columns.length === saved.columns.length && rows === saved.rows && content === saved.content;
    compared.push({ ...counts, rowsAfter: rows, isContentEqual });
  }
  return compared.sort((a, b) => a.table.localeCompare(b.table));
}

/** Forward only. setval is not part of the transaction, so it comes last and not in a dry run; a gap in the numbers harms nobody. */
async function moveSequences(
  client: Client,
  { backup, isDryRun, allOrNothing }: RestoreOptions,
  scope: ReadonlySet<string>,
  notBroughtBack: NotBroughtBack[],
): Promise<string[]> {
  const moved: string[] = [];
  for (const sequence of backup.manifest.sequences.filter(({ schema }) => scope.has(schema))) {
    const name = quotedTable(sequence);
    const there = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [name]);
    if (!there.rows[0]?.found) {
      notBroughtBack.push({ what: `sequence ${tableName(sequence)}`, why: 'it is not there' });
      continue;
    }
    const behind = await client.query<{ isBehind: boolean }>(
      `select (last_value, is_called) < ($1::bigint, $2::boolean) as "isBehind" from ${name}`,
      [sequence.lastValue, sequence.isCalled],
    );
    if (!behind.rows[0]?.isBehind) continue;
    const isTakenBack = isDryRun === true || (allOrNothing === true && notBroughtBack.length > 0);
    if (!isTakenBack)
      await client.query('select setval($1::regclass, $2::bigint, $3)', [name, sequence.lastValue, sequence.isCalled]);
    moved.push(tableName(sequence));
  }
  return moved;
}

async function listContradictions(
  client: Client,
  staged: readonly StagedTable[],
  path: string | undefined,
): Promise<string | null> {
  const contradicting = staged.filter(
    ({ differing, referenceMissing, valueTaken }) => differing + referenceMissing + valueTaken > 0,
  );
  if (path === undefined || contradicting.length === 0) return null;
  await rm(path, { force: true });
  for (const [i, table] of contradicting.entries()) {
    const copy = client.query(copyTo(`copy (${contradictionsQuery(table)}) to stdout with (format csv, header ${i === 0})`));
    await pipeline(copy, createWriteStream(path, { flags: 'a', mode: 0o600 }));
  }
  return path;
}

function explained(error: unknown): unknown {
  if (error instanceof AppError || !isDatabaseError(error)) return error;
  if (error.code === '55P03') {
    return new AppError('RESTORE_FAILED', 'A table was locked by somebody else for 60 s. Nothing was changed.', {
      hint: 'Look at npm run db -- status, and restore again when it has ended.',
      cause: error,
    });
  }
  const detail = error.detail ? ` (${error.detail})` : '';
  return new AppError('RESTORE_FAILED', `The database refused the restore: ${error.message}${detail}. Nothing was changed.`, {
    hint: error.hint ?? 'Restore into another database: name an empty one in DATABASE_URL.',
    cause: error,
  });
}
