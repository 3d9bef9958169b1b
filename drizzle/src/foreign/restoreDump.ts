import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readManifest } from '../backup/manifest.js';
import type { Backup } from '../backup/manifest.js';
import { restoreBackup } from '../backup/restoreBackup.js';
import type { RestoreReport } from '../backup/restoreBackup.js';
import { withSession } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { hasTables, importLegacy, isMade } from './importLegacy.js';
import type { LegacyReport } from './importLegacy.js';
import { withScratch } from './scratch.js';
import { takeOut } from './takeOut.js';
import type { TakeOutOptions } from './takeOut.js';
import type { Extraction } from './workFolder.js';

/** The database that is restored into. */
export interface Target {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
}

export interface RestoreDumpOptions extends TakeOutOptions {
  /** Undefined for a dry run where there is no database yet: it is rehearsed in a scratch server. */
  readonly target: Target | undefined;
  readonly onlySchema?: string;
  readonly isDryRun?: boolean;
  readonly allOrNothing?: boolean;
  /** Rows that a restore contradicts. */
  readonly conflictsFile?: string;
  /** Rows that the import rejects. */
  readonly rejectsFile?: string;
}

export interface DumpReport {
  readonly isDryRun: boolean;
  /** Whether a dry run was made in a scratch server, because the database is not made yet. */
  readonly isRehearsed: boolean;
  /** Whether an earlier run had read the dump already. */
  readonly isResumed: boolean;
  /** Null for a folder of CSV files. */
  readonly extraction: Extraction | null;
  /** One of the two. */
  readonly restored: RestoreReport | null;
  readonly legacy: LegacyReport | null;
}

/**
 * Restores from a dump: takes its rows out through a scratch server, then brings them back like a backup (a Bailiwick database) or imports them (the legacy layout).
 * @throws what takeOut, restoreBackup and importLegacy throw.
 */
export async function restoreDump(options: RestoreDumpOptions): Promise<DumpReport> {
  const { place, extraction, isResumed } = await takeOut(options);
  try {
    const report =
      extraction.layout === 'legacy'
        ? await restoreCsv({ ...options, from: join(place.folder, 'csv'), scratch: place.scratch })
        : await restoreSaved(options, await savedIn(place.folder, extraction), place.scratch);
    if (!report.isDryRun) await place.remove();
    return { ...report, isResumed, extraction };
  } finally {
    await place.close();
  }
}

/** It was taken of the scratch server; what it holds is of the server that was dumped. */
async function savedIn(folder: string, { backup: path, survey }: Extraction): Promise<Backup> {
  const backup = await readManifest(join(folder, path ?? ''));
  const serverVersion = survey.serverVersion ?? 'unknown';
  const serverVersionNumber = (Number.parseInt(serverVersion, 10) || 0) * 10_000;
  const source = { ...backup.manifest.source, serverVersion, serverVersionNumber };
  return { ...backup, manifest: { ...backup.manifest, source } };
}

async function restoreSaved(options: RestoreDumpOptions, backup: Backup, scratchPlace: string): Promise<DumpReport> {
  const { target, onlySchema, isDryRun = false, allOrNothing, acceptNewer, conflictsFile, onStep, progress } = options;
  const run = async (into: Target, isRehearsed: boolean): Promise<DumpReport> => {
    const how = { isDryRun: isDryRun && !isRehearsed, allOrNothing, acceptNewer };
    const restored = await restoreBackup({ ...into, ...how, backup, onlySchema, conflictsFile, onStep, progress });
    return { isDryRun, isRehearsed, isResumed: false, extraction: null, restored: { ...restored, isDryRun }, legacy: null };
  };
  const needsScratch = isDryRun && !(target && (await hasTables(target.operatorUrl)));
  return atTarget({ target, needsScratch, scratch: scratchPlace, onStep }, run);
}

export interface RestoreCsvOptions extends Pick<
  RestoreDumpOptions,
  'target' | 'isDryRun' | 'allOrNothing' | 'rejectsFile' | 'onlySchema' | 'onStep' | 'progress'
> {
  /** The folder of the CSV files. */
  readonly from: string;
  /** Where a scratch server may stand. */
  readonly scratch: string;
}

/**
 * Restores from a folder of CSV files of the legacy layout.
 * @throws what importLegacy throws, and BAD_USER_INPUT for one schema alone.
 */
export async function restoreCsv(options: RestoreCsvOptions): Promise<DumpReport> {
  const { target, from, isDryRun = false, allOrNothing, rejectsFile, onlySchema, scratch, onStep, progress } = options;
  if (onlySchema !== undefined) {
    throw new AppError(
      'BAD_USER_INPUT',
      `--schema ${onlySchema} is for databases that have schemas; the legacy layout had both systems in one.`,
      {
        hint: 'Leave --schema out. Tables that are not to be imported: take their CSV files out of the folder.',
      },
    );
  }
  const run = async (into: Target, isRehearsed: boolean): Promise<DumpReport> => {
    const dry = isDryRun && !isRehearsed;
    const legacy = await importLegacy({ ...into, from, isDryRun: dry, allOrNothing, rejectsFile, onStep, progress });
    const imported = { ...legacy.imported, isDryRun };
    return { isDryRun, isRehearsed, isResumed: false, extraction: null, restored: null, legacy: { ...legacy, imported } };
  };
  const needsScratch = isDryRun && !(target && (await isMade(target.operatorUrl)));
  return atTarget({ target, needsScratch, scratch, onStep }, run);
}

interface Place {
  readonly target: Target | undefined;
  readonly needsScratch: boolean;
  readonly scratch: string;
  readonly onStep: (sentence: string) => void;
}

/** At the database itself; or, for a dry run of a database that is not made yet, at one in a scratch server. */
async function atTarget(
  { target, needsScratch, scratch: folder, onStep }: Place,
  run: (into: Target, isRehearsed: boolean) => Promise<DumpReport>,
): Promise<DumpReport> {
  if (target && !needsScratch) return run(target, false);
  onStep('The database is not made yet, so the dry run is made in a scratch server.');
  return withScratch(folder, onStep, async (scratch) => {
    await withSession(scratch.operatorUrl('postgres'), 'scratch', async (client) =>
      client.query(`create database bailiwick template template0 encoding 'UTF8'`),
    );
    return run({ operatorUrl: scratch.operatorUrl('bailiwick'), credentials: scratch.credentials }, true);
  });
}
