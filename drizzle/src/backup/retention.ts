import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { isFromFuture, listBackups, removeBackup } from './folder.js';
import type { ListedBackup } from './folder.js';
import { isInUse } from './inUse.js';

/** How many to keep: the newest ones, and the newest of each of the last days, weeks (from Monday) and months that have one. UTC. */
export interface Keep {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

const kinds = ['last', 'daily', 'weekly', 'monthly'] as const;

/**
 * Reads `last=7,daily=7,weekly=4,monthly=12`; what is not named is 0.
 * @throws BAD_USER_INPUT.
 */
export function parseKeep(text: string): Keep {
  const keep: Record<(typeof kinds)[number], number> = { last: 0, daily: 0, weekly: 0, monthly: 0 };
  for (const part of text.split(',')) {
    const [, kind, count] = /^(last|daily|weekly|monthly)=(\d{1,4})$/.exec(part.trim()) ?? [];
    const known = kinds.find((one) => one === kind);
    if (!known) {
      throw new AppError('BAD_USER_INPUT', `--keep got "${part}", which says not how many of what to keep.`, {
        hint: 'Write it like --keep last=7,daily=7,weekly=4,monthly=12',
      });
    }
    keep[known] = Number(count);
  }
  return keep;
}

const day = (at: Date): string => at.toISOString().slice(0, 10);
const periods: Record<Exclude<keyof Keep, 'last'>, (at: Date) => string> = {
  daily: day,
  weekly: (at) => day(new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * 86_400_000)),
  monthly: (at) => at.toISOString().slice(0, 7),
};

export interface Dated {
  readonly name: string;
  readonly takenAt: Date;
  readonly isProven: boolean;
}

/**
 * Which of the backups of one database go. The newest never does, nor the newest proven one: while nothing newer is proven, it is the only
 * one of which is known that it comes back.
 * @param backups in any order.
 */
export function superfluous(backups: readonly Dated[], keep: Keep): string[] {
  const sorted = [...backups].sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const kept = new Set(sorted.slice(0, Math.max(1, keep.last)).map(({ name }) => name));
  const proven = sorted.find(({ isProven }) => isProven);
  if (proven) kept.add(proven.name);
  for (const kind of ['daily', 'weekly', 'monthly'] as const) {
    const seen = new Set<string>();
    for (const { name, takenAt } of sorted) {
      const period = periods[kind](takenAt);
      if (seen.has(period)) continue;
      if (seen.size === keep[kind]) break;
      seen.add(period);
      kept.add(name);
    }
  }
  return sorted.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
}

export interface KeepOptions {
  /** The name of the backup that was taken right now, which stays whatever the clock says. */
  readonly justTaken?: string;
  readonly now?: Date;
  readonly onStep?: (sentence: string) => void;
}

/**
 * Removes what need not be kept. Backups of another database, of one schema and of all, and those of pg_dump, are counted apart. Damaged ones are left alone, and so are those
 * that a wrong clock dated in the future: counted among the others they would be the newest for ever, and what is really new would go.
 */
export async function applyKeep(root: string, keep: Keep, options: KeepOptions = {}): Promise<string[]> {
  const { justTaken, now = new Date(), onStep = () => undefined } = options;
  const groups = new Map<string, ListedBackup[]>();
  for (const listed of await listBackups(root)) {
    const about = listed.backup?.manifest ?? listed.dump;
    if (!about) continue;
    const { source, onlySchema, takenAt } = about;
    if (isFromFuture(takenAt, now)) {
      onStep(
        `Warning: backup ${listed.name} says that it was taken at ${takenAt}, which is in the future. --keep leaves it alone.`,
      );
      continue;
    }
    const key = JSON.stringify([source.systemIdentifier, source.database, onlySchema, listed.dump !== undefined]);
    groups.set(key, [...(groups.get(key) ?? []), listed]);
  }
  const removed: string[] = [];
  for (const group of groups.values()) {
    const dated = group.map(({ name, backup, dump, proof }) => ({
      name,
      takenAt: new Date(backup?.manifest.takenAt ?? dump?.takenAt ?? 0),
      isProven: proof !== undefined && proof.manifestChecksum === backup?.manifestChecksum,
    }));
    for (const name of superfluous(dated, keep)) {
      if (name === justTaken) continue;
      if (await isInUse(join(root, name))) {
        onStep(`Backup ${name} is being read; the next run with --keep removes it.`);
        continue;
      }
      await removeBackup(root, name);
      removed.push(name);
    }
  }
  return removed;
}
