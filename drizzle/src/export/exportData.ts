import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { quotedTable, readForeignKeys, readSequences, tableName } from '../backup/catalogue.js';
import type { SequenceValue, TableShape } from '../backup/catalogue.js';
import { contentFormula, contentOf } from '../backup/content.js';
import { isFileError, unwritableFolder } from '../backup/folder.js';
import { sha256Of } from '../backup/manifest.js';
import { holdStill } from '../backup/snapshot.js';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { isDatabaseError } from '../migrate/failure.js';
import { placeOf, urlOfRole, withSession } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { beginExport, exportManifestFile, manifestHead } from './exportFolder.js';
import { exportMapping, mappingFile } from './mapping.js';
import { exportReadme } from './readme.js';
import { beginScript, beginTable, endOfRows, endScript, endTable } from './sqlScript.js';
import { inForeignKeyOrder } from './tableOrder.js';
import { openSqlFile, writeCsvFile } from './writeRows.js';

/** The schemas whose rows are people's own; the records of the guard are not among them. */
export const exportedSchemas = ['public', 'case_management', 'audit_system'] as const;

export interface ExportOptions {
  /** Names server and database. Its user is not used: an export reads as backup_reader. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Made, or replaced when it is an older export. */
  readonly folder: string;
  readonly kind: 'csv' | 'sql';
  readonly onlySchema?: string;
  readonly onStep?: (sentence: string) => void;
  readonly progress?: Progress;
}

interface ExportedTable {
  readonly schema: string;
  readonly name: string;
  readonly file: string;
  readonly columns: TableShape['columns'];
  readonly primaryKey: readonly string[];
  readonly rows: number;
  /** See contentFormula. */
  readonly content: string;
}

export interface ExportManifest {
  readonly holds: string;
  readonly format: 1;
  readonly isComplete: true;
  readonly kind: 'csv' | 'sql';
  readonly database: string;
  readonly serverVersion: string;
  /** When the snapshot was taken: ISO 8601, UTC. */
  readonly takenAt: string;
  readonly schemas: readonly string[];
  readonly contentFormula: string;
  readonly tables: readonly ExportedTable[];
  readonly sequences: readonly SequenceValue[];
  readonly files: readonly { file: string; bytes: number; sha256: string }[];
}

type WrittenFile = ExportManifest['files'][number];

/**
 * Writes the rows of all schemas, or of one, as they are in one moment, for people: a CSV file a table with a mapping that imports them back,
 * or one file of SQL. The folder appears whole or not at all.
 * @throws BACKUP_FOLDER_INVALID, BACKUP_FOLDER_UNWRITABLE, BACKUP_FAILED, LOCK_HELD, PRIVILEGE_MISSING when row security would hide rows,
 * DATABASE_NOT_INITIALISED, DATABASE_UNREACHABLE.
 */
export async function exportData(options: ExportOptions): Promise<{ path: string; manifest: ExportManifest }> {
  const { operatorUrl, credentials, folder, onStep = () => undefined } = options;
  return withSession(urlOfRole(operatorUrl, 'backup_reader', credentials), 'export', async (client) => {
    const draft = await beginExport(folder, onStep);
    try {
      const manifest = await write(client, draft.path, options);
      return { path: await draft.finish(), manifest };
    } catch (error) {
      await draft.discard();
      throw explained(error, folder, options);
    }
  });
}

async function write(client: Client, folder: string, options: ExportOptions): Promise<ExportManifest> {
  const { kind, onlySchema } = options;
  const schemas = onlySchema ? [onlySchema] : [...exportedSchemas, 'identity'];
  const { tables, takenAt } = await holdStill(client, schemas);
  if (tables.length === 0) {
    throw new AppError(
      'DATABASE_NOT_INITIALISED',
      `Database ${placeOf(options.operatorUrl).database} has no table in ${schemas.join(', ')}.`,
      {
        hint: 'Run npm run db -- init and npm run db -- migrate first.',
      },
    );
  }
  const ordered = inForeignKeyOrder(tables, await readForeignKeys(client, schemas)).sort(rolesFirst);
  const sequences = await readSequences(client, schemas);
  const { rows } = await client.query<{ database: string; version: string }>(
    `select current_database() as database, current_setting('server_version') as version`,
  );
  const { database, version } = rows[0] ?? { database: '', version: '' };
  const written =
    kind === 'csv'
      ? await writeCsv(client, folder, ordered, database, takenAt, options)
      : await writeSql(client, folder, ordered, sequences, database, takenAt, options);
  await client.query('commit');
  const manifest: ExportManifest = {
    ...manifestHead,
    isComplete: true,
    kind,
    database,
    serverVersion: version,
    takenAt,
    schemas,
    contentFormula,
    tables: written.tables,
    sequences,
    files: written.files,
  };
  const readme = await writeText(folder, 'README.md', exportReadme(manifest));
  const whole = { ...manifest, files: [...written.files, readme] };
  await writeFile(join(folder, exportManifestFile), `${JSON.stringify(whole, null, 1)}\n`, { mode: 0o600, flush: true });
  return whole;
}

/** People's roles are held against the catalogue of roles, by a trigger that no foreign key shows. */
const rolesFirst = (a: TableShape, b: TableShape): number => Number(b.schema === 'identity') - Number(a.schema === 'identity');

async function writeCsv(
  client: Client,
  folder: string,
  ordered: readonly TableShape[],
  database: string,
  takenAt: string,
  { progress = silentProgress }: ExportOptions,
): Promise<{ tables: ExportedTable[]; files: WrittenFile[] }> {
  const tables: ExportedTable[] = [];
  const files: WrittenFile[] = [];
  const meter = measureProgress(ordered, progress);
  for (const [i, table] of ordered.entries()) {
    const file = fileOf(table, i);
    const { rows, bytes, sha256 } = await writeCsvFile(client, table, join(folder, file), meter.bytes);
    tables.push(await described(client, table, file, rows));
    files.push({ file, bytes, sha256 });
    meter.rows(rows);
  }
  const imported = ordered.map((table, i) => ({ table, file: fileOf(table, i) })).filter(({ table }) => isImported(table));
  const leftOut = ordered.flatMap((table, i) =>
    isImported(table) ? [] : [{ file: fileOf(table, i), why: 'what each role may do is the operator’s; it is here to be read' }],
  );
  files.push(await writeText(folder, mappingFile, exportMapping(database, takenAt, imported, leftOut)));
  progress.end();
  return { tables, files };
}

async function writeSql(
  client: Client,
  folder: string,
  ordered: readonly TableShape[],
  sequences: readonly SequenceValue[],
  database: string,
  takenAt: string,
  { progress = silentProgress }: ExportOptions,
): Promise<{ tables: ExportedTable[]; files: WrittenFile[] }> {
  const file = 'data.sql';
  const tables: ExportedTable[] = [];
  const meter = measureProgress(ordered, progress);
  const script = await openSqlFile(join(folder, file));
  try {
    await script.text(beginScript(database, takenAt));
    for (const table of ordered) {
      await script.text(beginTable(table));
      const rows = await script.rows(client, table, meter.bytes);
      await script.text(endOfRows + endTable(table));
      tables.push(await described(client, table, file, rows));
      meter.rows(rows);
    }
    await script.text(endScript(sequences));
    const { bytes, sha256 } = await script.close();
    progress.end();
    return { tables, files: [{ file, bytes, sha256 }] };
  } catch (error) {
    script.abandon();
    throw error;
  }
}

const isImported = ({ schema }: TableShape): boolean => (exportedSchemas as readonly string[]).includes(schema);

/** The name says the table; a number tells two apart whose names differ in a sign that no file should have. */
function fileOf(table: TableShape, place: number): string {
  const name = `${table.schema}.${table.name}`;
  return /^[\w.-]+$/.test(name) ? `${name}.csv` : `${name.replaceAll(/[^\w.-]/g, '_')}-${place}.csv`;
}

/** The same snapshot is asked once more, so that a file that lacks rows is noticed here and not in ten years. */
async function described(client: Client, table: TableShape, file: string, written: number): Promise<ExportedTable> {
  const { rows, content } = await contentOf(client, quotedTable(table), table.columns);
  if (rows !== written) {
    throw new AppError('BACKUP_FAILED', `${tableName(table)} gave ${written} rows, and has ${rows} in the same snapshot.`, {
      hint: 'Check the table and its indexes with pg_amcheck.',
    });
  }
  const { schema, name, columns, primaryKey } = table;
  return { schema, name, file, columns, primaryKey, rows, content };
}

function measureProgress(tables: readonly TableShape[], progress: Progress) {
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  progress.begin('Writing rows', total);
  return {
    bytes: (count: number) => progress.advance(Math.min(count, total), done),
    rows: (count: number) => {
      done += count;
      progress.advance(0, done);
    },
  };
}

async function writeText(folder: string, file: string, text: string): Promise<WrittenFile> {
  await writeFile(join(folder, file), text, { mode: 0o600, flush: true });
  return { file, bytes: Buffer.byteLength(text), sha256: sha256Of(text) };
}

function explained(error: unknown, folder: string, { operatorUrl, onlySchema }: ExportOptions): unknown {
  if (error instanceof AppError) return error;
  if (isFileError(error)) return unwritableFolder(folder, error);
  const { database } = placeOf(operatorUrl);
  const what = onlySchema ? `Schema ${onlySchema} of database ${database}` : `Database ${database}`;
  const message = (error as Error).message.replace(/\.$/, '');
  if (isDatabaseError(error) && error.code === '42501') {
    return new AppError(
      'PRIVILEGE_MISSING',
      `${what} can not be read whole by backup_reader: ${message}. Nothing was exported.`,
      {
        hint: 'Run npm run db -- init, which gives backup_reader what it needs.',
        cause: error,
      },
    );
  }
  if (isDatabaseError(error) && error.code === '55P03') {
    return new AppError('BACKUP_FAILED', `${what} could not be exported: a table was locked for 60 s. Nothing was exported.`, {
      hint: 'A migration runs; look at npm run db -- status and try again when it has ended.',
      cause: error,
    });
  }
  return new AppError('BACKUP_FAILED', `${what} could not be exported: ${message}. Nothing was exported.`, {
    hint: 'Look at the server, then export again.',
    cause: error,
  });
}
