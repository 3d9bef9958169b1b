import type { ClientBase } from 'pg';
import type { Thing } from './definitions.js';

export interface Edge {
  readonly of: string;
  readonly to: string;
  /** As pg_depend has it. */
  readonly type: string;
}

/** What a part of the catalogue is called below: class, object, and the number of a column or 0. */
const address = ({ classid, objid, objsubid }: Pick<Thing, 'classid' | 'objid' | 'objsubid'>): string =>
  `${classid} ${objid} ${objsubid}`;
const whole = (place: string): string => place.replace(/ \d+$/, ' 0');

/**
 * What depends on what, of all that people made, as PostgreSQL itself would follow it in a cascade. The expression of a generated column and NOT NULL
 * (a constraint of its own from PostgreSQL 18 on) count as the column.
 */
export async function readEdges(client: ClientBase): Promise<Edge[]> {
  const { rows } = await client.query<Edge>(
    `/* db:dependencies */ select concat_ws(' ', d.classid::int8, d.objid::int8, d.objsubid) as of,
       concat_ws(' ', d.refclassid::int8, d.refobjid::int8, d.refobjsubid) as to, d.deptype::text as type
     from pg_depend d where d.objid >= 16384 and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)
     union all
     select concat_ws(' ', 'pg_attrdef'::regclass::oid::int8, d.oid::int8, 0), concat_ws(' ', 'pg_class'::regclass::oid::int8, d.adrelid::int8, d.adnum), 'i'
     from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where a.attgenerated <> ''
     union all
     select concat_ws(' ', 'pg_constraint'::regclass::oid::int8, k.oid::int8, 0), concat_ws(' ', 'pg_class'::regclass::oid::int8, k.conrelid::int8, k.conkey[1]), 'i'
     from pg_constraint k where k.contype = 'n' and k.conrelid <> 0`,
  );
  return rows;
}

/** Finds the definition that a part of the catalogue belongs to. */
export class Places {
  readonly #byAddress = new Map<string, number>();
  readonly #partOf = new Map<string, string>();

  constructor(things: readonly Thing[], edges: readonly Edge[]) {
    for (const [i, thing] of things.entries()) if (!thing.isPart) this.#byAddress.set(address(thing), i);
    // Internal: a row type of its table, an index of its constraint, a number sequence of its identity column. An extension's things are the extension.
    for (const { of, to, type } of edges) if (type === 'i' || type === 'e') this.#partOf.set(of, to);
  }

  find(place: string, steps = 0): number | undefined {
    const found = this.#byAddress.get(place) ?? this.#byAddress.get(whole(place));
    if (found !== undefined || steps > 5) return found;
    const owner = this.#partOf.get(place) ?? this.#partOf.get(whole(place));
    return owner === undefined ? undefined : this.find(owner, steps + 1);
  }
}

/** For each thing, the numbers of the things that must be there first. */
export async function readDependencies(client: ClientBase, things: readonly Thing[]): Promise<number[][]> {
  const edges = await readEdges(client);
  const places = new Places(things, edges);
  const needs = things.map(() => new Set<number>());
  const need = (from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined && from !== to) needs[from]?.add(to);
  };
  for (const { of, to, type } of edges) if (type !== 'e') need(places.find(of), places.find(to));
  const schemas = new Map(things.flatMap((one, i) => (one.kind === 'schema' ? [[one.schema, i] as const] : [])));
  const tables = new Map(things.flatMap((one, i) => (one.kind === 'table' ? [[`${one.schema} ${one.table}`, i] as const] : [])));
  for (const [i, thing] of things.entries()) {
    need(i, schemas.get(thing.schema));
    if (thing.table) need(i, tables.get(`${thing.schema} ${thing.table}`));
    if (thing.isPart) need(i, places.find(address(thing)));
  }
  // A table is made with its columns, so it needs what they need.
  for (const [i, thing] of things.entries()) {
    if (thing.kind !== 'column') continue;
    const table = tables.get(`${thing.schema} ${thing.table}`);
    for (const one of needs[i] ?? []) need(table, one);
  }
  return needs.map((one) => [...one]);
}
