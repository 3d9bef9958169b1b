import { createRandom } from '@bailiwick/database/sample/random';
import { currentTestRun } from '../support/testRun.js';
import { openGround } from './kills/ground.js';
import type { Ground } from './kills/ground.js';
import { killVerb } from './kills/killVerb.js';
import { verbs } from './kills/verbs.js';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround(await currentTestRun());
});
afterAll(async () => {
  await ground.close();
});

// `npm run check:kills` does the same at thirty points, and kills processes of PostgreSQL too.
test.each(verbs.map((verb) => [verb.name, verb] as const))(
  '%s leaves the old state or the new one when it is killed, and the next run goes on',
  async (_name, verb) => {
    const random = createRandom(`kills of ${verb.name}`);
    const { results } = await killVerb(ground, verb, {
      points: 3,
      random: () => random.bits() / 2 ** 32,
      victims: ['command', 'session', 'command'],
    });
    expect(results.flatMap(({ faults }) => faults)).toEqual([]);
    expect(results.every(({ found }) => found !== 'neither')).toBe(true);
  },
  300_000,
);
