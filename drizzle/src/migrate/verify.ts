import { AppError } from '@bailiwick/kernel/errors';
import { changesBetween } from '../plan/changes.js';
import type { Change } from '../plan/changes.js';
import type { Catalogue } from '../plan/catalogue.js';
import type { RowChange } from '../plan/observations.js';
import type { PlannedMigration } from '../plan/planMigrations.js';

/**
 * Holds what a file did against what it did in its rehearsal: the same things made, altered and dropped, and no row deleted in a table
 * where the rehearsal deleted none.
 * @throws PLAN_DIFFERS, on which the transaction is to be rolled back.
 */
export function verifyApplied(planned: PlannedMigration, before: Catalogue, after: Catalogue, rows: readonly RowChange[]): void {
  const key = ({ action, kind, name, detail }: Change): string => JSON.stringify([action, kind, name, detail]);
  const done = changesBetween(before, after);
  const wanted = new Set(planned.changes.map(key));
  const found = new Set(done.map(key));
  const differences = [
    ...done
      .filter((one) => !wanted.has(key(one)))
      .map((one) => `${one.kind} ${one.name} was ${one.action}, other than in the rehearsal`),
    ...planned.changes
      .filter((one) => !found.has(key(one)))
      .map((one) => `${one.kind} ${one.name} was not ${one.action} as in the rehearsal`),
    ...rows
      .filter(
        ({ schema, table, deleted }) =>
          deleted > 0 && !planned.rows.some((row) => row.deleted > 0 && row.schema === schema && row.table === table),
      )
      .map(({ schema, table, deleted }) => `${deleted} rows of ${schema}.${table} were deleted, and none in the rehearsal`),
  ];
  const [first, ...others] = differences;
  if (first === undefined) return;
  throw new AppError(
    'PLAN_DIFFERS',
    `${planned.name}.sql did something else than in its rehearsal: ${first}${others.length ? `; and ${others.length} more` : ''}. Nothing of ${planned.name}.sql was applied.`,
    {
      hint: 'Somebody may have changed the database at the same moment: plan it again. A file whose statements depend on chance or time can not be held to its plan.',
    },
  );
}
