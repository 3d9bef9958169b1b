import { AppError } from '@bailiwick/kernel/errors';
import type { BaseBackup } from '../archive/baseBackup.js';
import { withSession } from '../setup/connect.js';
import { guardLosses } from './guardLosses.js';
import type { Loss } from './guardLosses.js';
import { prepareScratch, removeScratch } from './scratchRecovery.js';
import type { ScratchPlace } from './scratchRecovery.js';
import { nameLosses, presentTables, surveyWal } from './walLosses.js';
import type { PresentTables, WalSurvey } from './walLosses.js';
import type { WalSource } from './walSegments.js';

export interface LossSearch {
  readonly operatorUrl: string;
  readonly database: string;
  readonly place: ScratchPlace;
  /** The newest first. */
  readonly bases: readonly BaseBackup[];
  readonly wal: WalSource;
}

export interface FoundLosses {
  /** The latest first. */
  readonly losses: Loss[];
  readonly present: PresentTables;
  /** Null when the guard's record was enough. */
  readonly survey: WalSurvey | null;
}

/** The last of a file's transactions that are looked at one by one. */
const mostCommits = 40;

/** What the guard wrote down of approved statements that were committed. Empty where the record itself is gone. */
export async function recordedLosses(operatorUrl: string): Promise<Pick<FoundLosses, 'losses' | 'present'>> {
  return withSession(operatorUrl, 'recover', async (client) => {
    const present = await presentTables(client);
    const { rows } = await client.query<{ has: boolean }>(
      `select to_regclass('guard.approvals') is not null and to_regclass('guard.destructive_statements') is not null as has`,
    );
    return { losses: rows[0]?.has ? await guardLosses(client) : [], present };
  });
}

/**
 * Whether a loss took something of the schema that is not there now: by its tables, where it took any. Of rows nobody can tell before the
 * recovery, so they count.
 */
export function isMissing({ took }: Loss, schema: string, { names }: PresentTables): boolean {
  if (!took.some((one) => one.schema === schema)) return false;
  const tables = took.filter(({ kind }) => kind === 'table');
  const own = tables.filter((one) => one.schema === schema);
  const tell = own.length > 0 ? own : tables;
  return tell.length === 0 || tell.some(({ name }) => !names.has(name.replaceAll('"', '')));
}

/**
 * The loss to go back before: the latest that took something of the schema that is missing now. The guard's record tells of what was approved. The WAL is always
 * looked into, from a base backup before that on: what went later while the guard was off would else be taken for part of it, and older rows for the last ones.
 * @throws NOT_FOUND when there is none.
 */
export async function findLoss(schema: string, search: LossSearch): Promise<{ loss: Loss; others: Loss[] }> {
  const { bases, place } = search;
  const recorded = await recordedLosses(search.operatorUrl);
  const isLost = (one: Loss): boolean => isMissing(one, schema, recorded.present);
  const known = recorded.losses.find(isLost);
  place.onStep(
    known
      ? `The guard's record has ${describeLoss(known)}. Looking into the WAL for what came after it.`
      : `The guard's record has no loss of schema ${schema} that is missing now. Looking into the WAL.`,
  );
  const before = known && (bases.find(({ stoppedAt }) => new Date(stoppedAt) <= known.at) ?? bases.at(-1));
  const found = await searchWal({ ...search, bases: before ? [before] : bases }, recorded, isLost, known);
  const [loss, ...earlier] = merged(recorded.losses, found.losses).filter(isLost);
  if (loss) return { loss, others: earlier.filter((one) => isLost({ ...one, took: withoutWhat(one, loss) })) };
  throw new AppError(
    'NOT_FOUND',
    `No loss of schema ${schema} is known: nothing that the guard let through, or that the WAL since ${bases.at(-1)?.stoppedAt ?? 'never'} tells of, is missing now. Nothing was changed.`,
    {
      hint: 'Rows that a DELETE or UPDATE took while the guard was off leave no name in the WAL: give the moment before it with --to <time>, for example --to 2026-11-22T14:05:00Z.',
    },
  );
}

/** What a loss took that a later one did not take once more. */
const withoutWhat = ({ took }: Loss, later: Loss): Loss['took'] =>
  took.filter(({ kind, name }) => !later.took.some((one) => one.kind === kind && one.name === name));

const merged = (recorded: readonly Loss[], found: readonly Loss[]): Loss[] =>
  [...recorded, ...found.filter((one) => !recorded.some(({ xid }) => xid === one.xid))].sort(latestFirst);

/** By their transactions, whose numbers go up and around: a clock may have gone back between two losses. */
export const latestFirst = (a: Pick<Loss, 'xid'>, b: Pick<Loss, 'xid'>): number => (Number(b.xid) - Number(a.xid)) | 0;

/**
 * What the WAL tells of losses that the guard has no record of, going back one base backup at a time until `isEnough`.
 * @param after only what was committed after it.
 */
export async function searchWal(
  { place, bases, wal, database }: LossSearch,
  { losses: recorded, present }: Pick<FoundLosses, 'losses' | 'present'>,
  isEnough: (loss: Loss) => boolean,
  after?: Loss,
): Promise<{ losses: Loss[]; survey: WalSurvey | null }> {
  let survey: WalSurvey | null = null;
  let losses: Loss[] = [];
  for (const base of bases) {
    const cluster = await prepareScratch(place, base, wal);
    const { gap } = cluster.wal;
    if (gap) place.onStep(`Warning: WAL segment ${gap.segment} ${gap.fault}; what was lost after it can not be seen.`);
    try {
      const server = await cluster.startAt({ kind: 'end' }, 'promoted');
      survey = await surveyWal(server, database, base.startLsn).finally(async () => server.stop());
    } finally {
      await removeScratch(place.folder);
    }
    const from = survey.commits.findIndex(({ xid }) => xid === after?.xid) + 1;
    const commits = survey.commits.slice(from).filter(({ xid }) => !recorded.some((one) => one.xid === xid));
    if (commits.length === 0) continue;
    if (commits.length > mostCommits)
      place.onStep(`Looking at the last ${mostCommits} of ${commits.length} transactions that took files away.`);
    const again = await prepareScratch(place, base, wal);
    try {
      losses = await nameLosses(again, commits.slice(-mostCommits), database, present);
    } finally {
      await removeScratch(place.folder);
    }
    if (losses.some(isEnough)) break;
  }
  return { losses, survey };
}

/** `DROP SCHEMA public CASCADE, by postgres at 2026-11-22T14:05:00.000Z: 4 tables of public, 323 rows`. */
export function describeLoss({ source, statement, by, at, took, xid }: Loss): string {
  const what = statement === null ? `transaction ${xid}, without the guard's leave,` : shortened(statement);
  return `${what}${by ? ` by ${by}` : ''} at ${at.toISOString()} (${source === 'wal' ? 'about ' : ''}${describeTaken(took)})`;
}

function describeTaken(took: Loss['took']): string {
  const tables = took.filter(({ kind }) => kind === 'table');
  const rows = took.reduce((sum, one) => sum + (one.rows ?? 0), 0);
  const count = (n: number, word: string): string => `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;
  const others = took.length - tables.length - took.filter(({ kind }) => kind === 'rows').length;
  const parts = [
    ...(tables.length
      ? [`${count(tables.length, 'table')} of ${[...new Set(tables.map(({ schema }) => schema))].join(', ')}`]
      : []),
    ...(rows ? [count(rows, 'row')] : []),
    ...(others > 0 ? [`${count(others, 'other thing')}`] : []),
  ];
  return parts.join(', ') || 'nothing that it names';
}

const shortened = (statement: string): string => {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
};
