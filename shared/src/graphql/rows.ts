import { Column, eq, getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { alias, QueryBuilder } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { compiled, propertyKey } from './compiled.js';
import type { RequestContext } from './context.js';
import type { LoaderOf } from './loader.js';
import { RecentlyUsed } from './recentlyUsed.js';
import { TextMap } from './textMap.js';

type RowOf<Table extends PgTable> = Table['$inferSelect'];
type ColumnsOf<Table extends PgTable> = ReturnType<typeof getTableColumns<Table>>;

/**
 * The columns that the running operation can need of a table, by property: the id, those with the name of a field that is selected
 * somewhere, and `ownerUnitId` for a field `ownerUnit`. `also` names what resolvers of other fields read. A row of a case has thirty
 * columns, a list of cases shows six.
 */
export function neededColumns<Table extends PgTable>(
  context: RequestContext,
  table: Table,
  also: readonly (keyof RowOf<Table> & string)[] = [],
): ColumnsOf<Table> {
  const { selected } = context;
  const columns = getTableColumns(table);
  if (selected === undefined) return columns;
  const needed = Object.entries(columns).filter(
    ([name]) =>
      name === 'id' || selected.has(name) || selected.has(referredTo(name)) || (also as readonly string[]).includes(name),
  );
  // By its type the row is whole: a resolver that reads a column for a field of another name has to say so with `also`.
  return Object.fromEntries(needed);
}

const referredTo = (column: string): string => (column.endsWith('Id') ? column.slice(0, -2) : column);

/** Rows of a table by one of its columns, or by one of a table that links to it. */
export interface RowsBy<Table extends PgTable> {
  /** `<subgraph>:<loader>` */
  label: string;
  table: Table;
  by: PgColumn;
  /** The table of `by`, where that is another one. */
  link?: { table: PgTable; on: SQL };
  orderBy?: (PgColumn | SQL)[];
  /** Columns that resolvers of other fields read. */
  also?: (keyof RowOf<Table> & string)[];
  /** Rows that these refer to. */
  along?: AlongRow[];
}

/**
 * A row that each row refers to, and that comes along in the same statement where the field is selected: the loader is spared a round trip
 * with all its ids. Row policies hold for it as they do when it is read alone.
 */
export interface AlongRow {
  field: string;
  /** The column that refers to it. */
  by: PgColumn;
  loader: LoaderById<PgTable & { id: PgColumn }>;
}

/** A loader of the row with an id, and what it reads: so that the row can also come along with one that refers to it. */
export interface LoaderById<Table extends PgTable & { id: PgColumn }> extends LoaderOf<Table['$inferSelect'] | null> {
  readonly table: Table;
  readonly heldAs: symbol;
  /** What it reads for the running operation, by property. */
  columns(context: RequestContext): Record<string, PgColumn>;
}

/** A row, and the id that it was found by. */
export interface FoundRow<Row> {
  by: string;
  row: Row;
}

/** How many choices of columns a loader keeps its statement for. */
const choicesKept = 200;

/** A statement that is built, and how its rows are read: the first value is the id that they were found by. */
interface BuiltSelect {
  readonly text: string;
  readonly row: ReadRow;
  readonly along: readonly BuiltAlong[];
}

interface BuiltAlong {
  readonly loader: AlongRow['loader'];
  /** Where the id stands that refers to it. */
  readonly reference: number;
  /** Where a value stands that no row lacks: without it the caller may not see the row. */
  readonly witness: number;
  readonly row: ReadRow;
}

/** Makes a row of the values of a statement. */
export type ReadRow = (values: readonly unknown[]) => Record<string, unknown>;

/**
 * Reads rows whose `by` is one of some ids. The statement is built by Drizzle, once for each choice of columns: building it and reading its
 * rows generically each time cost a page of fifty cases more than graphql-js does (docs/performance.md).
 */
export function rowsBy<Table extends PgTable>(
  spec: RowsBy<Table>,
): (context: RequestContext, ids: readonly string[]) => Promise<FoundRow<RowOf<Table>>[]> {
  const built = new RecentlyUsed<BuiltSelect>(choicesKept);
  // By the selection of a document that came before: there is nothing to choose again.
  const known = { one: new WeakMap<object, BuiltSelect>(), many: new WeakMap<object, BuiltSelect>() };
  const choose = (context: RequestContext, isOne: boolean): BuiltSelect => {
    const columns = neededColumns(context, spec.table, spec.also);
    const along = (spec.along ?? [])
      .filter(({ field }) => context.selected?.has(field))
      .map((one) => ({ ...one, columns: one.loader.columns(context) }));
    const names = [columns, ...along.map((one) => one.columns)].map((chosen) => Object.keys(chosen).join());
    const key = [isOne ? '1' : 'n', ...along.map(({ field }) => field), ...names].join(' ');
    return built.get(key, () => build(spec, columns, along, isOne));
  };
  return async (context, ids) => {
    const { selected } = context;
    const isOne = ids.length === 1;
    const before = isOne ? known.one : known.many;
    let select = selected && before.get(selected);
    if (select === undefined) {
      select = choose(context, isOne);
      if (selected) before.set(selected, select);
    }
    const found = await context.read.rows(select.text, isOne ? [ids[0]] : [ids]);
    const { row, along } = select;
    const rows = found.map((values) => ({ by: values[0] as string, row: row(values) }));
    // The rows hold it as well; this is for who finds it by another way.
    for (const one of along) one.loader(context).remember(() => cameAlong(one, found));
    return rows;
  };
}

/** What came along, by its id. Null for a row that the caller may not see: so its loader has it, too. */
function cameAlong(
  { reference, witness, row }: BuiltAlong,
  found: readonly (readonly unknown[])[],
): TextMap<Record<string, unknown> | null> {
  const known = new TextMap<Record<string, unknown> | null>();
  for (const values of found) {
    const referredTo = values[reference] as string | null;
    if (referredTo !== null && !known.has(referredTo)) known.set(referredTo, values[witness] === null ? null : row(values));
  }
  return known;
}

/** One id has a statement of its own, whose plan is cheaper than one for a list. */
function build(
  { label, table, by, link, orderBy = [] }: Omit<RowsBy<PgTable>, 'also' | 'along'>,
  columns: Record<string, PgColumn>,
  along: readonly (AlongRow & { columns: Record<string, PgColumn> })[],
  isOne: boolean,
): BuiltSelect {
  // Each column once.
  const selected: PgColumn[] = [by];
  const placeOf = (column: PgColumn): number => {
    const place = selected.indexOf(column);
    return place < 0 ? selected.push(column) - 1 : place;
  };
  for (const column of Object.values(columns)) placeOf(column);
  const joined = along.map(({ by: reference, columns: chosen, loader }, index) => {
    const aliased = alias(loader.table, `along${index}`);
    const theirs: Record<string, PgColumn> = getTableColumns(aliased);
    const id = theirs['id']!;
    const others = Object.keys(chosen).map((name) => [name, theirs[name]!] as const);
    // Its id is the one that refers to it, and is read once.
    const witness = others.find(([, column]) => column !== id && column.notNull)?.[1] ?? id;
    const row = rowReader({ ...Object.fromEntries(others), id: witness === id ? id : reference }, placeOf);
    return {
      other: aliased,
      on: eq(id, reference),
      read: { loader, reference: placeOf(reference), witness: placeOf(witness), row },
    };
  });
  let from = new QueryBuilder().select(numbered(selected)).from(table).$dynamic();
  if (link) from = from.innerJoin(link.table, link.on);
  for (const { other, on } of joined) from = from.leftJoin(other, on);
  const { sql: text, params } = from
    .where(isOne ? eq(by, '') : isAnyOf(by, []))
    .orderBy(...orderBy)
    .toSQL();
  if (params.length !== 1) throw new Error(`The statement ${label} has ${params.length} parameters; the ids are its only one.`);
  const read = joined.map((one) => one.read);
  return { text: `/* ${label} */ ${text}`, row: rowReader(columns, placeOf, read), along: read };
}

const numbered = (columns: readonly PgColumn[]): Record<string, PgColumn> =>
  Object.fromEntries(columns.map((column, place) => [String(place), column]));

/**
 * Reads rows of these columns; what is no column of a table is read as the driver has it. `placeOf` says where a column stands among the
 * values: in their order when it is left out. A row holds those that come along with it, or null.
 */
export function rowReader<Read extends PgColumn | SQL.Aliased>(
  columns: Record<string, Read>,
  placeOf?: (column: Read) => number,
  along: readonly BuiltAlong[] = [],
): ReadRow {
  const given: Record<string, unknown> = {};
  const properties = Object.entries(columns).map(([name, column], index) => {
    const value = `values[${placeOf ? placeOf(column) : index}]`;
    const decode = column instanceof Column ? decoderOf(column) : undefined;
    if (decode === undefined) return `${propertyKey(name)}: ${value}`;
    given[`decode${index}`] = decode;
    return `${propertyKey(name)}: ${value} === null ? null : decode${index}(${value})`;
  });
  for (const [index, { loader, witness, row }] of along.entries()) {
    Object.assign(given, { [`along${index}`]: loader.heldAs, [`row${index}`]: row });
    properties.push(`[along${index}]: values[${witness}] === null ? null : row${index}(values)`);
  }
  return compiled<ReadRow>(`(values) => ({ ${properties.join(', ')} })`, given);
}

/** Undefined where the driver's value is the value already. */
function decoderOf(column: PgColumn): ((value: unknown) => unknown) | undefined {
  if (column.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  return (value) => column.mapFromDriverValue(value);
}

/**
 * The condition that a column is one of these values, ids mostly. One array parameter, so that the statement's text is the same for any number of them, and in a subselect,
 * so that PostgreSQL does not look into it: where a list is shorter than the ten that it takes an unknown one for, the plan that it could keep looks dearer
 * than a new one, and it plans anew each time.
 */
export function isAnyOf(column: PgColumn, values: readonly string[]): SQL {
  const list = sql.raw(`${column.getSQLType()}[]`);
  return sql`${column} = any((select ${sql.param(values)}::${list})::${list})`;
}
