import { AppError } from '@bailiwick/kernel/errors';
import type { ClientBase } from 'pg';
import { holderOf, ownedSchemas } from '../check/names.js';
import { isDatabaseError } from '../migrate/failure.js';
import { placeOf } from '../setup/connect.js';
import { bailiwicks } from '../setup/credentials.js';
import type { Ownership, OwnedFunction, OwnedRole, OwnedTable, Policy } from './ownership.js';

const listed = (select: string): string => `coalesce((select json_agg(x.*) from (${select}) x), '[]')`;
const grantee = `case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end`;
const columnNames = (relation: string, numbers: string): string =>
  `array(select a.attname::text from unnest(${numbers}) with ordinality k (n, o)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n order by k.o)`;

const tablesQuery = `/* db:ownedTables */
select n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner, obj_description(c.oid, 'pg_class') as about,
  (select count(*)::int from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  coalesce((select ${columnNames('c.oid', 'k.conkey')} from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'), '{}') as "primaryKey",
  case when not c.relrowsecurity then 'off' when c.relforcerowsecurity then 'forced' else 'on' end as "rowSecurity",
  ${listed(`select g.role, array_agg(g.privilege order by g.place, g.privilege) as may from (
      select ${grantee} as role, lower(a.privilege_type) as privilege,
        array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], a.privilege_type) as place
      from aclexplode(c.relacl) a where a.grantee <> c.relowner
      union all
      select ${grantee}, format('%s (%s)', lower(a.privilege_type), string_agg(t.attname, ', ' order by t.attname)),
        min(array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], a.privilege_type))
      from pg_attribute t, aclexplode(t.attacl) a where t.attrelid = c.oid and not t.attisdropped and a.grantee <> c.relowner
      group by a.grantee, a.privilege_type) g
    group by g.role order by g.role collate "C"`)} as grants,
  ${listed(`select p.polname as name, p.polpermissive as "isPermissive",
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      array(select case r when 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) r order by 1) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
      array(select distinct format('%s.%s', fn.nspname, f.proname) from pg_depend d join pg_proc f on f.oid = d.refobjid
        join pg_namespace fn on fn.oid = f.pronamespace
        where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass and fn.nspname <> 'pg_catalog'
        order by 1) as functions
    from pg_policy p where p.polrelid = c.oid order by position(p.polcmd::text in '*rawd'), p.polname`)} as policies,
  ${listed(`select f.conname as name, ${columnNames('f.conrelid', 'f.conkey')} as columns, tn.nspname as "toSchema", t.relname as "toTable",
      ${columnNames('f.confrelid', 'f.confkey')} as "toColumns",
      concat_ws(', ', case f.confupdtype when 'c' then 'on update cascade' when 'n' then 'on update set null' when 'd' then 'on update set default' end,
        case f.confdeltype when 'c' then 'on delete cascade' when 'n' then 'on delete set null' when 'd' then 'on delete set default' end) as follows
    from pg_constraint f join pg_class t on t.oid = f.confrelid join pg_namespace tn on tn.oid = t.relnamespace
    where f.conrelid = c.oid and f.contype = 'f' order by f.conname`)} as "foreignKeys",
  ${listed(`select t.tgname as name, format('%s.%s', fn.nspname, f.proname) as function, t.tgenabled = 'A' as "isAlways",
      concat_ws(' ', case when t.tgtype & 2 = 2 then 'before' when t.tgtype & 64 = 64 then 'instead of' else 'after' end,
        concat_ws(' or ', case when t.tgtype & 4 = 4 then 'insert' end, case when t.tgtype & 8 = 8 then 'delete' end,
          case when t.tgtype & 16 = 16 then 'update' || coalesce((select ' of ' || string_agg(a.attname, ', ' order by a.attname)
            from pg_attribute a where a.attrelid = c.oid and a.attnum = any (t.tgattr)), '') end,
          case when t.tgtype & 32 = 32 then 'truncate' end),
        case when t.tgtype & 1 = 1 then 'of each row' end) as when
    from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_namespace fn on fn.oid = f.pronamespace
    where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D' order by t.tgname`)} as triggers,
  (select json_build_object('rows', l.most_rows, 'share', l.most_share) from guard.mass_change_limits l
    where l.schema_name in (n.nspname, '*') and l.table_name in (c.relname, '*')
      and exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname in ('guard_mass_delete', 'guard_mass_update') and t.tgenabled <> 'D')
    order by l.schema_name = '*', l.table_name = '*' limit 1) as limit
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any ($1) and c.relkind in ('r', 'p') and c.relpersistence <> 't'
order by array_position($1, n.nspname::text), c.relname`;

const functionsQuery = `/* db:ownedFunctions */
select n.nspname as schema, format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as name,
  case when p.prosecdef then pg_get_userbyid(p.proowner)::text end as "runsAs",
  array(select ${grantee}::text from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner order by 1) as roles
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = any ($1) and n.nspname <> 'guard'
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by array_position($1, n.nspname::text), p.proname collate "C", 2`;

/** Roles of Bailiwick's own, and any other that was given something in its schemas. Who is a superuser needs no grant. */
const rolesQuery = `/* db:ownedRoles */
with granted as (
  select a.grantee from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a where n.nspname = any ($1)
  union select a.grantee from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = any ($1)
)
select r.rolname as name, r.rolcanlogin as "isLogin", r.rolbypassrls as "bypassesRowSecurity",
  array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid order by g.rolname) as "memberOf",
  ${listed(`select n.nspname as role, array_agg(lower(a.privilege_type) order by a.privilege_type desc) as may
    from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = any ($1) and a.grantee = r.oid and n.nspowner <> r.oid
    group by n.nspname order by array_position($1, n.nspname::text)`)} as schemas
from pg_roles r where not r.rolsuper and (r.rolname = any ($2) or r.oid in (select grantee from granted)) order by r.rolname`;

const ownRoles = [
  'guard_owner',
  'guard_operator',
  'backup_reader',
  ...bailiwicks.flatMap((owner) => ['owner', 'deployer', 'app'].map((part) => `${owner}_${part}`)),
];

/**
 * Who owns what in this database and may do what there, from PostgreSQL's own catalogue. The same on every version of the server.
 * @param client anybody who may read the limits of the guard: the operator, or backup_reader.
 * @throws DATABASE_NOT_INITIALISED, PRIVILEGE_MISSING.
 */
export async function readOwnership(client: ClientBase, url: string): Promise<Ownership> {
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local search_path = pg_catalog, pg_temp; set local jit = off');
    const schemas = await client.query<{ name: string; owner: string }>(
      `select nspname as name, pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = any ($1) order by array_position($1, nspname::text)`,
      [ownedSchemas],
    );
    const tables = await client.query<OwnedTable>(tablesQuery, [ownedSchemas]);
    const functions = await client.query<OwnedFunction>(functionsQuery, [ownedSchemas]);
    const roles = await client.query<OwnedRole>(rolesQuery, [ownedSchemas, ownRoles]);
    const eventTriggers = await client.query<Ownership['eventTriggers'][number]>(
      `select evtname as name, evtevent as event, evtenabled = 'A' as "isAlways" from pg_event_trigger
       where evtname like 'guard\\_%' and evtenabled <> 'D' order by evtname`,
    );
    await client.query('rollback');
    return {
      schemas: schemas.rows.map((schema) => ({ ...schema, team: holderOf(schema.name) })),
      roles: roles.rows,
      tables: tables.rows.map((table) => ({ ...table, policies: table.policies.map(tidyPolicy) })),
      functions: functions.rows,
      eventTriggers: eventTriggers.rows,
    };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw explained(error, url);
  }
}

/** PostgreSQL names the type of every text and the column of every subselect, which says nothing to a reader. */
function tidyPolicy(policy: Policy): Policy {
  return { ...policy, using: tidied(policy.using), check: tidied(policy.check) };
}

function tidied(expression: string | null): string | null {
  if (expression === null) return null;
  const short = expression
    .replace(/('(?:[^']|'')*')::text\b(?!\[)/g, '$1')
    .replace(/ AS \w+\)/g, ')')
    .replace(/\s+/g, ' ')
    .replaceAll('( SELECT ', '(select ')
    .replaceAll(' FROM ', ' from ')
    .replaceAll('(NOT ', '(not ')
    .replace(/ (AND|OR|IN|IS NULL|IS NOT NULL) /g, (word) => word.toLowerCase());
  const inner = short.slice(1, -1);
  return short.startsWith('(') && isOnePair(short) && !inner.startsWith('select ') ? inner : short;
}

/** Whether the first parenthesis is closed by the last one. */
function isOnePair(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0) return false;
  }
  return true;
}

function explained(error: unknown, url: string): unknown {
  if (!isDatabaseError(error)) return error;
  const { database, user } = placeOf(url);
  if (error.code === '42P01' || error.code === '3F000') {
    return new AppError('DATABASE_NOT_INITIALISED', `Database ${database} has no guard yet: ${error.message}.`, {
      hint: 'Run npm run db -- init and npm run db -- migrate first.',
      cause: error,
    });
  }
  if (error.code === '42501') {
    return new AppError('PRIVILEGE_MISSING', `Role ${user} may not read what the guard keeps: ${error.message}.`, {
      hint: 'Name a superuser in DATABASE_URL.',
      cause: error,
    });
  }
  return error;
}
