import type { ClientBase } from 'pg';
import { savedSchemas } from './catalogue.js';
import { queriesOfRights } from './definitionsOfRights.js';
import { queriesOfRules } from './definitionsOfRules.js';
import { queriesOfTables } from './definitionsOfTables.js';
import { queriesOfTypes } from './definitionsOfTypes.js';
import type { Selection } from './definitionQuery.js';
import { inOrder } from './definitionOrder.js';
import { readDependencies } from './dependencies.js';
import type { SavedDefinition } from './manifest.js';

/** Rows go in between: what is made before is empty tables, what comes after holds the rows to its rules. */
export const rowsStage = 50;

/** The schemas whose definitions are saved. `guard` is made by init; `extensions` has no table. */
export const definedSchemas: readonly string[] = [...savedSchemas.filter((schema) => schema !== 'guard'), 'extensions'];

/** What tells a thing apart from every other. */
export interface Named {
  readonly kind: string;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

/** A definition with its place in the catalogue. */
export interface Thing extends Omit<SavedDefinition, 'needs'> {
  /** Oids, as text: bigints. */
  readonly classid: string;
  readonly objid: string;
  readonly objsubid: number;
  readonly isPart: boolean;
}

/**
 * One query for each kind of thing that can be lost, and the statements that make it again. They are read from PostgreSQL's catalogue under the
 * backup's snapshot, so they are what was there, whatever a migration file says; a single dropped table or foreign key can be made again from them.
 */
const selections = [...queriesOfTypes, ...queriesOfTables, ...queriesOfRules, ...queriesOfRights];

const queryOf = (parts: readonly Selection[]): string => `/* db:definitions */ with things as (
  ${parts.map(({ sql }) => sql).join('\nunion all\n')}
), comments as (
  select t.classid, t.objid, t.objsubid, true, 'comment', t.schema, t.table,
    case when t.kind in ('table', 'view', 'materialized view') then '' when t.kind = 'column' then t.name else t.kind || ' ' || t.name end,
    95, null::text, null::text, null::text, format('comment on %s is %L', t.object, d.description)
  from things t join pg_description d on d.classoid = t.classid and d.objoid = t.objid and d.objsubid = t.objsubid
  where t.object is not null and not t."isPart"
)
select * from (select * from things union all select * from comments) t
where not exists (select from pg_depend e where e.classid = t.classid and e.objid = t.objid and e.deptype = 'e')
order by stage, schema, "table", name, kind`;

/** Some objects, and the catalogues that they are in. */
export interface Objects {
  readonly oids: readonly string[];
  readonly catalogues: readonly string[];
}

/**
 * What the schemas are made of, without what each thing needs.
 * @param only of the rest nothing is read.
 */
export async function readThings(client: ClientBase, schemas: readonly string[], only?: Objects): Promise<Thing[]> {
  const parts = selections.filter(({ catalogue }) => !only || only.catalogues.includes(catalogue));
  if (parts.length === 0) return [];
  const { rows } = await client.query<Thing>(queryOf(parts), [schemas, only?.oids ?? null]);
  return rows;
}

/**
 * What the schemas are made of, in the order in which it can be made again.
 * @param client in a transaction with plainTextSettings: its search path makes every name a full one.
 */
export async function readDefinitions(client: ClientBase, schemas: readonly string[]): Promise<SavedDefinition[]> {
  return definitionsOf(client, await readThings(client, schemas));
}

/** The same of things that have been read, in the same transaction. */
export async function definitionsOf(client: ClientBase, things: readonly Thing[]): Promise<SavedDefinition[]> {
  const needs = await readDependencies(client, things);
  return inOrder(
    things.map(({ kind, schema, table, name, stage, refersTo, owner, object, sql }, i) => ({
      ...{ kind, schema, table, name, stage, refersTo, owner, object, sql },
      needs: needs[i] ?? [],
    })),
  );
}

export const identityOf = ({ kind, schema, table, name }: Named): string => JSON.stringify([kind, schema, table, name]);
