import { isWhole, runDisaster } from '@bailiwick/database/drill/disaster';
import { makeScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { differences, stateOf } from '@bailiwick/database/drill/state';

let database: ScratchDatabase;

beforeAll(async () => {
  database = await makeScratchDatabase();
  await database.takeBase();
}, 240_000);

afterAll(async () => {
  await database.remove();
}, 60_000);

// npm run check:recovery does this twenty times. A seed that failed is repeated there or here.
test.each([
  ['approved', 'public'],
  // After a loss that was recovered from, so that the guard's record has an older one to mislead.
  ['off', 'public'],
  ['approved', 'case_management'],
] as const)(
  'with the guard %s: DROP SCHEMA %s CASCADE loses no acknowledged write of any system',
  async (guard, schema) => {
    const seed = Math.floor(Math.random() * 1_000_000);
    const report = await runDisaster({ ...database, guard, schema, seed });
    const { lost, recovery, refusal, acknowledged } = report;
    expect({ seed, lost, differences: report.differences, notBroughtBack: recovery.restore.notBroughtBack }).toEqual({
      seed,
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

test('a difference is told', async () => {
  // The gate itself: what is not there must not pass.
  const before = await stateOf(database.operatorUrl);
  const after = new Map(before);
  after.delete('content of public.people');
  expect(differences(before, after)).toEqual([
    expect.stringMatching(/^content of public\.people: was \d+ rows, .*, is not there$/),
  ]);
});
