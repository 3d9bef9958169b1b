import type { Change } from './changes.js';
import { describeLoss } from './losses.js';
import type { HeldLock, RowChange } from './observations.js';
import type { PlannedMigration } from './planMigrations.js';

const number = (value: number): string => value.toLocaleString('en-US');

/** Whether `migrate` would refuse the file until somebody approves it. */
export const needsApproval = ({ losses, approval }: PlannedMigration): boolean => losses.length > 0 && approval === null;

/** A plan for people. */
export function describePlan(plan: readonly PlannedMigration[]): string {
  if (plan.length === 0) return 'Nothing to plan: no migration is pending.';
  const losing = plan.filter(({ losses }) => losses.length > 0);
  const end = losing.length
    ? `${losing.length} of ${plan.length} ${plan.length === 1 ? 'file' : 'files'} would lose something.`
    : `${plan.length} ${plan.length === 1 ? 'file' : 'files'}: nothing would be lost.`;
  return [
    ...plan.flatMap((one) => [...describeFile(one), '']),
    `${end} Everything was rolled back; the database is as it was.`,
  ].join('\n');
}

function describeFile(one: PlannedMigration): string[] {
  const { name, owner, changes, losses, rows, locks, findings, approval, refusedStatements, milliseconds } = one;
  const lines = [`${name}.sql (${owner}), rehearsed in ${number(milliseconds)} ms`];
  const say = (word: string, texts: readonly string[]): void =>
    texts.forEach((text, index) => lines.push(`  ${(index === 0 ? word : '').padEnd(8)}${text}`));
  for (const [action, word] of [
    ['created', 'creates'],
    ['altered', 'alters'],
    ['dropped', 'drops'],
  ] as const) {
    say(word, describeChanges(changes.filter((change) => change.action === action)));
  }
  say(
    'LOSES',
    losses.map((loss) => `${describeLoss(loss)}${loss.line === null ? '' : `, line ${loss.line}`}`),
  );
  say('writes', rows.map(describeRows));
  say('keeps', describeLocks(locks));
  say('check', findings);
  if (losses.length > 0) {
    say('approval', [
      approval ? ` by ${approval.approvedBy}, until ${approval.expiresAt.toISOString()}: ${approval.because}` : ' none yet',
    ]);
  } else if (refusedStatements.length > 0) {
    say('note', ['it drops only what these files make themselves; migrate approves that by itself when it runs as a superuser']);
  }
  if (lines.length === 1) lines.push('  changes nothing');
  return lines;
}

/** Of these every one is named; of others, such as grants and comments, only a few. */
const namedKinds = new Set([
  'schema',
  'table',
  'column',
  'view',
  'materialized view',
  'function',
  'type',
  'domain',
  'sequence',
  'extension',
]);

function describeChanges(changes: readonly Change[]): string[] {
  const kinds = [...new Set(changes.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const ofKind = changes.filter((change) => change.kind === kind);
    const most = namedKinds.has(kind) ? 20 : 3;
    const named = ofKind.slice(0, most).map(({ action, name, detail }) => {
      const isShort = kind === 'column' || detail.startsWith('renamed to ');
      return isShort && action !== 'dropped' ? `${name} (${detail})` : name;
    });
    const more = ofKind.length > most ? `, and ${number(ofKind.length - most)} more` : '';
    return `${ofKind.length === 1 ? kind : `${number(ofKind.length)} × ${kind}`} ${named.join(', ')}${more}`;
  });
}

function describeRows({ schema, table, inserted, updated, deleted }: RowChange): string {
  const parts = [
    [inserted, 'inserted'],
    [updated, 'updated'],
    [deleted, 'deleted'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
  return `${schema}.${table}: ${said.join(', ')}`;
}

function describeLocks(locks: readonly HeldLock[]): string[] {
  return (['readers and writers', 'writers'] as const).flatMap((blocks) => {
    const tables = locks.filter((lock) => lock.blocks === blocks).map(({ schema, table }) => `${schema}.${table}`);
    return tables.length ? [`${blocks} out of ${tables.join(', ')} while it runs`] : [];
  });
}
