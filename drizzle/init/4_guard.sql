-- What the operator alone answers for: the record of migrations, and the trigger functions that every table shares.
set role guard_owner;

create table if not exists guard.migrations (
  number integer primary key,
  name text not null unique,
  owner text not null check (owner in ('shared_tables', 'case_management', 'audit_system')),
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null,
  duration_ms integer not null check (duration_ms >= 0)
);
comment on table guard.migrations is 'Every applied migration file with the SHA-256 of its bytes.';

-- What stood by when a migration lost something: who had approved it, and where the backup is.
alter table guard.migrations
  add column if not exists approval_id uuid,
  add column if not exists backup_name text,
  add column if not exists backup_folder text,
  add column if not exists restore_point text,
  add column if not exists losses jsonb;

-- The owner of a migration file is the one in its name, NNN_<owner>_<what>; null when the name is no such name.
create or replace function guard.owner_of_migration(name text) returns text
language sql immutable set search_path = pg_catalog, pg_temp
return (regexp_match(name, '^\d{3,}_(shared_tables|case_management|audit_system)_.'))[1];

-- Records a migration in the very transaction that ran it. A deployer records for its own bailiwick only.
create or replace function guard.record_migration(number integer, name text, owner text, checksum text, duration_ms integer) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if session_user <> owner || '_deployer' and not (select rolsuper from pg_roles where rolname = session_user) then
    raise exception '% may not record a migration of %.', session_user, owner using errcode = 'insufficient_privilege';
  end if;
  if owner is distinct from guard.owner_of_migration(name) or number is distinct from substring(name from '^\d+')::integer then
    raise exception 'The name % is not that of migration % of %.', name, number, owner
      using errcode = 'insufficient_privilege', hint = 'A migration is called NNN_<owner>_<what>, and belongs to the owner in its name.';
  end if;
  insert into guard.migrations values (number, name, owner, checksum, default, session_user, duration_ms);
end
$$;

create or replace function guard.applied_migrations()
returns table (number integer, name text, owner text, checksum text, applied_at timestamptz, applied_by text, duration_ms integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select m.number, m.name, m.owner, m.checksum, m.applied_at, m.applied_by, m.duration_ms from guard.migrations m order by m.number;
end;

-- Adds to the record of a migration, in the transaction that applies it and never later.
create or replace function guard.record_protection(migration text, approval uuid, backup text, folder text, restore_point text, losses jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update guard.migrations m
  set approval_id = approval, backup_name = backup, backup_folder = folder,
    restore_point = record_protection.restore_point, losses = record_protection.losses
  where m.name = migration and m.xmin = pg_current_xact_id()::xid and m.applied_by = session_user;
  if not found then
    raise exception 'This transaction has not recorded %.', migration using errcode = 'insufficient_privilege';
  end if;
end
$$;

create or replace function guard.protected_migrations()
returns table (name text, approval_id uuid, backup_name text, backup_folder text, restore_point text, losses jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select m.name, m.approval_id, m.backup_name, m.backup_folder, m.restore_point, m.losses from guard.migrations m
  where m.losses is not null order by m.number;
end;

-- Who holds the migration lock of this database, or no row. The key is the one of drizzle/src/migrate/lock.ts.
create or replace function guard.migration_lock_holder() returns table (pid integer, role_name text, application text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.pid, a.usename::text, a.application_name, a.backend_start
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = 6118511 and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database());
end;

-- BEFORE UPDATE of every table: the version counts up, so that a lost update is seen (expectedVersion).
create or replace function guard.touch_row() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  return new;
end
$$;

-- BEFORE a change of parent_id in org_units: two moves at once could each be right and together make a cycle, so one goes after the other.
-- Once a statement and before it locks rows, or two that wait for each other's rows would end in a deadlock.
create or replace function guard.one_org_unit_move_at_a_time() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(6118512);
  return null;
end
$$;

-- AFTER INSERT or a change of parent_id in org_units: refuses a cycle. AFTER, so that rows of the same statement are seen.
create or replace function guard.refuse_org_unit_cycle() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  ancestor uuid := new.parent_id;
begin
  -- The rows on the way up stay as they are until this transaction ends: under REPEATABLE READ a stale one is then a
  -- serialization failure, not a cycle.
  while ancestor is not null loop
    if ancestor = new.id then
      raise exception 'Org unit % would become its own ancestor.', new.id
        using errcode = 'check_violation', constraint = 'org_units_no_cycle', hint = 'Choose a parent that is not below this unit.';
    end if;
    select o.parent_id into ancestor from public.org_units o where o.id = ancestor for share;
  end loop;
  return null;
end
$$;

-- Event trigger: no team gets to run its code with another's rights. PostgreSQL checks a foreign key as the owner of the table that is
-- referred to, and an implicit cast of the key's type would run there as that owner; guard_owner reads people, and a view or a rule in its
-- place would run as guard_owner.
create or replace function guard.refuse_borrowed_rights() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  made record;
begin
  if (select r.rolsuper from pg_roles r where r.rolname = current_user) then
    return;
  end if;
  for made in select * from pg_event_trigger_ddl_commands() loop
    if made.command_tag in ('CREATE CAST', 'CREATE RULE') or made.schema_name = 'public' then
      raise exception '% would let % run code with the rights of another role.', made.command_tag, current_user
        using errcode = 'insufficient_privilege',
          hint = 'Schema public holds tables only. A conversion or a view belongs into a function or a view of your own schema.';
    end if;
  end loop;
end
$$;

reset role;

revoke all on all functions in schema guard from public;
grant execute on function guard.record_migration(integer, text, text, text, integer), guard.applied_migrations(), guard.migration_lock_holder(),
  guard.record_protection(text, uuid, text, text, text, jsonb), guard.protected_migrations()
  to shared_tables_deployer, case_management_deployer, audit_system_deployer, shared_tables_owner, case_management_owner, audit_system_owner;
grant execute on function guard.touch_row() to shared_tables_owner, case_management_owner, audit_system_owner;
grant execute on function guard.one_org_unit_move_at_a_time(), guard.refuse_org_unit_cycle() to shared_tables_owner;
