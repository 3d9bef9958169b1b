import { join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readDumpBackup } from '../backup/dumpManifest.js';
import { markInUse } from '../backup/inUse.js';
import { readDatabaseConfig } from '../config.js';
import { checkArchive } from '../foreign/dumpBackup.js';
import { openDump } from '../foreign/dumpSource.js';
import { hasTables } from '../foreign/importLegacy.js';
import { recognise, wordsFor } from '../foreign/recognise.js';
import type { Recognised } from '../foreign/recognise.js';
import { restoreCsv, restoreDump } from '../foreign/restoreDump.js';
import type { DumpReport } from '../foreign/restoreDump.js';
import { streamProgress } from '../import/progress.js';
import { embeddedDatabase, openDatabase } from '../operator.js';
import type { OpenDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { requireConfirmation, tellStep } from './output.js';

export interface RestoreFromFlags {
  readonly schema?: string;
  readonly dryRun?: boolean;
  readonly allOrNothing?: boolean;
  readonly confirm?: string;
  readonly conflicts?: string;
  readonly dataDir?: string;
  readonly database?: string;
  readonly encoding?: string;
  readonly acceptTruncated?: boolean;
  readonly acceptNewer?: boolean;
  readonly pgRestore?: string;
  readonly work?: string;
  readonly rejects?: string;
}

type Foreign = Exclude<Recognised, { kind: 'backup' }>;

/**
 * Says what was named: a backup by its name or path, or something that a stranger brings.
 * @param folder of the backups.
 * @throws DUMP_INVALID for what can not be restored from; NOT_FOUND is left to whoever looks for a backup.
 */
export async function recogniseNamed(folder: string, named: string): Promise<Foreign | undefined> {
  const isName = /^\d{8}T\d{9}Z$/.test(named);
  for (const path of [isName ? join(resolve(folder), named) : undefined, resolve(named)]) {
    const found = path === undefined ? undefined : await recognise(path);
    if (found) return found.kind === 'backup' ? undefined : found;
  }
  return undefined;
}

/** Restores from a dump or from CSV files of the legacy layout. Says what was recognised first. */
export async function restoreFrom(
  found: Foreign,
  flags: RestoreFromFlags,
): Promise<{ where: ReturnType<typeof placeOf>; report: DumpReport }> {
  tellStep(`${found.path} is ${sentenceOf(found)}.`);
  const { where, open } = await openTarget(flags);
  const release = found.kind === 'dump backup' ? await markInUse(found.path) : async () => undefined;
  try {
    const mode = flags.dryRun ? ' (dry run: nothing will stay)' : '';
    const at = open ? ` on ${where.host}:${where.port}` : ', which is not made yet';
    tellStep(`Restoring from it into database ${where.database}${at}${mode}.`);
    const common = {
      target: open,
      isDryRun: flags.dryRun,
      allOrNothing: flags.allOrNothing,
      onlySchema: flags.schema,
      rejectsFile: flags.rejects ?? 'legacy-rejects.csv',
      conflictsFile: flags.conflicts ?? 'restore-conflicts.csv',
      onStep: tellStep,
      progress: streamProgress(process.stderr),
    };
    const work = flags.work ?? `${flags.dataDir ?? readDatabaseConfig().dataDir}-restore`;
    if (found.kind === 'csv')
      return { where, report: await restoreCsv({ ...common, from: found.path, scratch: join(resolve(work), 'csv.scratch') }) };
    const [path, form] =
      found.kind === 'dump'
        ? [found.path, found.form]
        : [await checkArchive(found.path, await readDumpBackup(found.path)), 'custom' as const];
    const source = await openDump(path, form, flags.pgRestore);
    const { database, encoding, acceptTruncated, acceptNewer } = flags;
    return { where, report: await restoreDump({ ...common, source, work, database, encoding, acceptTruncated, acceptNewer }) };
  } finally {
    await release();
    await open?.close();
  }
}

function sentenceOf(found: Foreign): string {
  if (found.kind === 'dump') return wordsFor[found.form];
  if (found.kind === 'dump backup') return 'a backup that pg_dump made';
  return `a folder of CSV files of the legacy layout: ${found.files.join(', ')}`;
}

/** The database, made ready for one that is new; undefined for a dry run where there is none. */
async function openTarget(
  flags: RestoreFromFlags,
): Promise<{ where: ReturnType<typeof placeOf>; open: OpenDatabase | undefined }> {
  const { dataDir, dryRun, confirm } = flags;
  let open: OpenDatabase;
  try {
    open = await openDatabase({ dataDir, onStep: tellStep });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATABASE_NOT_INITIALISED') throw error;
    const where = { host: '127.0.0.1', port: 0, database: embeddedDatabase, user: 'postgres' };
    if (dryRun) return { where, open: undefined };
    requireConfirmation(confirm, embeddedDatabase, 'an embedded server that will be made');
    open = await openDatabase({ dataDir, create: true, onStep: tellStep });
  }
  try {
    const where = placeOf(open.operatorUrl);
    if (!dryRun) requireConfirmation(confirm, where.database, `${where.host}:${where.port}`);
    if (dryRun || (await hasTables(open.operatorUrl))) return { where, open };
    // A database that is new needs passwords for the roles that will be made.
    await open.close();
    return { where, open: await openDatabase({ dataDir, create: true, onStep: tellStep }) };
  } catch (error) {
    await open.close();
    throw error;
  }
}
