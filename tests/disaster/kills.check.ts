/**
 * Kills every verb that changes something at many points of its work, and looks whether there is always the old state or the new one, and
 * whether the next run says what it found and goes on.
 *
 *   npm run check:kills -- [--points 30] [--only backup,migrate,restore,import,recover] [--seed 1] [--url postgres://superuser@…]
 *
 * Without --url it starts an embedded server in a folder of its own and takes it away again; with --url it makes databases of its own on that
 * server, and leaves its postmaster alone. `recover` always has a server of its own. Ends with 1 when anything was off.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createRandom } from '@bailiwick/database/sample/random';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import { killRecover } from './kills/killRecover.js';
import { killVerb, usualVictims } from './kills/killVerb.js';
import type { KillOptions, PointResult } from './kills/killVerb.js';
import { openGround } from './kills/ground.js';
import { verbs } from './kills/verbs.js';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '30' },
    only: { type: 'string', default: [...verbs.map(({ name }) => name), 'recover'].join(',') },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    url: { type: 'string' },
  },
});
const points = Number(values.points);
const only = values.only.split(',');
const chosen = only
  .filter((name) => name !== 'recover')
  .map((name) => {
    const verb = verbs.find((one) => one.name === name);
    if (!verb)
      throw new Error(`There is no verb ${name} to kill; there are ${verbs.map((one) => one.name).join(', ')} and recover.`);
    return verb;
  });
const victims = values.url ? usualVictims.filter((victim) => victim !== 'postmaster') : usualVictims;

function tell({ verb, point, victim, at, when, found, faults }: PointResult): void {
  for (const fault of faults) {
    console.log(`${verb} ${point}: ${victim} killed after ${at.toFixed(0)} ms (${when} its work), state ${found}: ${fault}`);
  }
}

function sum(verb: string, duration: number, results: readonly PointResult[]): string {
  const count = (test: (result: PointResult) => boolean): number => results.filter(test).length;
  const by = (when: PointResult['when']): number => count((result) => result.when === when);
  const found = (state: PointResult['found']): number => count((result) => result.found === state);
  const off = count(({ faults }) => faults.length > 0);
  return (
    `${verb}: ${results.length} points in ${duration.toFixed(0)} ms, killed ${by('before')} before, ${by('during')} during, ${by('after')} after its work; ` +
    `found the old state ${found('old')} times, one between files ${found('between')}, the new one ${found('new')}, neither ${found('neither')}; ${off} off.`
  );
}

console.log(`Seed ${values.seed}.`);

async function report(
  name: string,
  kill: (options: KillOptions) => Promise<{ duration: number; results: PointResult[] }>,
): Promise<void> {
  const random = createRandom(`${values.seed} ${name}`);
  const { duration, results } = await kill({ points, random: () => random.bits() / 2 ** 32, victims, onPoint: tell });
  console.log(sum(name, duration, results));
  if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
}

const roles = Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`]));
if (chosen.length > 0) {
  const ground = await openGround(values.url ? { operatorUrl: values.url, credentials: { roles } } : undefined);
  try {
    for (const verb of chosen) await report(verb.name, async (options) => killVerb(ground, verb, options));
  } finally {
    await ground.close();
  }
}
if (only.includes('recover')) await report('recover', killRecover);
