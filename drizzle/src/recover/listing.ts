import { describeLoss, latestFirst, recordedLosses, searchWal } from './beforeLoss.js';
import type { Loss } from './guardLosses.js';
import { serverAccount } from '../embedded/account.js';
import { scratchPlace } from './recover.js';
import type { RecoverOptions } from './recover.js';
import { clearScratch } from './scratchRecovery.js';
import { askLiveServer, findSource } from './source.js';
import type { RestorePoint } from './walLosses.js';
import { openWorkspace } from './workspace.js';

export interface Listing {
  /** ISO 8601, UTC; the WAL begins to be of use here. */
  readonly from: string | null;
  /** By the clock of the database server. */
  readonly to: string;
  readonly baseBackups: readonly { readonly name: string; readonly stoppedAt: string; readonly bytes: number }[];
  /** The latest first. */
  readonly losses: readonly Loss[];
  /** Null when the WAL was not looked into. */
  readonly restorePoints: readonly RestorePoint[] | null;
  /** Archives of clusters that lay in this data directory before. */
  readonly otherClusters: readonly string[];
}

/** Where a recovery can go: losses that are known, and with `searchWal` those that only the WAL tells of, and restore points. */
export async function listMoments(
  options: Pick<RecoverOptions, 'operatorUrl' | 'dataDir' | 'workFolder' | 'onStep' | 'progress' | 'cluster'> & {
    readonly searchWal?: boolean;
  },
): Promise<Listing> {
  const { operatorUrl, dataDir, onStep = () => undefined } = options;
  const live = await askLiveServer(operatorUrl);
  const source = await findSource(dataDir, live, options.cluster);
  const { archive, bases, isOwn, others } = source;
  const recorded = await recordedLosses(operatorUrl);
  let losses = isOwn ? recorded.losses : [];
  let restorePoints: RestorePoint[] | null = null;
  if (options.searchWal && bases.length > 0) {
    const workspace = await openWorkspace(dataDir, options.workFolder, serverAccount(live.owner));
    try {
      await clearScratch(workspace.scratch, onStep);
      const place = await scratchPlace(options, live, workspace);
      const wal = {
        archiveFolder: archive.walFolder,
        liveFolder: isOwn ? live.walFolder : undefined,
        liveEnd: isOwn ? live.flushed : undefined,
      };
      // From the oldest base backup on: that is all there is.
      const oldest = bases.slice(-1);
      const found = await searchWal({ operatorUrl, database: live.database, place, bases: oldest, wal }, recorded, () => true);
      const unknown = found.losses.filter(({ xid }) => !losses.some((one) => one.xid === xid));
      losses = [...losses, ...unknown].sort(latestFirst);
      restorePoints = found.survey?.restorePoints ?? [];
    } finally {
      await workspace.release();
    }
  }
  return {
    from: bases.at(-1)?.stoppedAt ?? null,
    to: live.now.toISOString(),
    baseBackups: bases.map(({ name, stoppedAt, bytes }) => ({ name, stoppedAt, bytes })),
    losses,
    restorePoints,
    otherClusters: others,
  };
}

export function listingText({ from, to, baseBackups, losses, restorePoints, otherClusters }: Listing): string {
  return [
    from === null
      ? 'A recovery can not go anywhere yet: the archive has no base backup. Take one with: npm run db -- backup --base'
      : `A recovery can go to any moment from ${from} to ${to}.`,
    '',
    losses.length ? 'Losses, the latest first:' : 'Losses: the guard let none through.',
    ...losses.map((loss) => `  ${describeLoss(loss)}`),
    ...(restorePoints === null
      ? ['Restore points, and losses while the guard was off: add --search-wal.']
      : [
          restorePoints.length ? 'Restore points:' : 'Restore points: none.',
          ...restorePoints.map(({ name, after }) => `  ${name}${after ? `, after ${after.toISOString()}` : ''}`),
        ]),
    'Base backups:',
    ...baseBackups.map(
      ({ name, stoppedAt, bytes }) => `  ${name}, finished ${stoppedAt}, ${bytes.toLocaleString('en-US')} bytes`,
    ),
    ...(otherClusters.length ? [`Archives of clusters that lay here before (--cluster): ${otherClusters.join(', ')}.`] : []),
  ].join('\n');
}
