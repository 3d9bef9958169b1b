/** What a page of the case list costs as the cases grow: --sizes 10000,100000,1000000,10000000. One server, a database each. */
import { openArena } from '../arena.js';
import type { Arena } from '../arena.js';
import { graphqlRequest } from '../contenders.js';
import { readDocument } from '../operations.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const document = readDocument(new URL('page.graphql', import.meta.url));
const statuses = ['UNDER_REVIEW', 'IN_COURT', 'MEDIATION', 'JUDGMENT', 'TRIBUNAL'];

export const sizes: Study = async (options, onStep) => {
  const arenas: Arena[] = [];
  try {
    for (const cases of options.sizes) {
      const dataDir = options.dataDir === undefined ? undefined : `${options.dataDir}-${cases}`;
      const wanted = { ...options, cases, dataDir, contenders: ['oneProcess'], operations: [], callers: 100, compared: 0 };
      arenas.push(await openArena(wanted, onStep));
    }
    const operation = { name: 'sizes', document, isWrite: false, sets: [] };
    const subjects = arenas.map(({ contenders, callers, database, postmaster }) => ({
      name: `${database.cases.toLocaleString('en-US')} cases`,
      contender: contenders[0]!,
      requests: callers.readers.map((caller, index) =>
        graphqlRequest(operation, {
          variables: { first: 50, filter: { status: [statuses[index % statuses.length]!] } },
          caller,
        }),
      ),
      connections: options.connections,
      postmaster,
    }));
    const found = await runRounds({ ...options, title: 'caseList', subjects, onStep });
    const [least, most] = [found[subjects[0]!.name]!, found[subjects.at(-1)!.name]!];
    return {
      subject: 'sizes',
      node: arenas[0]!.ground.runtime.version,
      lines: Object.entries(found).map(([name, rounds]) => lineOf(name, rounds)),
      figures: comparison(`${options.sizes.at(-1)} to ${options.sizes[0]} cases`, most, least),
    };
  } finally {
    for (const arena of arenas) await arena.stop();
  }
};
