import { AppError } from '@bailiwick/kernel/errors';
import { listBaseBackups, takeBaseBackup, verifyBaseBackup } from '../archive/baseBackup.js';
import type { BaseBackup } from '../archive/baseBackup.js';
import { damagedBaseBackups } from '../archive/baseManifest.js';
import { defaultKeepBase, expireArchive } from '../archive/expire.js';
import type { KeepBase } from '../archive/expire.js';
import { archiveOf } from '../archive/place.js';
import type { Archive } from '../archive/place.js';
import { parseKeep } from '../backup/retention.js';
import { readDatabaseConfig } from '../config.js';
import { openDatabase } from '../operator.js';
import { printResult, tellStep } from './output.js';

interface BaseFlags {
  json?: boolean;
  dataDir?: string;
}

const number = (value: number): string => value.toLocaleString('en-US');

/** The base backup part of `db backup`: take one, and remove what need not be kept. */
export async function backupBase(flags: BaseFlags & { keep?: string }): Promise<void> {
  const keep = flags.keep === undefined ? defaultKeepBase : parseKeepBase(flags.keep);
  refuseExistingServer();
  const open = await openDatabase({ dataDir: flags.dataDir, onStep: tellStep });
  try {
    if (!open.archive) throw notArchived(flags.dataDir);
    const began = performance.now();
    const backup = await takeBaseBackup({ operatorUrl: open.operatorUrl, archive: open.archive, onStep: tellStep });
    const seconds = (performance.now() - began) / 1000;
    const removed = await expireArchive(open.archive, keep);
    printResult(
      flags.json,
      { ...backup, removed, seconds },
      [
        `Copied the cluster, ${number(backup.bytes)} bytes in ${seconds.toFixed(1)} s: ${backup.path}`,
        ...(removed.baseBackups.length ? [`Removed: base backups ${removed.baseBackups.join(', ')}.`] : []),
        ...(removed.walFiles
          ? [`Removed: ${removed.walFiles} WAL file${removed.walFiles === 1 ? '' : 's'} that nothing needs any more.`]
          : []),
        `Recoverable from ${backup.stoppedAt} on. Next: npm run db -- verify --base`,
      ].join('\n'),
    );
  } finally {
    await open.close();
  }
}

/** `db backup --base --list` */
export async function listBase({ json, dataDir }: BaseFlags): Promise<void> {
  const { baseFolder } = await archiveThere(dataDir);
  const found = await listBaseBackups(baseFolder);
  const damaged = await damagedBaseBackups(baseFolder);
  const line = ({ name, stoppedAt, bytes, startSegment, serverVersion }: BaseBackup) =>
    `${name}  recoverable from ${stoppedAt}, ${number(bytes)} bytes, WAL from ${startSegment}, PostgreSQL ${serverVersion}`;
  const faults = damaged.map(({ name, fault }) => ({ name, code: fault.code, message: fault.message }));
  printResult(
    json,
    { folder: baseFolder, baseBackups: found, damaged: faults },
    [
      ...(found.length ? found.map(line) : [`${baseFolder} has no complete base backup.`]),
      ...faults.map(({ name, code, message }) => `${name}  ${code}: ${message}`),
    ].join('\n'),
  );
}

/** The base backup part of `db verify`. */
export async function verifyBase(named: string | undefined, { json, dataDir }: BaseFlags): Promise<void> {
  const { baseFolder, walFolder } = await archiveThere(dataDir);
  const found = await listBaseBackups(baseFolder);
  const backup = named === undefined ? found[0] : found.find(({ name }) => name === named);
  if (!backup) {
    const fault = (await damagedBaseBackups(baseFolder)).find(({ name }) => name === named)?.fault;
    throw (
      fault ??
      new AppError('NOT_FOUND', `${baseFolder} has no complete base backup${named ? ` ${named}` : ''}.`, {
        hint: 'npm run db -- backup --base --list names those that are there.',
      })
    );
  }
  tellStep(`Reading base backup ${backup.name} and the WAL from ${backup.startSegment} on: ${backup.path}.`);
  const proof = await verifyBaseBackup(backup, walFolder);
  printResult(
    json,
    { name: backup.name, path: backup.path, ...proof },
    `All ${proof.files} files of ${backup.name} are as they were written, ${number(proof.bytes)} bytes; ` +
      `${proof.segments} WAL segments follow without a gap, to ${proof.lastSegment}.`,
  );
}

/** Which of them stay: `last` and `daily` of the words that --keep knows. */
function parseKeepBase(text: string): KeepBase {
  const { last, daily, weekly, monthly } = parseKeep(text);
  if (weekly || monthly) {
    throw new AppError('BAD_USER_INPUT', `--keep got "${text}", and base backups know last and daily only.`, {
      hint: 'Write it like --keep last=2,daily=1: at least two, and whatever is needed to recover any moment of the last day.',
    });
  }
  return { last, days: daily };
}

function refuseExistingServer(): void {
  if (!readDatabaseConfig().databaseUrl) return;
  throw new AppError(
    'BAD_USER_INPUT',
    'Base backups are taken of the embedded server only, and DATABASE_URL names another one.',
    {
      hint: 'docs/archive.md has a pgBackRest configuration for it.',
    },
  );
}

function notArchived(dataDir: string | undefined): AppError {
  const folder = dataDir ?? readDatabaseConfig().dataDir;
  return new AppError('NOT_FOUND', `Nothing was archived yet for the data directory ${folder}.`, {
    hint: 'Archiving begins with the next start of the embedded server; then take a base backup with: npm run db -- backup --base',
  });
}

async function archiveThere(dataDir: string | undefined): Promise<Archive> {
  const archive = await archiveOf(dataDir ?? readDatabaseConfig().dataDir);
  if (!archive) throw notArchived(dataDir);
  return archive;
}
