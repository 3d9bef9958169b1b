import { isWhole } from './disaster.js';
import type { DisasterReport } from './disaster.js';

/** The report of a drill: one page for whoever answers for the data. */
export function drillPage(report: DisasterReport, prepared: number): string {
  const { schema, guard, seed, refusal, acknowledged, refused, lost, differences, recovery, seconds } = report;
  const number = (value: number): string => value.toLocaleString('en-US');
  const time = (value: number): string => `${value.toFixed(1)} s`;
  const rows = recovery.restore.tables.reduce((sum, table) => sum + table.broughtBack, 0);
  const all = acknowledged.beforeLoss + acknowledged.whileLost + acknowledged.afterRecovery;
  const wrong = [
    ...lost.map(
      ({ table, id, acknowledged: was, found }) =>
        `${table} ${id}: ${was ?? 'deleted'} was acknowledged, ${found ?? 'nothing'} is there`,
    ),
    ...differences,
    ...recovery.restore.notBroughtBack.map(({ what, why }) => `${what}: ${why}`),
  ];
  return [
    `Drill: ${isWhole(report) ? 'PASSED, nothing was lost' : 'FAILED'}`,
    '',
    `DROP SCHEMA ${schema} CASCADE, on a scratch database, with four writers in three systems. Seed ${seed}.`,
    '',
    refusal === null
      ? 'The guard     was switched off by a superuser; the loss was found in the WAL.'
      : `Refused       ${refusal}`,
    ...(guard === 'approved' ? ['Approved      by an operator, once; then it went through.'] : []),
    `Recovered     to ${recovery.moment}: ${number(rows)} rows, ${number(recovery.restore.made.length)} definitions`,
    `Acknowledged  ${number(all)} writes: ${number(acknowledged.beforeLoss)} before the loss, ${number(acknowledged.whileLost)} of the others while it lasted, ${number(acknowledged.afterRecovery)} after`,
    `Lost          ${number(lost.length)} of them; ${number(refused)} were answered with an error, which promises nothing`,
    `Compared      every other row, and every table, policy, foreign key and grant: ${number(differences.length)} differ`,
    '',
    `Times         scratch database and base backup ${time(prepared)}, to the loss ${time(seconds.toLoss)}, recovery ${time(seconds.recovery)}`,
    ...recovery.steps.map(({ step, seconds: took }) => `                ${step} ${time(took)}`),
    `              the schema was away for ${time(seconds.lost)}`,
    ...(wrong.length
      ? [
          '',
          'Wrong:',
          ...wrong.slice(0, 40).map((one) => `  ${one}`),
          ...(wrong.length > 40 ? [`  and ${wrong.length - 40} more`] : []),
        ]
      : []),
  ].join('\n');
}
