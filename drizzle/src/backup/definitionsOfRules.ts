import { isSaved, optionsOf, roleName, selectOf } from './definitionQuery.js';
import type { Selection } from './definitionQuery.js';

const relation = `format('%I.%I', n.nspname, c.relname)`;
const tables = `pg_class c join pg_namespace n on n.oid = c.relnamespace`;
/** From D, O, R, A to what ALTER TABLE says; nothing for the usual one. */
const firing = (enabled: string, what: string): string =>
  `case ${enabled} when 'O' then '' else format('; alter table %s %s ${what}', ${relation}, case ${enabled} when 'A' then 'enable always' when 'R' then 'enable replica' else 'disable' end) end`;

/** Views, triggers, rules, row security and policies. */
export const queriesOfRules: readonly Selection[] = [
  // After the rows: a view may need a primary key.
  selectOf({
    kind: `case c.relkind when 'm' then 'materialized view' else 'view' end`,
    address: [`'pg_class'`, 'c.oid'],
    table: 'c.relname',
    name: 'c.relname',
    stage: `case c.relkind when 'm' then 68 else 67 end`,
    owner: 'pg_get_userbyid(c.relowner)',
    object: `case c.relkind when 'm' then 'materialized view ' else 'view ' end || ${relation}`,
    sql: `format('create %s %s%s as %s%s', case c.relkind when 'm' then 'materialized view' else 'view' end, ${relation}, ${optionsOf('c.reloptions')},
      rtrim(pg_get_viewdef(c.oid), ';'), case c.relkind when 'm' then ' with no data' else '' end)`,
    from: `${tables} where ${isSaved} and c.relkind in ('v', 'm') and c.relpersistence <> 't'`,
  }),
  // PostgreSQL fills it as its owner, under the policies that count for the owner.
  selectOf({
    kind: `'content of materialized view'`,
    address: [`'pg_class'`, 'c.oid'],
    isPart: true,
    table: 'c.relname',
    name: 'c.relname',
    stage: 94,
    sql: `format('set local row_security = on; refresh materialized view %s; set local row_security = off', ${relation})`,
    from: `${tables} where ${isSaved} and c.relkind = 'm' and c.relispopulated`,
  }),
  selectOf({
    kind: `'trigger'`,
    address: [`'pg_trigger'`, 't.oid'],
    table: 'c.relname',
    name: 't.tgname',
    stage: 75,
    object: `format('trigger %I on %s', t.tgname, ${relation})`,
    sql: `pg_get_triggerdef(t.oid) || ${firing('t.tgenabled', `trigger ' || quote_ident(t.tgname) || '`)}`,
    from: `pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where ${isSaved} and c.relkind in ('r', 'v') and not t.tgisinternal and t.tgparentid = 0`,
  }),
  // What was disabled is enabled again; what fires more than it did is left alone.
  selectOf({
    kind: `'enabled trigger'`,
    address: [`'pg_trigger'`, 't.oid'],
    isPart: true,
    table: 'c.relname',
    name: `t.tgname || f.how`,
    stage: `case f.how when '' then 76 else 77 end`,
    sql: `format('alter table %s enable%s trigger %I', ${relation}, f.how, t.tgname)`,
    from: `pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace cross join (values (''), (' always')) f (how)
      where ${isSaved} and c.relkind in ('r', 'v') and not t.tgisinternal and t.tgparentid = 0
        and case f.how when '' then t.tgenabled in ('O', 'A') else t.tgenabled = 'A' end`,
  }),
  selectOf({
    kind: `'rule'`,
    address: [`'pg_rewrite'`, 'r.oid'],
    table: 'c.relname',
    name: 'r.rulename',
    stage: 78,
    object: `format('rule %I on %s', r.rulename, ${relation})`,
    sql: `rtrim(pg_get_ruledef(r.oid), ';') || ${firing('r.ev_enabled', `rule ' || quote_ident(r.rulename) || '`)}`,
    from: `pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
      where ${isSaved} and c.relkind in ('r', 'v') and r.rulename <> '_RETURN'`,
  }),
  selectOf({
    kind: `'row security'`,
    address: [`'pg_class'`, 'c.oid'],
    isPart: true,
    table: 'c.relname',
    name: `case when f.forced then 'forced' else 'enabled' end`,
    stage: 80,
    sql: `format('alter table %s %s row level security', ${relation}, case when f.forced then 'force' else 'enable' end)`,
    from: `${tables} cross join (values (true), (false)) f (forced)
      where ${isSaved} and c.relkind = 'r' and case when f.forced then c.relforcerowsecurity else c.relrowsecurity end`,
  }),
  selectOf({
    kind: `'policy'`,
    address: [`'pg_policy'`, 'p.oid'],
    table: 'c.relname',
    name: 'p.polname',
    stage: 85,
    object: `format('policy %I on %s', p.polname, ${relation})`,
    sql: `format('create policy %I on %s as %s for %s to %s%s%s', p.polname, ${relation}, case when p.polpermissive then 'permissive' else 'restrictive' end,
       case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
       (select string_agg(${roleName('r')}, ', ') from unnest(p.polroles) r),
       coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
       coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))`,
    from: `pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${isSaved}`,
  }),
  // It belongs to no schema, and goes with its function.
  selectOf({
    kind: `'event trigger'`,
    address: [`'pg_event_trigger'`, 'e.oid'],
    name: 'e.evtname',
    stage: 98,
    object: `format('event trigger %I', e.evtname)`,
    sql: `format('create event trigger %I on %s%s execute function %I.%I()%s', e.evtname, e.evtevent,
       (select ' when tag in (' || string_agg(quote_literal(tag), ', ') || ')' from unnest(e.evttags) tag), n.nspname, p.proname,
       case e.evtenabled when 'O' then '' else format('; alter event trigger %I %s', e.evtname, case e.evtenabled when 'A' then 'enable always' when 'R' then 'enable replica' else 'disable' end) end)`,
    from: `pg_event_trigger e join pg_proc p on p.oid = e.evtfoid join pg_namespace n on n.oid = p.pronamespace where ${isSaved}`,
  }),
];
