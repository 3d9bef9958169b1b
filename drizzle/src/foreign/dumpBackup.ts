import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { quotedTable, readTables, savedSchemas, tableName } from '../backup/catalogue.js';
import { beginDraft, isFileError, openBackupFolder, removeLeftovers, unwritableFolder } from '../backup/folder.js';
import { archiveFile, dumpBackupFile, readDumpBackup } from '../backup/dumpManifest.js';
import type { DumpBackup } from '../backup/dumpManifest.js';
import { corrupt, incomplete, sha256Of } from '../backup/manifest.js';
import { recordDump } from '../backup/record.js';
import { measureFile } from '../backup/tableFile.js';
import type { Progress } from '../import/progress.js';
import { connect, placeOf, urlOfRole } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { findTools, installHint, listTools, startTool } from './clientTools.js';
import type { ClientTool } from './clientTools.js';
import { openDump } from './dumpSource.js';
import { surveyDump } from './survey.js';

/** Secrets and notes of the moment: what our own backup leaves out too. */
const leftOut = ['guard.log_seal', 'guard.commands_in_progress', 'guard.backups'];

export interface DumpBackupOptions {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly folder: string;
  readonly onlySchema?: string;
  /** Path of the program; else it is looked for. */
  readonly pgDump?: string;
  /** Of compression, 1 to 9. */
  readonly level: number;
  readonly onStep: (sentence: string) => void;
  readonly progress: Progress;
}

/**
 * Takes a backup with the server's own pg_dump, of the very same major version, in its custom format. Complete, or not listed.
 * @throws CLIENT_TOOL_UNFIT when there is none of that version, BACKUP_FAILED with pg_dump's words, and what openBackupFolder throws.
 */
export async function takeDumpBackup(options: DumpBackupOptions): Promise<{ path: string; dump: DumpBackup }> {
  const { operatorUrl, credentials, folder, onStep } = options;
  const url = urlOfRole(operatorUrl, 'backup_reader', credentials);
  const client = await connect(url, 'backup');
  try {
    const tool = await toolFor(client, options.pgDump);
    const root = await openBackupFolder(folder);
    for (const name of await removeLeftovers(root)) onStep(`Removed ${name}.partial, which a backup left that was killed.`);
    const draft = await beginDraft(root);
    try {
      onStep(`Running pg_dump ${tool.version} (${tool.path}) as backup_reader.`);
      const dump = await write(client, tool, draft, options);
      const text = `${JSON.stringify(dump, null, 1)}\n`;
      await writeFile(join(draft.path, dumpBackupFile), text, { mode: 0o600, flush: true });
      const path = await draft.finish();
      await recordDump(client, { dump, checksum: sha256Of(text), folder: root }, onStep);
      return { path, dump };
    } catch (error) {
      await draft.discard();
      throw isFileError(error) ? unwritableFolder(root, error) : error;
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Never another version: an older pg_dump aborts or leaves things out, a newer one writes what this server's tools can't read. */
async function toolFor(client: Client, named: string | undefined): Promise<ClientTool> {
  const { rows } = await client.query<{ version: string; major: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major`,
  );
  const { version = '', major = 0 } = rows[0] ?? {};
  const tools = findTools('pg_dump', named);
  const fit = tools.find((tool) => tool.major === major);
  if (fit) return fit;
  const server = version.split(' ')[0];
  throw new AppError(
    'CLIENT_TOOL_UNFIT',
    tools.length > 0
      ? `The server is PostgreSQL ${server}, and pg_dump here is ${listTools(tools)}: only one of version ${major} dumps it whole. No backup was made.`
      : `The server is PostgreSQL ${server}, and there is no pg_dump here. No backup was made.`,
    { hint: `${installHint('pg_dump', major)} Or leave --format out: our own form needs no client tools.` },
  );
}

async function write(
  client: Client,
  tool: ClientTool,
  draft: { name: string; path: string },
  { operatorUrl, credentials, onlySchema, level, progress }: DumpBackupOptions,
): Promise<DumpBackup> {
  const { host, port, database } = placeOf(operatorUrl);
  const sslMode = new URL(operatorUrl).searchParams.get('sslmode');
  const schemas = onlySchema ? [onlySchema] : [...savedSchemas];
  await client.query('begin isolation level repeatable read read only');
  await client.query(
    'set local row_security = off; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
  );
  const { rows } = await client.query<{ snapshot: string; now: Date; systemIdentifier: string; serverVersion: string }>(
    `select pg_export_snapshot() as snapshot, clock_timestamp() as now, (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       current_setting('server_version') as "serverVersion"`,
  );
  const [moment] = rows;
  if (!moment) throw new AppError('INTERNAL', 'The server gave no snapshot.');
  const path = join(draft.path, archiveFile);
  const run = startTool(
    tool.path,
    [
      ...[
        '--format=custom',
        `--compress=${level}`,
        `--file=${path}`,
        '--no-password',
        `--snapshot=${moment.snapshot}`,
        '--lock-wait-timeout=60s',
      ],
      ...[`--host=${host}`, `--port=${port}`, '--username=backup_reader', `--dbname=${database}`, '--encoding=UTF8'],
      ...leftOut.map((table) => `--exclude-table-data=${table}`),
      ...(onlySchema ? [`--schema=${onlySchema}`] : []),
    ],
    {
      PGPASSWORD: credentials.roles.backup_reader ?? '',
      PGAPPNAME: 'bailiwick backup',
      PGCONNECT_TIMEOUT: '10',
      ...(sslMode ? { PGSSLMODE: sslMode } : {}),
    },
  );
  run.stdout.resume();
  const tables = await readTables(client, schemas);
  progress.begin('pg_dump is running', tables.length);
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const counted = await client.query<{ rows: string }>(`/* db:backup */ select count(*) as rows from ${quotedTable(table)}`);
    counts[tableName(table)] = Number(counted.rows[0]?.rows ?? 0);
    progress.advance(1, 0);
  }
  const { code, stderr } = await run.ended;
  await client.query('commit');
  progress.end();
  if (code !== 0) throw failed(tool, code, stderr);
  return {
    format: 1,
    name: draft.name,
    takenAt: moment.now.toISOString(),
    source: { database, systemIdentifier: moment.systemIdentifier, serverVersion: moment.serverVersion },
    dumpVersion: tool.version,
    onlySchema: onlySchema ?? null,
    tables: counts,
    file: { path: archiveFile, ...(await measureFile(path)) },
  };
}

function failed({ version }: ClientTool, code: number | null, stderr: string): AppError {
  const words = stderr.trim().split('\n').slice(0, 4).join(' ').replaceAll('pg_dump: ', '');
  if (/No space left on device/.test(stderr)) {
    return new AppError(
      'BACKUP_FOLDER_UNWRITABLE',
      `The disk of the backups is full: pg_dump ${version} says ${words}. What was begun is taken away again.`,
      {
        hint: 'Free some space, remove old backups with --keep, or choose a folder on another disk with --to.',
      },
    );
  }
  return new AppError(
    'BACKUP_FAILED',
    `pg_dump ${version} ended with ${code}: ${words || 'it said nothing'}. No backup was made.`,
    {
      hint: 'Look at the server, then take it again; or leave --format out.',
    },
  );
}

/** Holds the archive against its checksum. Returns its path. */
export async function checkArchive(path: string, dump: DumpBackup): Promise<string> {
  const archive = join(path, dump.file.path);
  const found = await stat(archive).catch(() => undefined);
  if (!found) throw incomplete(path, `${dump.file.path} is missing`);
  if (found.size !== dump.file.bytes)
    throw corrupt(path, `${dump.file.path} has ${found.size} bytes and was written with ${dump.file.bytes}`);
  const { sha256 } = await measureFile(archive);
  if (sha256 === dump.file.sha256) return archive;
  throw corrupt(
    path,
    `${dump.file.path} has SHA-256 ${sha256.slice(0, 12)}… and was written with ${dump.file.sha256.slice(0, 12)}…`,
  );
}

/**
 * Verifies a backup that pg_dump made: the archive is what was written, pg_restore can read all of it, and every table has as many rows as were counted.
 * @throws BACKUP_CORRUPT, BACKUP_INCOMPLETE, CLIENT_TOOL_UNFIT.
 */
export async function verifyDumpBackup(
  path: string,
  pgRestore: string | undefined,
  progress: Progress,
): Promise<{ dump: DumpBackup; rows: number }> {
  const dump = await readDumpBackup(path);
  const archive = await checkArchive(path, dump);
  const source = await openDump(archive, 'custom', pgRestore);
  const survey = await surveyDump({ source, progress });
  if (survey.cutOff !== null) throw corrupt(path, `${dump.file.path} is cut off: ${survey.cutOff}`);
  const rows = Object.assign({}, ...survey.sections.map((section) => section.rows)) as Record<string, number>;
  for (const [table, counted] of Object.entries(dump.tables)) {
    if (leftOut.includes(table) || rows[table] === counted) continue;
    throw corrupt(path, `${table} has ${rows[table] ?? 'no'} rows in ${dump.file.path}, and had ${counted} when it was dumped`);
  }
  return { dump, rows: Object.values(rows).reduce((sum, count) => sum + count, 0) };
}
