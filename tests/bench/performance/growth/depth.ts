/** What a level of the organisation costs: a branch of three units on each of 12 levels, asked for 2 to 12 levels deep. */
import { openArena } from '../arena.js';
import { graphqlRequest } from '../contenders.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const depths = [2, 4, 6, 8, 10, 12];
const document = `query ($code: String!, $depth: Int!) { orgUnitByCode(code: $code) { code name
  descendants(maxDepth: $depth) { code name unitType parent { code } legalCases(first: 1) { totalCount } engagements(first: 1) { totalCount } } } }`;

/** The branch has three units on each level, the first of which has the next three below it. */
const makeBranch = `set session_replication_role = replica;
  insert into public.org_units (id, code, name, parent_id)
  select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'DEEP-' || n, 'Deep ' || n,
    case when n > 0 then ('00000000-0000-7000-8000-' || lpad(greatest(0, (n - 1) / 3 * 3 - 2)::text, 12, '0'))::uuid end
  from generate_series(0, 36) n on conflict (id) do nothing; analyze public.org_units`;

export const depth: Study = async (options, onStep) => {
  const arena = await openArena({ ...options, contenders: ['oneProcess'], operations: [], callers: 100, compared: 0 }, onStep);
  try {
    await arena.client.query(makeBranch);
    const contender = arena.contenders[0]!;
    const operation = { name: 'depth', document, isWrite: false, sets: [] };
    const subjects = depths.map((levels) => ({
      name: `${levels} levels`,
      contender,
      requests: arena.callers.readers.map((caller) =>
        graphqlRequest(operation, { variables: { code: 'DEEP-0', depth: levels }, caller }),
      ),
      connections: options.connections,
      postmaster: arena.postmaster,
    }));
    const found = await runRounds({ ...options, title: 'depth', subjects, onStep });
    return {
      subject: 'depth',
      node: arena.ground.runtime.version,
      lines: Object.entries(found).map(([name, rounds]) => lineOf(name, rounds)),
      figures: comparison('12 levels to 2', found['12 levels']!, found['2 levels']!),
    };
  } finally {
    await arena.client.query(`set session_replication_role = replica; delete from public.org_units where code like 'DEEP-%'`);
    await arena.stop();
  }
};
