import { createRandom } from '@bailiwick/database/sample/random';
import { serverOfRun } from '../../support/database.js';
import { openGround } from './ground.js';
import type { Ground } from './ground.js';
import { killVerb } from './killVerb.js';
import type { Victim } from './killVerb.js';
import { verbs } from './verbs.js';

/** For the deep tests. */
export const manyVictims: readonly Victim[] = ['command', 'session', 'command', 'command', 'session', 'command', 'command'];

/** Declares a test for each of these verbs: killed once by each of the victims, at moments spread over its work. */
export function testKills(names: readonly string[], victims: readonly Victim[]): void {
  let ground: Ground;

  beforeAll(async () => {
    ground = await openGround(await serverOfRun());
  });
  afterAll(async () => {
    await ground.close();
  });

  // `npm run check:kills` does the same at thirty points, and kills processes of PostgreSQL too.
  test.each(verbs.filter(({ name }) => names.includes(name)).map((verb) => [verb.name, verb] as const))(
    '%s leaves the old state or the new one when it is killed, and the next run goes on',
    async (_name, verb) => {
      const random = createRandom(`kills of ${verb.name}`);
      const { results } = await killVerb(ground, verb, {
        points: victims.length,
        random: () => random.bits() / 2 ** 32,
        victims,
      });
      expect(results.flatMap(({ faults }) => faults)).toEqual([]);
      expect(results.every(({ found }) => found !== 'neither')).toBe(true);
    },
    300_000,
  );
}
