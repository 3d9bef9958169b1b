import { isWhole, runDisaster } from '@bailiwick/database/drill/disaster';
import type { DisasterOptions } from '@bailiwick/database/drill/disaster';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { makeArchivedDatabase } from '../support/archivedDatabase.js';

/** A loss, and the seed of everything that is random in it. `npm run check:recovery` draws others, twenty times. */
type Story = Pick<DisasterOptions, 'guard' | 'schema' | 'seed'>;

/** Declares a test for each loss, all on one server, one after the other. */
export function testFoundingStory(stories: readonly Story[]): void {
  let database: ScratchDatabase;

  beforeAll(async () => {
    database = await makeArchivedDatabase();
  }, 240_000);

  afterAll(async () => {
    await database.remove();
  }, 60_000);

  test.each(stories)(
    'with the guard $guard: DROP SCHEMA $schema CASCADE loses no acknowledged write of any system (seed $seed)',
    async ({ guard, schema, seed }) => {
      const report = await runDisaster({ ...database, guard, schema, seed });
      const { lost, recovery, refusal, acknowledged } = report;
      expect({ lost, differences: report.differences, notBroughtBack: recovery.restore.notBroughtBack }).toEqual({
        lost: [],
        differences: [],
        notBroughtBack: [],
      });
      expect(isWhole(report)).toBe(true);
      expect(recovery.loss?.source).toBe(guard === 'off' ? 'wal' : 'guard');
      if (guard === 'approved') expect(refusal).toContain(`DROP_REFUSED: DROP SCHEMA ${schema} would remove`);
      expect(Math.min(acknowledged.beforeLoss, acknowledged.whileLost, acknowledged.afterRecovery)).toBeGreaterThan(0);
      expect(recovery.restore.tables.filter(({ isContentEqual }) => !isContentEqual)).toEqual([]);
    },
    240_000,
  );
}
