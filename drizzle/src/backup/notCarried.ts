import type { ClientBase } from 'pg';
import { definedSchemas } from './definitions.js';
import type { Thing } from './definitions.js';
import { Places, readEdges } from './dependencies.js';

/**
 * What a backup does not carry beside what notSaved names: what lies in the saved schemas and is in no definition, what is saved as less than it is, and
 * what lies elsewhere and goes with them in a cascade. Each in PostgreSQL's own words, for example `aggregate public.total(integer)`.
 * @param things what has a definition in definedSchemas.
 */
export async function readNotCarried(client: ClientBase, things: readonly Thing[]): Promise<string[]> {
  const places = new Places(things, await readEdges(client));
  const { rows } = await client.query<{ place: string; what: string; isLess: boolean }>(
    `/* db:not-carried */ with ours as (
       select oid, nspname from pg_namespace where nspname = any ($1)
     ), inside as (
       select distinct d.classid, d.objid from pg_depend d where d.refclassid = 'pg_namespace'::regclass and d.refobjid in (select oid from ours)
     ), of_partitions as (
       -- Keys that a partition has because its table has them: it is named itself, and they with it.
       select k.oid, k.conrelid from pg_constraint k where k.conparentid <> 0
     ), outside as (
       select distinct coalesce(p.refclassid, d.classid) as classid, coalesce(p.refobjid, d.objid) as objid
       from pg_depend d join inside i on i.classid = d.refclassid and i.objid = d.refobjid
       left join pg_depend p on p.classid = d.classid and p.objid = d.objid and p.deptype = 'i'
       -- What an operator family consists of goes with the family, a trigger with its partitioned table; these are named themselves.
       where d.deptype in ('n', 'a') and d.objid >= 16384 and d.classid not in ('pg_amop'::regclass, 'pg_amproc'::regclass)
         and not ((d.deptype = 'a' or d.classid = 'pg_trigger'::regclass) and d.refclassid = 'pg_class'::regclass and (select c.relkind from pg_class c where c.oid = d.refobjid) in ('p', 'f'))
     ), all_of_them as (
       select classid, objid, '' as why, false as less from (select * from inside union select * from outside) o
       union all
       select 'pg_class'::regclass, c.oid, case when not c.relispartition then ', as a table of a type'
         when c.oid in (select conrelid from of_partitions) then ', as a partition, with the keys that it has as one' else ', as a partition' end, true
       from pg_class c where c.relnamespace in (select oid from ours) and c.relkind = 'r' and (c.relispartition or c.reloftype <> 0)
       union all
       select l.classoid, l.objoid, ', its security label of ' || l.provider, true
       from pg_seclabel l where exists (select from inside i where i.classid = l.classoid and i.objid = l.objoid)
     )
     select concat_ws(' ', a.classid::int8, a.objid::int8, 0) as place, i.type || ' ' || i.identity || a.why as what, a.less as "isLess"
     from all_of_them a, pg_identify_object(a.classid, a.objid, 0) i
     where i.identity is not null and not (a.classid = 'pg_constraint'::regclass and a.objid in (select oid from of_partitions)) and (a.less or i.type not in ('table', 'foreign table', 'materialized view')) order by 2`,
    [definedSchemas],
  );
  return [...new Set(rows.filter(({ place, isLess }) => isLess || places.find(place) === undefined).map(({ what }) => what))];
}
