import { together } from '../graphql/execution/resolveEach.js';
import type { Resolver } from '../graphql/execution/resolveEach.js';
import type { Loader } from '../graphql/loader.js';

/** What a connection is counted with, all its pages together: only where `totalCount` is selected. */
export interface Counted {
  /** Counts all connections that belong together in one statement. */
  readonly totals: Loader<number>;
  /** Which of them this one is: the id of its parent. */
  readonly key: string;
}

/** Connections that are counted together, and their counts in the same order. */
interface Group {
  readonly keys: string[];
  counts: readonly (number | Error)[];
  /** The first count that was not handed out yet. */
  next: number;
}

/** The fields of a connection that are no properties of it. Each connection type of a subgraph has them. */
export const connectionFields: { totalCount: Resolver<Counted, unknown, number> } = {
  totalCount: together(async (connections) => {
    const groups = new Map<Counted['totals'], Group>();
    for (const { totals, key } of connections) {
      let group = groups.get(totals);
      if (group === undefined) groups.set(totals, (group = { keys: [], counts: [], next: 0 }));
      group.keys.push(key);
    }
    await Promise.all(
      Array.from(groups, async ([totals, group]) => {
        group.counts = await totals.loadEach(group.keys);
      }),
    );
    return connections.map(({ totals }) => {
      const group = groups.get(totals)!;
      return group.counts[group.next++]!;
    });
  }),
};
