import type { ClientBase } from 'pg';
import { savedSchemas } from './catalogue.js';

/**
 * What the database holds that no backup saves, in words: somebody made it where nobody looks for it. Better told every night than missed once.
 * What an extension brings along is its own.
 */
export async function notSaved(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `/* db:notSaved */ with own as (
       select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind, c.relispartition as is_partition, n.nspname = any ($1) as is_ours
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'f', 'm') and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
     select format('table %I.%I, whose schema is none of those that are saved', schema, name) as what from own where kind in ('r', 'p', 'm') and not is_ours
     union all select format('the partitioned table %I.%I, only the rows of its partitions', schema, name) from own where kind = 'p' and is_ours
     union all select format('the rows of the foreign table %I.%I', schema, name) from own where kind = 'f'
     union all select format('that %I.%I inherits from %s', schema, name, i.inhparent::regclass) from own join pg_inherits i on i.inhrelid = own.oid
       where kind = 'r' and is_ours and not is_partition
     union all select format('table %I.%I, which has no column that could be saved', schema, name) from own where kind = 'r' and is_ours
       and not exists (select from pg_attribute a where a.attrelid = own.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
     union all select format('%s large objects', count(*)) from pg_largeobject_metadata having count(*) > 0
     order by 1`,
    [savedSchemas],
  );
  return rows.map(({ what }) => what);
}

/** Settings under which the server reads over damage instead of telling it: rows can be missing, and the backup looks whole. */
export async function untrustworthyReads(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_settings where name in ('zero_damaged_pages', 'ignore_checksum_failure', 'ignore_system_indexes') and setting = 'on' order by 1`,
  );
  return rows.map(({ name }) => `${name} is on: PostgreSQL reads over damaged pages, so rows may be missing without an error.`);
}
