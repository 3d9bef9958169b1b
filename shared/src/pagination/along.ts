import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { RequestContext } from '../graphql/context.js';
import type { Loader } from '../graphql/loader.js';
import { TextMap } from '../graphql/textMap.js';

/**
 * A value that belongs to each row of a page and that its statement reads as well, so that the loader is spared a round trip with all the ids of the page.
 * Row policies hold for it as they do when it is read alone.
 */
export interface AlongValue {
  /** Of the column in the statement; no column of the table has it. */
  name: string;
  /** A scalar subselect without parameters. It is evaluated for the rows of the page only. */
  value: SQL;
  isWanted: (selected: ReadonlySet<string>) => boolean;
  /** By the id of the row. */
  loader: (context: RequestContext) => Loader<string | null>;
}

/** The values that come along in the running operation. None in a mutation: what it has written is read where it is asked for. */
export function wantedAlong(
  { selected }: RequestContext,
  { along = [] }: { along?: readonly AlongValue[] },
): readonly AlongValue[] {
  return selected === undefined ? [] : along.filter(({ isWanted }) => isWanted(selected));
}

/** The columns of values that come along, by their names. */
export function alongColumns(along: readonly AlongValue[]): Record<string, SQL.Aliased> {
  // Within another SQL, because Drizzle takes the tables from the names of columns that stand in a selection itself.
  return Object.fromEntries(along.map(({ name, value }) => [name, sql`${value}`.as(name)]));
}

/** Has the loaders of values that came along remember them. `rows` are those of the page, each with its id. */
export function rememberValues(
  context: RequestContext,
  along: readonly AlongValue[],
  rows: readonly Record<string, unknown>[],
): void {
  for (const { name, loader } of along)
    loader(context).remember(() => new TextMap(rows.map((row) => [row['id'] as string, row[name] as string | null])));
}
