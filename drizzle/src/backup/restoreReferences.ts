import type { Client } from 'pg';
import { quotedTable } from './catalogue.js';
import type { SavedForeignKey, SavedTable } from './manifest.js';
import { isAboutTheStatement } from './restoreSessions.js';
import { quoteWhole, towardsStage } from './restoreStage.js';
import type { RebuiltKey, RebuiltTable } from './restoreStage.js';

/** Where a table stands while a restore runs: on a stage, in its own place, or nowhere (null). Quoted. */
export type PlaceOf = (schema: string, name: string) => string | null;

/** A row that refers to one that is not there. `r` is the row. */
export function orphanCondition(key: SavedForeignKey, parentPlaces: readonly string[]): string {
  const pairs = key.columns.map((name, i) => `p.${quoteWhole(key.toColumns[i] ?? '')} = r.${quoteWhole(name)}`).join(' and ');
  const named = key.columns.map((name) => `r.${quoteWhole(name)} is not null`).join(' and ');
  return [named, ...parentPlaces.map((place) => `not exists (select from ${place} p where ${pairs})`)].join(' and ');
}

/** The rows of rebuilt tables that refer to rows that are not there are set aside, to be listed. */
export class References {
  readonly #client: Client;
  readonly #rebuilt: readonly RebuiltTable[];
  readonly #placeOf: PlaceOf;
  readonly #setAside = new Map<RebuiltTable, { stage: string; rows: number }>();

  constructor(client: Client, rebuilt: readonly RebuiltTable[], placeOf: PlaceOf) {
    this.#client = client;
    this.#rebuilt = rebuilt;
    this.#placeOf = placeOf;
  }

  /** The temporary table of the rows that were set aside, and how many they are. */
  setAside(table: RebuiltTable): { stage: string; rows: number } | undefined {
    return this.#setAside.get(table);
  }

  /** Holds the rows of a table to its foreign keys. What refers to a row that is set aside goes with it. */
  async settle(table: RebuiltTable): Promise<void> {
    const waiting = [table];
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      let taken = 0;
      for (const key of one.keys) {
        if (key.wasLoose || (!this.#lostRows(key) && (await this.#hold(one, key)))) continue;
        taken += await this.#takeOut(one, key);
        await this.#hold(one, key);
      }
      const { schema, name } = one.saved;
      if (taken > 0) {
        waiting.push(
          ...this.#rebuilt.filter(({ keys }) => keys.some(({ key }) => key.toSchema === schema && key.toTable === name)),
        );
      }
    }
  }

  #lostRows({ key }: RebuiltKey): boolean {
    return [...this.#setAside.keys()].some(({ saved }) => saved.schema === key.toSchema && saved.name === key.toTable);
  }

  /** Lets PostgreSQL look. @returns whether every row holds; false too when the key can't stand here. */
  async #hold(table: RebuiltTable, one: RebuiltKey): Promise<boolean> {
    if (one.isValid) return true;
    const place = this.#placeOf(one.key.toSchema, one.key.toTable);
    if (place === null || one.sql === null) return false;
    await this.#client.query('savepoint hold');
    try {
      const parent = { schema: one.key.toSchema, name: one.key.toTable };
      if (!one.isAdded) await this.#client.query(towardsStage(one.sql, parent, place));
      await this.#client.query(`alter table ${quotedTable(table.stage)} validate constraint ${quoteWhole(one.key.name)}`);
      await this.#client.query('release savepoint hold');
      one.isAdded = true;
      one.isValid = true;
      return true;
    } catch (error) {
      if (!isAboutTheStatement(error)) throw error;
      await this.#client.query('rollback to savepoint hold; release savepoint hold');
      return false;
    }
  }

  async #takeOut(table: RebuiltTable, { key }: RebuiltKey): Promise<number> {
    const place = quotedTable(table.stage);
    const parent = this.#placeOf(key.toSchema, key.toTable);
    const condition = orphanCondition(key, parent === null ? [] : [parent]);
    let aside = this.#setAside.get(table);
    const stage = aside?.stage ?? `pg_temp.restore_aside_${this.#setAside.size}`;
    const columns = table.saved.columns.map(({ name }) => quoteWhole(name)).join(', ');
    if (!aside)
      await this.#client.query(
        `create temp table ${stage.slice('pg_temp.'.length)} on commit drop as select ${columns}, null::text as ${reasonColumn(table.saved)} from ${place} limit 0`,
      );
    // Triggers of foreign keys would carry the loss on as they carry a DELETE on; here what goes along is looked for and listed.
    await this.#client.query('set local session_replication_role = replica');
    const { rowCount } = await this.#client.query(
      `with gone as (delete from ${place} r where ${condition} returning ${table.saved.columns.map(({ name }) => `r.${quoteWhole(name)}`).join(', ')})
       insert into ${stage} select gone.*, 'REFERENCE_MISSING' from gone`,
    );
    await this.#client.query('set local session_replication_role = origin');
    const taken = rowCount ?? 0;
    if (taken === 0) {
      if (!aside) await this.#client.query(`drop table ${stage}`);
      return 0;
    }
    aside ??= { stage, rows: 0 };
    aside.rows += taken;
    this.#setAside.set(table, aside);
    return taken;
  }
}

/** Tables after those that they refer to; those that refer to each other in a circle together. */
export function inReferenceOrder<T extends { saved: SavedTable }>(
  tables: readonly T[],
  foreignKeys: readonly SavedForeignKey[],
): T[][] {
  const parentsOf = ({ saved: { schema, name } }: T): T[] =>
    foreignKeys
      .filter((key) => key.schema === schema && key.table === name)
      .flatMap(({ toSchema, toTable }) => tables.find(({ saved }) => saved.schema === toSchema && saved.name === toTable) ?? []);
  const visit = (table: T, seen: Set<T>, done: T[]): T[] => {
    if (seen.has(table)) return done;
    seen.add(table);
    for (const parent of parentsOf(table)) visit(parent, seen, done);
    done.push(table);
    return done;
  };
  const reach = new Map(tables.map((table) => [table, new Set(visit(table, new Set(), []))]));
  const seen = new Set<T>();
  const ordered = tables.flatMap((table) => visit(table, seen, []));
  const circleOf = (table: T): T[] => ordered.filter((other) => reach.get(table)?.has(other) && reach.get(other)?.has(table));
  // What a circle refers to is whole before its last table is.
  return ordered
    .map((table) => ({ table, circle: circleOf(table) }))
    .flatMap(({ table, circle }) => (circle.at(-1) === table ? [circle] : []));
}

/** The name of a column that stands beside those of a table and is none of them. */
export function reasonColumn({ columns }: SavedTable): string {
  let name = '_why';
  while (columns.some((column) => column.name === name)) name += '_';
  return name;
}
