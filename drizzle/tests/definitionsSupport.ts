import { withSession } from '@bailiwick/database/setup/connect';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { definedSchemas, readDefinitions } from '@bailiwick/database/backup/definitions';
import { plainTextSettings } from '@bailiwick/database/backup/catalogue';
import type { SavedDefinition } from '@bailiwick/database/backup/manifest';
import type { TestDatabase } from '../../tests/support/database.js';
import { createDatabaseToSave } from './backupSupport.js';

/** What one system may have of its own that stands on something in public, and of which a cascade takes a part. */
const entanglements = [
  `create type public.mood as enum ('calm', 'it''s tense', 'open')`,
  `create type public.place as (street text collate "C", number integer)`,
  'create function public.days_between(date, date) returns double precision language sql immutable strict return $1 - $2',
  'create function public.distance(a integer, b integer) returns double precision language sql immutable strict return a - b',
  'create type public.span as range (subtype = integer, subtype_diff = public.distance, multirange_type_name = public.spans)',
  'create function public.is_share(numeric) returns boolean language sql immutable parallel safe cost 7 return $1 between 0 and 100',
  'create domain public.share as numeric(5,2) default 1.5 constraint share_in_range check (public.is_share(value))',
  `comment on domain public.share is 'A share, in per cent.'`,
  'create sequence public.ticket_seq as integer start with 100 increment by 5',
  `create function public.initials(name text) returns text language sql immutable return upper(left(name, 2))`,
  `create function public.may_look() returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp leakproof
     as $$ begin return true; end $$`,
  `create function public.stamp() returns trigger language plpgsql as $$ begin new.description := 'stamped'; return new; end $$`,
  'revoke all on routine public.may_look() from public',
  'grant execute on routine public.may_look() to audit_system_app with grant option',
  'revoke usage on type public.mood from public',
  'grant usage on type public.mood to case_management_owner, case_management_app',
  'alter table case_management.tasks add column mood public.mood',
  `alter table case_management.tasks add column ticket integer not null default nextval('public.ticket_seq')`,
  'alter table case_management.tasks add column share public.share not null default 10',
  'alter table case_management.tasks add column where_to public.place, add column hours public.span, add column more_hours public.spans',
  'alter table case_management.tasks add column initials text generated always as (public.initials(title)) stored',
  'alter table case_management.tasks add column running_number bigint generated always as identity (start with 7 increment by 3)',
  'alter table case_management.tasks alter column mood set statistics 77, alter column title set storage external',
  'alter table case_management.tasks replica identity full',
  `comment on column case_management.tasks.mood is 'How the people of the task are.'`,
  `update case_management.tasks set mood = (enum_range(null::public.mood))[1 + length(title) % 3], where_to = row(title, length(title))::public.place,
     hours = public.span(1, 2 + length(title)), share = length(title) % 100 where length(title) % 7 <> 0`,
  'create index tasks_mood on case_management.tasks (mood) where mood is not null',
  `alter table case_management.tasks add constraint tasks_open_has_title check (mood <> 'open' or title is not null)`,
  'create statistics case_management.tasks_mood_status (dependencies) on mood, status from case_management.tasks',
  'grant select (mood), update (mood) on case_management.tasks to audit_system_app',
  'create trigger tasks_stamp before insert or update of mood on case_management.tasks for each row execute function public.stamp()',
  'alter table case_management.tasks enable always trigger tasks_stamp',
  'create trigger tasks_sleeping before insert on case_management.tasks for each row execute function public.stamp()',
  'alter table case_management.tasks disable trigger tasks_sleeping',
  'create policy findings_look on audit_system.findings as restrictive for select to audit_system_app using ((select public.may_look()))',
  `comment on policy findings_look on audit_system.findings is 'Looks.'`,
  `create view case_management.people_of_tasks (task, person) with (security_invoker = true) as
     select t.title, p.full_name from case_management.tasks t join public.people p on p.id = t.assigned_to`,
  'grant select on case_management.people_of_tasks to case_management_app',
  'alter view case_management.people_of_tasks owner to case_management_owner',
  `create view audit_system.moods as select mood, count(*) from case_management.tasks group by mood`,
  'create materialized view audit_system.unit_names as select id, name from public.org_units',
  'create unique index unit_names_id on audit_system.unit_names (id)',
  `create function audit_system.names_of_units() returns setof audit_system.unit_names language sql stable
     begin atomic select id, name from audit_system.unit_names; end`,
  'create view audit_system.units_by_key as select id, name, count(*) over () from public.org_units group by id',
  'create rule units_by_key_nothing as on delete to audit_system.units_by_key do instead nothing',
  `create function public.note_ddl() returns event_trigger language plpgsql as $$ begin end $$`,
  "create event trigger note_ddl on ddl_command_end when tag in ('CREATE TABLE') execute function public.note_ddl()",
  'alter default privileges for role shared_tables_owner in schema public grant select on tables to audit_system_app',
  'create table public.ledger (number serial primary key, booked_on date not null default current_date, amount public.share, place public.place)',
  'insert into public.ledger (amount, place) select n % 100, row(n::text, n)::public.place from generate_series(1, 50) n',
  'alter table public.ledger owner to shared_tables_owner',
];

/** A database with the sample data, in which everything that PostgreSQL can hang on a schema hangs on public. */
export async function createEntangledDatabase(): Promise<TestDatabase> {
  const database = await createDatabaseToSave();
  for (const sql of entanglements) await approveAndRun(database, sql);
  return database;
}

/** As an operator does who means it: the guard is asked, and let past once. */
export async function approveAndRun(database: TestDatabase, sql: string): Promise<void> {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await approveStatement(client, sql, 'a test');
    await client.query(sql);
  });
}

/** The whole catalogue of the schemas; a column that was made again is the last one of its table. */
export async function definitionsOf({ operatorUrl }: TestDatabase): Promise<Record<string, string>> {
  return withSession(operatorUrl, 'tests', async (client) => {
    await client.query('begin read only');
    await client.query(plainTextSettings);
    const found = await readDefinitions(client, definedSchemas);
    return Object.fromEntries(found.map((one) => [nameOf(one), sqlOf(one)]).sort());
  });
}

const nameOf = ({ kind, schema, table, name }: SavedDefinition): string => [kind, schema, table, name].join(' ');
const sqlOf = ({ kind, sql, owner }: SavedDefinition): string =>
  `${owner ?? ''} ${kind === 'table' ? sql.replace(/\((.*)\)/, (_all, columns: string) => columns.split(', ').sort().join(', ')) : sql}`;
