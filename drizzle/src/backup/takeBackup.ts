import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import type { Progress } from '../import/progress.js';
import { connect, placeOf, urlOfRole } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { initFolder } from '../setup/init.js';
import { explained } from './backupFailure.js';
import { readForeignKeys, readSequences, savedSchemas } from './catalogue.js';
import { contentFormula } from './content.js';
import { copyFolder, copyMigrations } from './copyFiles.js';
import { definedSchemas, definitionsOf, readThings } from './definitions.js';
import { beginDraft, openBackupFolder, removeLeftovers } from './folder.js';
import { removeStaleMarks } from './inUse.js';
import { formatVersion, manifestChecksumFile, manifestFile, sha256Of } from './manifest.js';
import type { Backup, Manifest } from './manifest.js';
import { readNotCarried } from './notCarried.js';
import { notSaved, untrustworthyReads } from './notSaved.js';
import { noteMissing, recordBackup } from './record.js';
import { saveTables, tablesFolder } from './saveTables.js';
import { holdStill, joinSnapshot } from './snapshot.js';

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
  await removeStaleMarks(root);
  const sessions = await openSessions(options);
  try {
    await noteMissing(sessions[0], root, placeOf(options.operatorUrl).database, onStep);
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
  const others: Client[] = [];
  for (const session of sessions.slice(1)) if (await joinSnapshot(session, snapshot, tables)) others.push(session);
  if (tables.length === 0) {
    throw new AppError(
      'BACKUP_FAILED',
      `Database ${placeOf(options.operatorUrl).database} has no table in ${schemas.join(', ')}.`,
      {
        hint: 'Run npm run db -- init and npm run db -- migrate first; or name another schema.',
      },
    );
  }
  await mkdir(join(folder, tablesFolder), { mode: 0o700 });
  // Warnings wait: they would tear the line that shows how far the rows are.
  const told: string[] = [];
  const describing = describe(leader, folder, (sentence) => void told.push(sentence));
  // Reading the catalogue takes half a second; the others need not wait for it.
  const saving = saveTables([...others, describing.then(() => leader)], tables, folder, options);
  // It ends after the leader's work, also when it fails.
  const saved = await saving.finally(() => told.forEach(onStep));
  const sequences = await readSequences(leader, schemas);
  for (const session of sessions) await session.query('commit');
  return {
    format: formatVersion,
    name,
    takenAt,
    onlySchema: onlySchema ?? null,
    schemas,
    contentFormula,
    tables: saved,
    sequences,
    ...(await describing),
  };
}

type Description = Pick<Manifest, 'source' | 'migrations' | 'init' | 'foreignKeys' | 'definitions' | 'notSaved'>;

/** What there is beside the rows. */
async function describe(leader: Client, folder: string, onStep: (sentence: string) => void): Promise<Description> {
  for (const warning of await untrustworthyReads(leader)) onStep(`Warning: ${warning}`);
  // Definitions of every schema: a schema that is restored alone brings back the foreign keys that others had to it.
  const things = await readThings(leader, definedSchemas);
  const left = [...(await notSaved(leader)), ...(await readNotCarried(leader, things))];
  if (left.length > 0) onStep(`Warning: this backup does not have ${left.join('; ')}.`);
  return {
    source: await readSource(leader),
    definitions: await definitionsOf(leader, things),
    foreignKeys: await readForeignKeys(leader, savedSchemas),
    migrations: await copyMigrations(leader, folder, onStep),
    init: await copyFolder(initFolder, folder, 'init'),
    notSaved: left,
  };
}

async function readSource(client: Client): Promise<Manifest['source']> {
  const { rows } = await client.query<Manifest['source']>(
    `select current_database() as database, (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       current_setting('server_version') as "serverVersion", current_setting('server_version_num')::int as "serverVersionNumber"`,
  );
  if (!rows[0]) throw new AppError('INTERNAL', 'The server did not tell its version.');
  return rows[0];
}
