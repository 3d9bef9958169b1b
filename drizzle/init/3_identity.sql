-- Who is asking, and what they may do. Row policies ask these functions, never the token.
set role guard_owner;

create table if not exists identity.roles (
  name text primary key check (name = btrim(name) and name <> ''),
  shared_tables text not null default 'none' check (shared_tables in ('none', 'own', 'read', 'write', 'approve', 'admin')),
  case_management text not null default 'none' check (case_management in ('none', 'own', 'read', 'write', 'approve', 'admin')),
  audit_system text not null default 'none' check (audit_system in ('none', 'own', 'read', 'write', 'approve', 'admin')),
  description text not null
);
comment on table identity.roles is 'The catalogue of roles a person can have, and what each allows in each bailiwick.';

reset role;

-- A database that was made before there was the level approve learns it here, once: what an administrator gave a role since then stays.
-- The guard's trigger on drops steps aside for the three checks that are replaced in this same transaction.
do $$
declare
  system text;
  has_guard constant boolean := exists (select from pg_event_trigger t where t.evtname = 'guard_drop');
begin
  if (select pg_get_constraintdef(c.oid) like '%approve%' from pg_constraint c
      where c.conrelid = 'identity.roles'::regclass and c.conname = 'roles_audit_system_check') then
    return;
  end if;
  if has_guard then
    alter event trigger guard_drop disable;
  end if;
  foreach system in array array['shared_tables', 'case_management', 'audit_system'] loop
    execute format('alter table identity.roles drop constraint %1$I, add constraint %1$I check (%2$I in (''none'', ''own'', ''read'', ''write'', ''approve'', ''admin''))',
      'roles_' || system || '_check', system);
  end loop;
  if has_guard then
    alter event trigger guard_drop enable always;
  end if;
  update identity.roles r set audit_system = 'approve' where r.name = 'Audit Manager' and r.audit_system = 'write';
end
$$;
set role guard_owner;

-- Every active person reads the shared tables, with or without a role; the column says who may do more there.
insert into identity.roles (name, shared_tables, case_management, audit_system, description) values
  ('System Admin', 'admin', 'admin', 'admin', 'Runs the whole system.'),
  ('Admin', 'admin', 'admin', 'admin', 'Runs the whole system (name used by the older case system).'),
  ('System Integrator', 'read', 'read', 'read', 'Connects other systems; reads, never writes.'),
  ('Read-Only', 'read', 'read', 'read', 'Reads both systems and writes nothing.'),
  ('Case Manager', 'read', 'admin', 'none', 'Runs the case system and approves in it, restricted cases included.'),
  ('Director', 'read', 'admin', 'read', 'Heads the legal office.'),
  ('Lawyer', 'read', 'write', 'none', 'Conducts cases.'),
  ('Legal Officer', 'read', 'write', 'none', 'Conducts cases.'),
  ('Paralegal', 'read', 'write', 'none', 'Prepares cases.'),
  ('Registrar', 'read', 'write', 'none', 'Registers cases and filings.'),
  ('Survey Officer', 'read', 'read', 'none', 'Gives technical advice on cases.'),
  ('Client', 'read', 'none', 'none', 'A party that the office acts for; no access to the systems.'),
  ('Judge', 'read', 'none', 'none', 'Named in cases; no access to the systems.'),
  ('Witness', 'read', 'none', 'none', 'Named in cases; no access to the systems.'),
  ('Audit Admin', 'read', 'none', 'admin', 'Runs the audit system.'),
  ('Audit Manager', 'read', 'none', 'approve', 'Plans, reviews and approves engagements.'),
  ('Auditor', 'read', 'none', 'write', 'Conducts engagements.'),
  ('Action Owner', 'read', 'none', 'own', 'Answers for recommendations and action plans; sees only those.')
on conflict (name) do nothing;

-- The person named by the transaction, or null. The setting is bound by the application, one transaction at a time.
create or replace function identity.current_person_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.person_id', true), '')::uuid;

-- The roles of that person as they are in this moment: null for nobody, an unknown person and an inactive one.
-- SECURITY DEFINER, because the policies of people call it; plpgsql, because that keeps its plan between calls on every version.
create or replace function identity.current_person_roles() returns text[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select p.roles from public.people p where p.id = identity.current_person_id() and p.is_active);
end
$$;

-- What a person may do in each bailiwick, as three digits: in the shared tables, in case management, in the audit system; 0 nothing, 1 own, 2 read,
-- 3 write, 4 approve, 5 admin. 000 for nobody, an unknown person and an inactive one; every active person reads the shared tables. Only the functions below call it,
-- with their rights and their search_path. The person and then each role by its key: a join of both takes a third longer.
create or replace function identity.levels_of(person uuid) returns text
language plpgsql stable parallel safe as $$
declare
  levels constant text[] := array['own', 'read', 'write', 'approve', 'admin'];
  roles text[];
  named text;
  role record;
  shared_tables integer := 2;
  case_management integer := 0;
  audit_system integer := 0;
begin
  select p.roles into roles from public.people p where p.id = person and p.is_active;
  if not found then
    return '000';
  end if;
  foreach named in array roles loop
    select array_position(levels, r.shared_tables) as on_shared_tables, array_position(levels, r.case_management) as on_cases,
      array_position(levels, r.audit_system) as on_audits
    into role from identity.roles r where r.name = named;
    -- What is null is left out by greatest: a level of none, and a role that is none.
    shared_tables := greatest(shared_tables, role.on_shared_tables);
    case_management := greatest(case_management, role.on_cases);
    audit_system := greatest(audit_system, role.on_audits);
  end loop;
  return concat(shared_tables, case_management, audit_system);
end
$$;

-- Names the person whom the rest of the transaction is for, and remembers what that person may do, so that no policy has to look it up again: a right
-- that is taken away meanwhile is gone in the next transaction. It is remembered in a setting beside the id. Who can write the one setting can write
-- the other, and could be anybody by the one alone: that a service names the right person is what all policies stand on.
create or replace function identity.enter(person uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.person_id', person::text, true), set_config('app.person_levels', person::text || identity.levels_of(person), true);
end
$$;

-- The same as identity.may, from the tables.
create or replace function identity.may_by_tables(system text, action text) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted constant integer := array_position(array['own', 'read', 'write', 'approve', 'admin'], action);
  place constant integer := array_position(array['shared_tables', 'case_management', 'audit_system'], system);
begin
  if wanted is null then
    raise exception 'identity.may: unknown action "%"', action using hint = 'Use own, read, write, approve or admin.';
  end if;
  if place is null then
    raise exception 'identity.may: unknown system "%"', system using hint = 'Use shared_tables, case_management or audit_system.';
  end if;
  return substr(identity.levels_of(identity.current_person_id()), place, 1)::integer >= wanted;
end
$$;

-- May the current person do this in that bailiwick? Actions: own < read < write < approve < admin. What identity.enter remembered is good for the person whom it
-- named; in a transaction that did not begin with it, or names another by now, the tables are asked. One expression, which PostgreSQL puts in place
-- of the call: without a call and a lookup, a policy costs a statement 20 microseconds instead of 54.
create or replace function identity.may(system text, action text) returns boolean
language sql stable parallel safe
return case
  when left(current_setting('app.person_levels', true), 36) = nullif(current_setting('app.person_id', true), '')
    and array_position(array['shared_tables', 'case_management', 'audit_system'], system) is not null
    and array_position(array['own', 'read', 'write', 'approve', 'admin'], action) is not null
  then substr(current_setting('app.person_levels', true), 36 + array_position(array['shared_tables', 'case_management', 'audit_system'], system), 1)::integer
    >= array_position(array['own', 'read', 'write', 'approve', 'admin'], action)
  else identity.may_by_tables(system, action)
end;

-- The same of another person, for what is given to them to do. False for an unknown and for an inactive one.
create or replace function identity.person_may(person uuid, system text, action text) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return substr(identity.levels_of(person), array_position(array['shared_tables', 'case_management', 'audit_system'], system), 1)::integer
    >= array_position(array['own', 'read', 'write', 'approve', 'admin'], action);
end
$$;

-- A unit with everything below it. Every system filters by it, and none of them reads org_units itself.
create or replace function identity.org_unit_and_descendants(unit uuid) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not identity.may('shared_tables', 'read') then
    return array[]::uuid[];
  end if;
  return array(
    with recursive below as (
      select o.id from public.org_units o where o.id = unit
      union
      select o.id from public.org_units o join below b on o.parent_id = b.id
    )
    select below.id from below
  );
end
$$;

-- The people whose name or e-mail contains the text, without regard to case. PostgreSQL uses no trigram index below row security (its operators are
-- not leakproof), and schema public holds tables only; so the search stands here, and applies the policy of people itself.
create or replace function identity.search_person_ids(query text) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  pattern constant text := '%' || replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  if not identity.may('shared_tables', 'read') then
    return array[]::uuid[];
  end if;
  return array(select p.id from public.people p where p.full_name ilike pattern or p.email ilike pattern);
end
$$;

-- The org units whose code or name contains the text, in the same way.
create or replace function identity.search_org_unit_ids(query text) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  pattern constant text := '%' || replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  if not identity.may('shared_tables', 'read') then
    return array[]::uuid[];
  end if;
  return array(select o.id from public.org_units o where o.code ilike pattern or o.name ilike pattern);
end
$$;

-- Trigger of people: the catalogue is data, so a role is checked against it here and not by a CHECK that would need a migration.
create or replace function identity.refuse_unknown_roles() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  unknown text;
begin
  select string_agg(quote_literal(r), ', ') into unknown
  from unnest(new.roles) r where not exists (select from identity.roles k where k.name = r);
  if unknown is not null then
    raise exception 'Unknown role %.', unknown
      using errcode = 'check_violation', constraint = 'people_roles_known', hint = 'Use a role of identity.roles, or add it there first.';
  end if;
  return new;
end
$$;

reset role;

revoke all on all functions in schema identity from public;
grant execute on function identity.current_person_id(), identity.current_person_roles(), identity.may(text, text), identity.may_by_tables(text, text),
  identity.org_unit_and_descendants(uuid)
  to shared_tables_owner, case_management_owner, audit_system_owner, shared_tables_app, case_management_app, audit_system_app;
grant execute on function identity.enter(uuid), identity.person_may(uuid, text, text) to shared_tables_app, case_management_app, audit_system_app;
grant execute on function identity.search_person_ids(text), identity.search_org_unit_ids(text) to shared_tables_app;
grant execute on function identity.refuse_unknown_roles() to shared_tables_owner;
