/** How the guard answers a superuser; everybody else it may also be privileges that refuse. */
export type Answer = 'DROP_REFUSED' | 'TRUNCATE_REFUSED' | 'MASS_CHANGE_REFUSED' | 'PROTECTION_REFUSED';

/** Ways to lose data: what it is, how a superuser is answered, the statements as they are sent. */
export const ways: (readonly [name: string, answer: Answer, sql: string])[] = [
  ['the founding statement', 'DROP_REFUSED', 'DROP SCHEMA public CASCADE'],
  ['a schema of one system', 'DROP_REFUSED', 'drop schema case_management cascade'],
  ['a schema of the other system', 'DROP_REFUSED', 'drop schema audit_system cascade'],
  ['all schemas at once', 'DROP_REFUSED', 'drop schema public, case_management, audit_system cascade'],
  ['the schema of the guard', 'DROP_REFUSED', 'drop schema guard cascade'],
  ['the schema of identity', 'DROP_REFUSED', 'drop schema identity cascade'],
  ['the schema of the extensions', 'DROP_REFUSED', 'drop schema extensions cascade'],
  ['a table', 'DROP_REFUSED', 'drop table case_management.case_events'],
  ['a table with what refers to it', 'DROP_REFUSED', 'drop table public.people cascade'],
  ['several tables', 'DROP_REFUSED', 'drop table audit_system.findings, audit_system.evidence cascade'],
  ['the record of migrations', 'DROP_REFUSED', 'drop table guard.migrations cascade'],
  ['the catalogue of roles', 'DROP_REFUSED', 'drop table identity.roles cascade'],
  ['a column', 'DROP_REFUSED', 'alter table public.people drop column title'],
  ['a key column with what refers to it', 'DROP_REFUSED', 'alter table case_management.legal_cases drop column id cascade'],
  [
    'a column that is made anew',
    'DROP_REFUSED',
    'alter table public.people drop column phone; alter table public.people add column phone text',
  ],
  ['a type in public with the columns of another schema', 'DROP_REFUSED', 'drop type public.mood cascade'],
  ['the function behind every policy', 'DROP_REFUSED', 'drop function identity.may(text, text) cascade'],
  ['the function behind the version triggers', 'DROP_REFUSED', 'drop function guard.touch_row() cascade'],
  ['the function of the guard itself', 'DROP_REFUSED', 'drop function guard.refuse_truncate() cascade'],
  ['a function by its routine name', 'DROP_REFUSED', 'drop routine case_management.next_case_number() cascade'],
  ['a policy', 'DROP_REFUSED', 'drop policy tasks_read on case_management.tasks'],
  ['a trigger', 'DROP_REFUSED', 'drop trigger tasks_touch on case_management.tasks'],
  ['a trigger of the guard', 'DROP_REFUSED', 'drop trigger guard_truncate on case_management.tasks'],
  ['a foreign key', 'DROP_REFUSED', 'alter table case_management.tasks drop constraint tasks_case_id_fkey'],
  ['a primary key', 'DROP_REFUSED', 'alter table public.org_units drop constraint org_units_pkey cascade'],
  ['a check', 'DROP_REFUSED', 'alter table case_management.tasks drop constraint tasks_status_known'],
  ['a sequence', 'DROP_REFUSED', 'drop sequence case_management.case_number_seq cascade'],
  ['an extension', 'DROP_REFUSED', 'drop extension pg_trgm cascade'],
  ['all that the owner owns', 'DROP_REFUSED', 'drop owned by case_management_owner cascade'],
  ['all that the guard owns', 'DROP_REFUSED', 'drop owned by guard_owner cascade'],
  ['the policies and rights of an app role', 'DROP_REFUSED', 'drop owned by case_management_app'],
  ['the rows of a table', 'TRUNCATE_REFUSED', 'truncate case_management.case_events'],
  ['the rows of a table and of what refers to it', 'TRUNCATE_REFUSED', 'truncate public.org_units cascade'],
  ['the rows of several tables', 'TRUNCATE_REFUSED', 'truncate audit_system.evidence, public.notifications'],
  ['rows, with their counters', 'TRUNCATE_REFUSED', 'truncate only case_management.case_costs restart identity'],
  ['the record of migrations, emptied', 'TRUNCATE_REFUSED', 'truncate guard.migrations'],
  ['DELETE without WHERE', 'MASS_CHANGE_REFUSED', 'delete from case_management.case_events'],
  [
    'DELETE with a WHERE that is always true',
    'MASS_CHANGE_REFUSED',
    'delete from case_management.case_events where id is not null',
  ],
  [
    'DELETE through a join',
    'MASS_CHANGE_REFUSED',
    'delete from case_management.case_events e using case_management.case_events o where e.id = o.id',
  ],
  [
    'DELETE in a WITH',
    'MASS_CHANGE_REFUSED',
    'with gone as (delete from case_management.case_events returning id) select count(*) from gone',
  ],
  [
    'DELETE by MERGE',
    'MASS_CHANGE_REFUSED',
    'merge into case_management.case_events e using case_management.case_events o on e.id = o.id when matched then delete',
  ],
  ['DELETE that is prepared', 'MASS_CHANGE_REFUSED', 'prepare gone as delete from case_management.case_events; execute gone'],
  ['DELETE that is only to be explained', 'MASS_CHANGE_REFUSED', 'explain (analyze) delete from case_management.case_events'],
  ['DELETE of the record of migrations', 'MASS_CHANGE_REFUSED', 'delete from guard.migrations'],
  ['DELETE of the catalogue of roles', 'MASS_CHANGE_REFUSED', 'delete from identity.roles'],
  ['UPDATE without WHERE', 'MASS_CHANGE_REFUSED', `update case_management.tasks set title = 'x'`],
  [
    'UPDATE by INSERT … ON CONFLICT',
    'MASS_CHANGE_REFUSED',
    `insert into case_management.tasks select * from case_management.tasks on conflict (id) do update set title = 'x'`,
  ],
  ['row security, disabled', 'PROTECTION_REFUSED', 'alter table case_management.tasks disable row level security'],
  ['row security, not forced', 'PROTECTION_REFUSED', 'alter table case_management.tasks no force row level security'],
  ['every trigger of a table, disabled', 'PROTECTION_REFUSED', 'alter table case_management.tasks disable trigger all'],
  [
    'one trigger of the guard, disabled',
    'PROTECTION_REFUSED',
    'alter table case_management.tasks disable trigger guard_mass_delete',
  ],
  [
    'one trigger of the guard, for replicas only',
    'PROTECTION_REFUSED',
    'alter table case_management.tasks enable replica trigger guard_truncate',
  ],
  ['a policy that lets nobody see', 'PROTECTION_REFUSED', 'alter policy tasks_read on case_management.tasks using (false)'],
  ['a schema, renamed', 'PROTECTION_REFUSED', 'alter schema case_management rename to old'],
  ['a table, moved', 'PROTECTION_REFUSED', 'alter table case_management.tasks set schema public'],
  ['a function, moved', 'PROTECTION_REFUSED', 'alter function identity.may(text, text) set schema public'],
  ['the owner of a table', 'PROTECTION_REFUSED', 'alter table case_management.tasks owner to case_management_deployer'],
  ['the owner of a schema', 'PROTECTION_REFUSED', 'alter schema public owner to case_management_deployer'],
  ['the owner of a function', 'PROTECTION_REFUSED', 'alter function identity.may(text, text) owner to case_management_deployer'],
  [
    'values, cut by a new type',
    'PROTECTION_REFUSED',
    'alter table case_management.tasks alter column title type varchar(3) using left(title, 3)',
  ],
  ['durability', 'PROTECTION_REFUSED', 'alter table case_management.case_events set unlogged'],
  ['DROP as dynamic SQL', 'DROP_REFUSED', `do $$ begin execute 'dr' || 'op table case_management.case_events'; end $$`],
  [
    'TRUNCATE of every table in a loop',
    'TRUNCATE_REFUSED',
    `do $$ declare t regclass; begin
       for t in select oid::regclass from pg_class where relkind = 'r' and relnamespace = 'case_management'::regnamespace loop
         execute format('truncate %s cascade', t);
       end loop;
     end $$`,
  ],
  [
    'DROP in a function',
    'DROP_REFUSED',
    `create function pg_temp.wipe() returns void language plpgsql as $$ begin drop table case_management.case_events; end $$;
     select pg_temp.wipe()`,
  ],
  [
    'what pg_restore --clean sends',
    'DROP_REFUSED',
    `alter table if exists only case_management.tasks drop constraint if exists tasks_case_id_fkey;
     drop trigger if exists tasks_touch on case_management.tasks;
     drop index if exists case_management.tasks_case_id;
     drop table if exists case_management.tasks;
     drop schema if exists case_management`,
  ],
  ['what a reset of drizzle-kit sends', 'DROP_REFUSED', 'DROP SCHEMA IF EXISTS "public" CASCADE; CREATE SCHEMA "public";'],
  [
    'what a push of drizzle-kit sends',
    'DROP_REFUSED',
    `ALTER TABLE "public"."people" DROP COLUMN "title";\nDROP TABLE "public"."notifications" CASCADE;`,
  ],
  [
    'a table that is rebuilt',
    'DROP_REFUSED',
    `create table case_management.tasks_new (like case_management.tasks including all);
     drop table case_management.tasks; alter table case_management.tasks_new rename to tasks`,
  ],
  [
    'a table that is renamed first',
    'DROP_REFUSED',
    'alter table case_management.case_events rename to old_events; drop table case_management.old_events',
  ],
  ['DROP as a replica', 'DROP_REFUSED', 'set session_replication_role = replica; drop table case_management.case_events'],
  ['TRUNCATE as a replica', 'TRUNCATE_REFUSED', 'set session_replication_role = replica; truncate case_management.case_events'],
  [
    'DELETE as a replica',
    'MASS_CHANGE_REFUSED',
    'set session_replication_role = replica; delete from case_management.case_events',
  ],
  ['DELETE without statistics', 'MASS_CHANGE_REFUSED', 'set track_counts = off; delete from case_management.case_events'],
];
