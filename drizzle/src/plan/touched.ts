import type { Client } from 'pg';
import type { Objects } from '../backup/definitions.js';

/** Where definitions come from: what a row of a catalogue is about, as pg_depend names it. */
const rowsAbout: readonly (readonly [catalogue: string, classid: string, objid: string])[] = [
  ...[
    ...['pg_class', 'pg_attrdef', 'pg_constraint', 'pg_trigger', 'pg_policy', 'pg_rewrite', 'pg_proc', 'pg_type', 'pg_namespace'],
    ...['pg_default_acl', 'pg_extension', 'pg_event_trigger', 'pg_statistic_ext', 'pg_collation', 'pg_operator', 'pg_opclass'],
    ...['pg_opfamily', 'pg_am', 'pg_language', 'pg_cast', 'pg_conversion', 'pg_ts_config', 'pg_ts_dict'],
  ].map((catalogue) => [catalogue, `'${catalogue}'::regclass`, 'oid'] as const),
  ['pg_attribute', `'pg_class'::regclass`, 'attrelid'],
  ['pg_index', `'pg_class'::regclass`, 'indexrelid'],
  // A table tells by which index its rows are known.
  ['pg_index', `'pg_class'::regclass`, 'indrelid'],
  ['pg_sequence', `'pg_class'::regclass`, 'seqrelid'],
  ['pg_inherits', `'pg_class'::regclass`, 'inhrelid'],
  ['pg_enum', `'pg_type'::regclass`, 'enumtypid'],
  ['pg_range', `'pg_type'::regclass`, 'rngtypid'],
  ['pg_description', 'classoid', 'objoid'],
  ['pg_depend', 'classid', 'objid'],
];

/**
 * The objects of these rows, and what depends on them: the definition of a foreign key names the table that it points to. An internal
 * dependency counts the other way too: a view is what its rule says, an identity column counts as its sequence does.
 */
const reachedFrom = (isTouched: string): string => `with recursive reached (classid, objid) as (
    (${rowsAbout.map(([catalogue, classid, objid]) => `select ${classid}::oid, ${objid}::oid from pg_catalog.${catalogue} where ${isTouched}`).join('\nunion all ')})
    union
    select next.* from reached r cross join lateral (
      select d.classid, d.objid from pg_catalog.pg_depend d where d.refclassid = r.classid and d.refobjid = r.objid
      union all
      select d.refclassid, d.refobjid from pg_catalog.pg_depend d where d.classid = r.classid and d.objid = r.objid and d.deptype = 'i') next
  ) select r.objid::text as oid, c.relname::text as catalogue from reached r join pg_catalog.pg_class c on c.oid = r.classid`;

interface Reached {
  readonly oid: string;
  readonly catalogue: string;
}

/**
 * What a transaction made, altered or dropped in the catalogue, and what may read otherwise by that; more than that at times, never less.
 * Names of roles are not looked at: who rehearses may not change them.
 * @param session in that transaction, which has a number.
 * @param before another one, with a snapshot from before it.
 */
export async function touchedObjects(session: Client, before: Client): Promise<Objects> {
  const { rows } = await session.query<{ number: string }>('select pg_catalog.pg_current_xact_id()::xid::text as number');
  // The server takes the recursion for a long one; making machine code for it takes longer than the rest.
  for (const client of [session, before]) await client.query('set local jit = off');
  const since = `pg_catalog.age('${rows[0]?.number ?? ''}'::xid)`;
  const [written, replaced] = await Promise.all([
    // By its number or a later one: that of a subtransaction.
    session.query<Reached>(`/* db:written */ ${reachedFrom(`pg_catalog.age(xmin) <= ${since}`)}`),
    // What it has dropped or replaced by another row is still there for the snapshot, and has its number as that of its end.
    before.query<Reached>(`/* db:replaced */ ${reachedFrom(`pg_catalog.age(xmax) <= ${since}`)}`),
  ]);
  const all = [...written.rows, ...replaced.rows];
  return { oids: [...new Set(all.map(({ oid }) => oid))], catalogues: [...new Set(all.map(({ catalogue }) => catalogue))] };
}
