import { createTableRelationsHelpers } from 'drizzle-orm';
import type { Relation, Relations, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/** A row as resolvers know it: they may read its id. What else a field reads, the field names. */
export interface SelectedRow {
  readonly id: string;
}

export type RowOf<Table extends PgTable> = Table['$inferSelect'];
export type ColumnName<Table extends PgTable> = keyof RowOf<Table> & string;

/** What the resolver of a field reads of its row, beside the id. */
export interface FieldNeeds {
  readonly columns: readonly string[];
  readonly relation?: RelationNeeds;
}

/** The rows of a Drizzle relation that a field reads. */
export interface RelationNeeds {
  readonly name: string;
  /** The table that has the relation. */
  readonly from: PgTable;
  /** The table that the relation leads to. */
  readonly to: PgTable;
  /** Which of these rows, and in which order. Conditions may name the columns of `to` only. */
  readonly rows: RelationRows;
  /** Columns of these rows that the resolver reads. */
  readonly columns: readonly string[];
  /** Whether the client's selection under the field is a selection of these rows. */
  readonly isSelected: boolean;
}

export interface RelationRows {
  readonly where?: SQL;
  readonly orderBy?: (PgColumn | SQL)[];
  readonly limit?: number;
}

const needs = new WeakMap<object, FieldNeeds>();

/** What a field reads. Undefined for a resolver that was not made here: it reads the id. */
export function needsOf(resolver: object | undefined): FieldNeeds | undefined {
  return resolver && needs.get(resolver);
}

/** Says what a field reads. Returns its resolver. */
export function withNeeds<Resolver extends object>(wanted: FieldNeeds, resolver: Resolver): Resolver {
  needs.set(resolver, wanted);
  return resolver;
}

/** What `relations()` of Drizzle returns for a table. */
export type RelationsOf<Config extends Record<string, Relation>> = Relations<string, Config>;

/** A relation of Drizzle by its name: the tables that it joins, and which rows are wanted. */
export function relationOf<Config extends Record<string, Relation>>(
  relations: RelationsOf<Config>,
  name: keyof Config & string,
  { where, orderBy, limit }: RelationRows = {},
) {
  const from = relations.table as unknown as PgTable;
  const relation = relations.config(createTableRelationsHelpers(relations.table))[name]!;
  return { name, from, to: relation.referencedTable as unknown as PgTable, rows: { where, orderBy, limit } };
}
