/** A page with its ids and its place, as every connection of the graph gives it out. */
export interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** What to select of a connection for `Page`. */
export const pageFields =
  'edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/**
 * Pages through a connection from one end to the other and returns the ids in the order of the connection.
 * Throws where a page contradicts itself or its neighbours.
 * @param page reads one page; `args` are paging arguments as GraphQL text, for example `first: 3, after: "…"`.
 */
export async function walk(
  page: (args: string) => Promise<Page>,
  direction: 'forward' | 'backward',
  size: number,
): Promise<string[]> {
  const [sizeName, cursorName] = direction === 'forward' ? ['first', 'after'] : ['last', 'before'];
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < 1_000; count++) {
    const read: Page = await page(`${sizeName}: ${size}${cursor === null ? '' : `, ${cursorName}: "${cursor}"`}`);
    const found = read.nodes.map((node) => node.id);
    check(JSON.stringify(read.edges.map((edge) => edge.node.id)) === JSON.stringify(found), 'edges and nodes differ');
    check(read.pageInfo.startCursor === (read.edges[0]?.cursor ?? null), 'startCursor is not the cursor of the first edge');
    check(read.pageInfo.endCursor === (read.edges.at(-1)?.cursor ?? null), 'endCursor is not the cursor of the last edge');
    const [hasMore, hasBefore] =
      direction === 'forward'
        ? [read.pageInfo.hasNextPage, read.pageInfo.hasPreviousPage]
        : [read.pageInfo.hasPreviousPage, read.pageInfo.hasNextPage];
    check(hasBefore === (cursor !== null), 'a page does not know that another came before it');
    check(!hasMore || found.length === size, 'a page that is not the last is not full');
    if (direction === 'forward') ids.push(...found);
    else ids.unshift(...found);
    if (!hasMore) return ids;
    cursor = direction === 'forward' ? read.pageInfo.endCursor : read.pageInfo.startCursor;
  }
  throw new Error('The connection has no end.');
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`Paging: ${otherwise}.`);
}
