import { isSaved, roleName, selectOf } from './definitionQuery.js';
import type { Selection } from './definitionQuery.js';

interface Granted {
  readonly address: readonly [string, string, string?];
  readonly table?: string;
  /** `schema public`, `table public.people`: as GRANT names it. */
  readonly object: string;
  /** SELECT, or SELECT (email). */
  readonly privilege?: string;
  readonly stage?: number;
  readonly from: string;
}

/** Each privilege of each role, apart from what the owner has by being it. `a` is a row of aclexplode. */
const grants = ({ address, table, object, privilege = 'a.privilege_type', stage = 90, from }: Granted): Selection =>
  selectOf({
    kind: `'grant'`,
    address,
    isPart: true,
    table,
    name: `format('%s on %s to %s', ${privilege}, ${object}, ${roleName('a.grantee')})`,
    stage,
    sql: `format('grant %s on %s to %s%s', ${privilege}, ${object}, ${roleName('a.grantee')}, case when a.is_grantable then ' with grant option' else '' end)`,
    from,
  });

const relation = `format('%s %I.%I', case c.relkind when 'S' then 'sequence' else 'table' end, n.nspname, c.relname)`;

/** Grants, default privileges, and comments on columns of views. */
export const queriesOfRights: readonly Selection[] = [
  grants({
    address: [`'pg_namespace'`, 'n.oid'],
    object: `format('schema %I', n.nspname)`,
    stage: 11,
    from: `pg_namespace n, aclexplode(n.nspacl) a where ${isSaved} and a.grantee <> n.nspowner`,
  }),
  grants({
    address: [`'pg_class'`, 'c.oid'],
    table: `case c.relkind when 'S' then '' else c.relname end`,
    object: relation,
    from: `pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
      where ${isSaved} and c.relkind in ('r', 'S', 'v', 'm') and a.grantee <> c.relowner`,
  }),
  grants({
    address: [`'pg_class'`, 'c.oid', 't.attnum'],
    table: 'c.relname',
    object: relation,
    privilege: `format('%s (%I)', a.privilege_type, t.attname)`,
    from: `pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace, aclexplode(t.attacl) a
      where ${isSaved} and c.relkind in ('r', 'v', 'm') and not t.attisdropped and a.grantee <> c.relowner`,
  }),
  grants({
    address: [`'pg_proc'`, 'p.oid'],
    object: `format('routine %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`,
    from: `pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where ${isSaved} and p.prokind <> 'a' and a.grantee <> p.proowner`,
  }),
  grants({
    address: [`'pg_type'`, 't.oid'],
    object: `format('%s %I.%I', case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname)`,
    from: `pg_type t join pg_namespace n on n.oid = t.typnamespace, aclexplode(t.typacl) a
      where ${isSaved} and t.typtype in ('e', 'c', 'r', 'd') and a.grantee <> t.typowner
        and (t.typtype <> 'c' or (select c.relkind from pg_class c where c.oid = t.typrelid) = 'c')`,
  }),
  // Last, so that nothing that is made again gets more than it had.
  selectOf({
    kind: `'default privilege'`,
    address: [`'pg_default_acl'`, 'd.oid'],
    name: `format('%s on %s of %s to %s', a.privilege_type, f.word, pg_get_userbyid(d.defaclrole), ${roleName('a.grantee')})`,
    stage: 96,
    sql: `format('alter default privileges for role %I in schema %I grant %s on %s to %s%s', pg_get_userbyid(d.defaclrole), n.nspname, a.privilege_type, f.word,
       ${roleName('a.grantee')}, case when a.is_grantable then ' with grant option' else '' end)`,
    from: `pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a,
       lateral (select case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines' else 'types' end) f (word) where ${isSaved}`,
  }),
  selectOf({
    kind: `'comment'`,
    address: [`'pg_class'`, 'c.oid'],
    isPart: true,
    table: 'c.relname',
    name: 'a.attname',
    stage: 95,
    sql: `format('comment on column %I.%I.%I is %L', n.nspname, c.relname, a.attname, d.description)`,
    from: `pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid where ${isSaved} and c.relkind in ('v', 'm', 'c') and d.objsubid > 0`,
  }),
];
