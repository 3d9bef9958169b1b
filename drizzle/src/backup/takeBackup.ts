import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { isDatabaseError } from '../migrate/failure.js';
import { migrationsFolder } from '../migrate/files.js';
import { connect, placeOf, urlOfRole } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { initFolder } from '../setup/init.js';
import {
  contentFormula,
  contentOf,
  plainTextSettings,
  quotedTable,
  readForeignKeys,
  readSequences,
  readTables,
  savedSchemas,
  tableName,
} from './catalogue.js';
import type { TableShape } from './catalogue.js';
import { readDefinitions } from './definitions.js';
import { beginDraft, isFileError, openBackupFolder, removeLeftovers, unwritableFolder } from './folder.js';
import { formatVersion, manifestChecksumFile, manifestFile, sha256Of } from './manifest.js';
import type { Backup, Manifest, SavedFile, SavedTable } from './manifest.js';
import { recordBackup } from './record.js';
import { defaultLevel, writeTableFile } from './tableFile.js';

export interface BackupOptions {
  /** Names server and database. Its user is not used: a backup reads as backup_reader. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Of the backups; made if it is not there. */
  readonly folder: string;
  /** Only this schema's rows. */
  readonly onlySchema?: string;
  /** Sessions at once, 2 by default. */
  readonly connections?: number;
  /** Of gzip, 1 to 9. */
  readonly level?: number;
  readonly onStep?: (sentence: string) => void;
  readonly progress?: Progress;
}

/**
 * Takes a backup: one snapshot over all schemas, one gzip CSV file a table, and a manifest. Complete, or not listed.
 * @throws BACKUP_FOLDER_INVALID, BACKUP_FOLDER_UNWRITABLE, BACKUP_FAILED, DATABASE_UNREACHABLE, PRIVILEGE_MISSING, DATABASE_NOT_INITIALISED.
 */
export async function takeBackup(options: BackupOptions): Promise<Backup> {
  const { onStep = () => undefined } = options;
  const root = await openBackupFolder(options.folder);
  for (const name of await removeLeftovers(root)) onStep(`Removed ${name}.partial, which a backup left that was killed.`);
  const sessions = await openSessions(options);
  try {
    const draft = await beginDraft(root);
    try {
      const manifest = await write(sessions, draft.name, draft.path, options);
      const text = `${JSON.stringify(manifest, null, 1)}\n`;
      const manifestChecksum = sha256Of(text);
      await writeFile(join(draft.path, manifestFile), text, { mode: 0o600, flush: true });
      await writeFile(join(draft.path, manifestChecksumFile), `${manifestChecksum}  ${manifestFile}\n`, {
        mode: 0o600,
        flush: true,
      });
      const backup = { path: await draft.finish(), manifest, manifestChecksum };
      await recordBackup(sessions[0], backup, root, onStep);
      return backup;
    } catch (error) {
      await draft.discard();
      throw explained(error, root, options);
    }
  } finally {
    await Promise.allSettled(sessions.map(async (session) => session.end()));
  }
}

type Sessions = readonly [Client, ...Client[]];

async function openSessions({ operatorUrl, credentials, connections = 2 }: BackupOptions): Promise<Sessions> {
  const url = urlOfRole(operatorUrl, 'backup_reader', credentials);
  const first = await connect(url, 'backup');
  const others: Client[] = [];
  try {
    while (others.length < connections - 1) others.push(await connect(url, 'backup'));
  } catch (error) {
    await Promise.allSettled([first, ...others].map(async (session) => session.end()));
    throw error;
  }
  return [first, ...others];
}

/** Everything of a backup but its manifest. */
async function write(sessions: Sessions, name: string, folder: string, options: BackupOptions): Promise<Manifest> {
  const { onStep = () => undefined, onlySchema } = options;
  const schemas = onlySchema ? [onlySchema] : [...savedSchemas];
  const [leader] = sessions;
  const { tables, snapshot, takenAt } = await holdStill(leader, schemas);
  for (const session of sessions.slice(1)) {
    await session.query('begin isolation level repeatable read read only');
    await session.query(`set transaction snapshot '${snapshot}'`);
    await session.query(plainTextSettings);
  }
  if (tables.length === 0) {
    throw new AppError(
      'BACKUP_FAILED',
      `Database ${placeOf(options.operatorUrl).database} has no table in ${schemas.join(', ')}.`,
      {
        hint: 'Run npm run db -- init and npm run db -- migrate first; or name another schema.',
      },
    );
  }
  const source = await readSource(leader);
  // Definitions of every schema: a schema that is restored alone brings back the foreign keys that others had to it.
  const definitions = await readDefinitions(
    leader,
    savedSchemas.filter((schema) => schema !== 'guard'),
  );
  const foreignKeys = await readForeignKeys(leader, savedSchemas);
  const migrations = await copyMigrations(leader, folder, onStep);
  const init = await copyFolder(initFolder, folder, 'init');
  const saved = await writeTables(sessions, tables, folder, options);
  const sequences = await readSequences(leader, schemas);
  for (const session of sessions) await session.query('commit');
  return {
    format: formatVersion,
    name,
    takenAt,
    source,
    onlySchema: onlySchema ?? null,
    schemas,
    contentFormula,
    migrations,
    init,
    tables: saved,
    sequences,
    foreignKeys,
    definitions,
  };
}

/**
 * Locks the tables against change of their form and only then takes the snapshot: a TRUNCATE or a rewrite between the two would otherwise
 * show as an empty table. Readers and writers go on.
 */
async function holdStill(leader: Client, schemas: readonly string[]) {
  for (let attempt = 1; ; attempt++) {
    const expected = await readTables(leader, schemas);
    await leader.query('begin isolation level repeatable read read only');
    await leader.query(`set local lock_timeout = '60s'`);
    if (expected.length > 0) await leader.query(`lock table ${expected.map(quotedTable).join(', ')} in access share mode`);
    await leader.query(plainTextSettings);
    const { rows } = await leader.query<{ snapshot: string; now: Date }>(
      'select pg_export_snapshot() as snapshot, clock_timestamp() as now',
    );
    const tables = await readTables(leader, schemas);
    const names = (list: readonly TableShape[]): string => list.map(tableName).sort().join();
    if (names(tables) === names(expected)) {
      return { tables, snapshot: rows[0]?.snapshot ?? '', takenAt: (rows[0]?.now ?? new Date()).toISOString() };
    }
    await leader.query('rollback');
    if (attempt === 3) {
      throw new AppError('BACKUP_FAILED', 'Tables were made or dropped while the backup began, three times in a row.', {
        hint: 'Take it when no migration runs.',
      });
    }
  }
}

async function readSource(client: Client): Promise<Manifest['source']> {
  const { rows } = await client.query<Manifest['source']>(
    `select current_database() as database, (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       current_setting('server_version') as "serverVersion", current_setting('server_version_num')::int as "serverVersionNumber"`,
  );
  if (!rows[0]) throw new AppError('INTERNAL', 'The server did not tell its version.');
  return rows[0];
}

async function copyMigrations(
  client: Client,
  folder: string,
  onStep: (sentence: string) => void,
): Promise<Manifest['migrations']> {
  const { rows } = await client.query<{ number: number; name: string; owner: string; checksum: string }>(
    'select number, name, owner, checksum from guard.migrations order by number',
  );
  await mkdir(join(folder, 'migrations'), { mode: 0o700 });
  const copied: Manifest['migrations'] = [];
  for (const applied of rows) {
    const bytes = await readFile(join(migrationsFolder, `${applied.name}.sql`)).catch(() => undefined);
    const isSame = bytes !== undefined && sha256Of(bytes) === applied.checksum;
    if (!isSame)
      onStep(
        `Warning: ${applied.name}.sql ${bytes ? 'was edited after it had been applied' : 'is not here'}; the backup goes without it.`,
      );
    const file = isSame ? await writeCopy(folder, 'migrations', `${applied.name}.sql`, bytes) : null;
    copied.push({ ...applied, file });
  }
  return copied;
}

async function copyFolder(from: string, folder: string, inner: string): Promise<SavedFile[]> {
  await mkdir(join(folder, inner), { mode: 0o700 });
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  const copied: SavedFile[] = [];
  for (const name of names) copied.push(await writeCopy(folder, inner, name, await readFile(join(from, name))));
  return copied;
}

async function writeCopy(folder: string, inner: string, name: string, bytes: Buffer): Promise<SavedFile> {
  await writeFile(join(folder, inner, name), bytes, { mode: 0o600, flush: true });
  return { path: `${inner}/${name}`, bytes: bytes.length, sha256: sha256Of(bytes) };
}

/** Each session takes the largest table that is left. */
async function writeTables(
  sessions: Sessions,
  tables: readonly TableShape[],
  folder: string,
  options: BackupOptions,
): Promise<SavedTable[]> {
  const { level = defaultLevel, progress = silentProgress } = options;
  await mkdir(join(folder, 'tables'), { mode: 0o700 });
  const waiting = [...tables];
  const saved: SavedTable[] = [];
  let rows = 0;
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  progress.begin('Saving rows', total);
  let failed = false;
  const work = async (session: Client): Promise<void> => {
    for (let table = waiting.shift(); table && !failed; table = waiting.shift()) {
      const path = `tables/${table.schema}.${table.name.replaceAll(/[^\w-]/g, '_')}-${tables.indexOf(table)}.csv.gz`;
      const {
        rows: written,
        bytes,
        sha256,
      } = await writeTableFile(session, table, join(folder, path), level, (n) => progress.advance(Math.min(n, total), rows));
      const { rows: counted, content } = await contentOf(session, quotedTable(table), table.columns);
      if (counted !== written) {
        throw new AppError(
          'BACKUP_FAILED',
          `${tableName(table)} gave ${written} rows, and has ${counted} in the same snapshot.`,
          {
            hint: 'Check the table and its indexes with pg_amcheck.',
          },
        );
      }
      rows += written;
      progress.advance(0, rows);
      const { schema, name, columns, primaryKey } = table;
      saved.push({
        schema,
        name,
        columns: [...columns],
        primaryKey: [...primaryKey],
        rows: written,
        content,
        file: { path, bytes, sha256 },
      });
    }
  };
  // All of them end before anything is taken away: a file that is being written can't be.
  const ends = await Promise.allSettled(
    sessions.map(async (session) =>
      work(session).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  progress.end();
  return saved.sort((a, b) => tableName(a).localeCompare(tableName(b)));
}

function explained(error: unknown, root: string, { operatorUrl, onlySchema }: BackupOptions): unknown {
  if (error instanceof AppError) return error;
  if (isFileError(error)) return unwritableFolder(root, error);
  const { database } = placeOf(operatorUrl);
  const what = onlySchema ? `Schema ${onlySchema} of database ${database}` : `Database ${database}`;
  const message = (error as Error).message.replace(/\.$/, '');
  if (isDatabaseError(error) && error.code === '42501') {
    return new AppError('PRIVILEGE_MISSING', `${what} can not be read whole by backup_reader: ${message}. No backup was made.`, {
      hint: 'Run npm run db -- init, which gives backup_reader what it needs.',
      cause: error,
    });
  }
  if (isDatabaseError(error) && (error.code === '3F000' || error.code === '42P01') && /guard/.test(message)) {
    return new AppError('DATABASE_NOT_INITIALISED', `${what} is not initialised: ${message}.`, {
      hint: 'Run npm run db -- init first.',
      cause: error,
    });
  }
  if (isDatabaseError(error) && error.code === '55P03') {
    return new AppError('BACKUP_FAILED', `${what} could not be saved: a table was locked for 60 s. No backup was made.`, {
      hint: 'A migration runs; look at npm run db -- status and try again when it has ended.',
      cause: error,
    });
  }
  return new AppError('BACKUP_FAILED', `${what} could not be saved: ${message}. No backup was made.`, {
    hint: 'Look at the server, then take it again.',
    cause: error,
  });
}
