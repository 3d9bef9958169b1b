import { readMigrations } from '@bailiwick/database/migrate/files';
import { appliedMigrations } from '@bailiwick/database/migrate/history';
import { planMigrations } from '@bailiwick/database/plan/planMigrations';
import type { PlanOptions, PlannedMigration } from '@bailiwick/database/plan/planMigrations';
import { describeLoss } from '@bailiwick/database/plan/losses';
import { withSession } from '@bailiwick/database/setup/connect';
import type { TestDatabase } from '../../tests/support/database.js';
import { folderWith, next } from './migrateSupport.js';

export const nth = (n: number): string => String(Number(next) + n).padStart(3, '0');

/** Plans files that come after those that are shipped; the first of a test gets the next number. */
export async function plan(
  database: Pick<TestDatabase, 'operatorUrl' | 'credentials'>,
  files: Record<string, string>,
  options: Partial<PlanOptions> = {},
): Promise<PlannedMigration[]> {
  const folder = await folderWith(files);
  const known = await withSession(database.operatorUrl, 'tests', appliedMigrations);
  const all = await readMigrations(folder);
  const pending = all.filter(({ name }) => !known.some((one) => one.name === name));
  return planMigrations(pending, { operatorUrl: database.operatorUrl, credentials: database.credentials, ...options });
}

/** Plans one file of case management. */
export async function planOne(
  database: TestDatabase,
  sql: string,
  options: Partial<PlanOptions> = {},
): Promise<PlannedMigration> {
  const [one] = await plan(database, { [`${next}_case_management_one.sql`]: sql }, options);
  if (!one) throw new Error('Nothing was planned.');
  return one;
}

export const lossesOf = ({ losses }: PlannedMigration): string[] => losses.map(describeLoss);

export const changesOf = ({ changes }: PlannedMigration, action: string): string[] =>
  changes.filter((change) => change.action === action && change.kind !== 'grant').map(({ kind, name }) => `${kind} ${name}`);
