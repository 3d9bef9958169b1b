/** What a page far from the first one costs: the first page and the ten thousandth, of as many cases as make that one full. */
import { encodeCursor } from '../../../../shared/src/pagination/cursor.js';
import { openArena } from '../arena.js';
import { cursorKey, graphqlRequest } from '../contenders.js';
import { readDocument } from '../operations.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const document = readDocument(new URL('page.graphql', import.meta.url));
const far = 10_000;

export const page: Study = async (options, onStep) => {
  const arena = await openArena({ ...options, contenders: ['oneProcess'], operations: [], callers: 100, compared: 0 }, onStep);
  try {
    const first = Math.min(50, Math.floor(arena.database.cases / far));
    if (first < 1) throw new Error(`Page ${far} of ${arena.database.cases} cases does not exist; give --cases 10000 or more.`);
    const { rows } = await arena.client.query<{ opened: string; id: string }>(
      `select opened_on::text as opened, id from case_management.legal_cases order by opened_on desc, id desc offset $1 limit 1`,
      [(far - 1) * first - 1],
    );
    const { opened, id } = rows[0]!;
    const after = encodeCursor(
      cursorKey,
      { connection: 'legalCases', order: 'OPENED_ON_DESC', filter: undefined },
      { values: [opened], id },
    );
    const requestsWith = (variables: Record<string, unknown>) =>
      arena.callers.readers.map((caller) =>
        graphqlRequest({ name: 'page', document, isWrite: false, sets: [] }, { variables, caller }),
      );
    const contender = arena.contenders[0]!;
    const { connections } = options;
    const { postmaster } = arena;
    const subjects = [
      { name: 'page 1', contender, requests: requestsWith({ first }), connections, postmaster },
      { name: `page ${far}`, contender, requests: requestsWith({ first, after }), connections, postmaster },
    ];
    const title = `pages of ${first} cases`;
    const found = await runRounds({ ...options, title, subjects, onStep });
    const [near, distant] = [found['page 1']!, found[`page ${far}`]!];
    return {
      subject: 'page',
      node: arena.ground.runtime.version,
      lines: [lineOf(`page 1 of ${first} cases`, near), lineOf(`page ${far} of ${first} cases`, distant)],
      figures: comparison('page 10,000 to page 1', distant, near),
    };
  } finally {
    await arena.stop();
  }
};
