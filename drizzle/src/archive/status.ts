import { stat, statfs } from 'node:fs/promises';
import { ageOf, elapsed } from '../backup/record.js';
import { canReach, serverAccount } from '../embedded/account.js';
import { withSession } from '../setup/connect.js';
import { damagedBaseBackups, listBaseBackups } from './baseManifest.js';
import type { BaseBackup } from './baseManifest.js';
import type { Archive } from './place.js';
import { viewArchiver } from './serverView.js';
import type { ServerView } from './serverView.js';
import { walChain } from './verifyBaseBackup.js';
import { contradictedSegments, findSegment } from './walFiles.js';

/** Segments may wait this long, in seconds, before it is wrong. */
const patience = 60;

/** A span of time to any moment of which the cluster can be recovered. */
export interface RecoverableSpan {
  readonly from: Date;
  readonly to: Date;
}

export interface ArchiveStatus extends ServerView {
  /** What only the embedded server has; null for a server that exists, whose base backups are kept elsewhere. */
  readonly kept: {
    readonly folder: string;
    readonly baseBackups: { readonly name: string; readonly at: Date; readonly bytes: number }[];
    readonly spans: RecoverableSpan[];
  } | null;
  /** What is wrong, a sentence each. Empty: all is well. */
  readonly red: string[];
}

export interface ArchiveStatusOptions {
  /** Of the embedded server. */
  readonly archive?: Archive;
  readonly logFile?: string;
}

/** How archiving goes, and until when the cluster can be recovered. Changes nothing. */
export async function archiveStatus(url: string, { archive, logFile }: ArchiveStatusOptions = {}): Promise<ArchiveStatus> {
  const view = await withSession(url, 'status', async (client) => viewArchiver(client, logFile));
  if (!archive) return { ...view, kept: null, red: faultsOf(view) };
  const backups = await listBaseBackups(archive.baseFolder).catch(() => []);
  const baseBackups = backups.map(({ name, stoppedAt, bytes }) => ({ name, at: new Date(stoppedAt), bytes }));
  const kept = { folder: archive.folder, baseBackups, spans: await spansOf(backups, archive.walFolder) };
  return { ...view, kept, red: [...faultsOf(view), ...(await faultsOfFolder(archive, backups))] };
}

function faultsOf({ mode, method, isFailing, lastFailure, lastArchived, waiting }: ServerView): string[] {
  if (mode === 'off') return ['Archiving is off (archive_mode): what is written after the last backup can not be brought back.'];
  const red: string[] = [];
  if (!method) red.push('Archiving is on, but neither archive_library nor archive_command is set, or this role may not see it.');
  if (isFailing && lastFailure) {
    const since = lastArchived ? `nothing was archived since ${lastArchived.at.toISOString()}` : 'nothing was ever archived';
    red.push(
      `Archiving fails: ${lastFailure.segment} at ${lastFailure.at.toISOString()}: ${lastFailure.words ?? 'the server log says why'}; ${since}.`,
    );
  }
  if (waiting && waiting.oldestSeconds > patience) {
    red.push(`Archiving is behind: ${segments(waiting.count)}, the oldest for ${seconds(waiting.oldestSeconds)}.`);
  }
  return red;
}

/** The server notices a folder that it can't write when its next segment is complete, which may be a minute; we look at once. */
async function faultsOfFolder(archive: Archive, backups: readonly BaseBackup[]): Promise<string[]> {
  const { walFolder, baseFolder } = archive;
  const folder = await stat(walFolder).catch(() => undefined);
  if (!folder?.isDirectory()) return [`The folder of the archive, ${walFolder}, is not there.`, ...faultsOfBackups([])];
  const red: string[] = [];
  const account = serverAccount(folder.uid);
  if (!canReach(account ?? { name: '', uid: folder.uid, gid: folder.gid }, '-w', walFolder)) {
    red.push(`The folder of the archive, ${walFolder}, can not be written${account ? ` by user ${account.name}` : ''}.`);
  }
  const { bavail, bsize } = await statfs(walFolder);
  const room = 2 * (backups[0]?.walSegmentSize ?? 16 * 1024 * 1024);
  if (bavail * bsize < room) {
    red.push(`The disk of the archive is full: ${Math.floor((bavail * bsize) / 1_000_000)} MB are free for ${walFolder}.`);
  }
  for (const { fault } of await damagedBaseBackups(baseFolder)) red.push(fault.message);
  const [newest] = backups;
  const missing = newest && (await walChain(newest, walFolder)).missing;
  if (missing)
    red.push(
      `WAL segment ${missing} is missing from ${walFolder}: the newest base backup leads to its beginning and no further.`,
    );
  for (const segment of await contradictedSegments(walFolder)) {
    red.push(`WAL segment ${segment} was archived twice with different content: was this cluster put back from a copy?`);
  }
  return [...red, ...faultsOfBackups(backups)];
}

function faultsOfBackups(backups: readonly BaseBackup[]): string[] {
  if (backups.length > 0) return [];
  return ['There is no base backup, and archived WAL leads nowhere without one. Take one with: npm run db -- backup --base'];
}

async function spansOf(backups: readonly BaseBackup[], walFolder: string): Promise<RecoverableSpan[]> {
  const spans: RecoverableSpan[] = [];
  let covered: string[] = [];
  for (const backup of backups.toReversed()) {
    if (covered.includes(backup.startSegment)) continue;
    const { names, missing } = await walChain(backup, walFolder);
    // It lacks WAL that it needs itself.
    if (missing && missing <= backup.stopSegment) continue;
    covered = names;
    const last = await findSegment(walFolder, names.at(-1) ?? '');
    const to = last && (await stat(last.path).catch(() => undefined))?.mtime;
    const from = new Date(backup.stoppedAt);
    spans.push({ from, to: to && to > from ? to : from });
  }
  return spans;
}

const segments = (count: number): string => `${count} WAL segment${count === 1 ? ' waits' : 's wait'}`;
const seconds = (count: number): string => (count < 120 ? `${count} s` : elapsed(count * 1000));

/** Sentences for `db status`. What is wrong is told apart, from `red`. */
export function describeArchive(status: ArchiveStatus, now: Date = new Date()): string {
  const { mode, method, lastArchived, lastFailure, waiting, kept } = status;
  const age = (at: Date) => ageOf(at, now, (milliseconds) => seconds(Math.max(0, Math.round(milliseconds / 1000))));
  if (mode === 'off') return 'Archive: off.';
  return [
    `Archive: ${mode}, by ${method ?? 'nothing'}${kept ? `, in ${kept.folder}` : ''}.`,
    lastArchived ? `Last archived: ${lastArchived.segment} (${age(lastArchived.at)}).` : 'Last archived: nothing yet.',
    !waiting
      ? 'Waiting: only a superuser or a member of pg_monitor may see it.'
      : waiting.count
        ? `Waiting: ${segments(waiting.count)}, the oldest for ${seconds(waiting.oldestSeconds)}.`
        : 'Waiting: nothing.',
    lastFailure
      ? `Last failure: ${lastFailure.segment} (${age(lastFailure.at)})${lastFailure.words ? `: ${lastFailure.words}` : ''}.`
      : 'Last failure: none.',
    ...(kept ? describeKept(kept, age) : ['Base backups: not kept by Bailiwick for a server that exists (docs/archive.md).']),
  ].join('\n');
}

function describeKept({ baseBackups, spans }: NonNullable<ArchiveStatus['kept']>, age: (at: Date) => string): string[] {
  const [newest] = baseBackups;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_000_000).toLocaleString('en-US')} MB`;
  return [
    newest
      ? `Newest base backup: ${newest.name} (${age(newest.at)}), ${megabytes(newest.bytes)}; ${baseBackups.length} kept.`
      : 'Newest base backup: none.',
    ...spans.map(({ from, to }) => `Recoverable: any moment from ${from.toISOString()} to ${to.toISOString()}.`),
  ];
}
