-- The record of backups, and of those that were proven by a restore. The backups themselves say more; this is what `db status` asks.
set role guard_owner;

create table if not exists guard.backups (
  manifest_checksum text primary key check (manifest_checksum ~ '^[0-9a-f]{64}$'),
  name text not null,
  folder text not null,
  -- Null: all schemas.
  only_schema text,
  taken_at timestamptz not null,
  tables integer not null check (tables >= 0),
  rows bigint not null check (rows >= 0),
  bytes bigint not null check (bytes >= 0),
  recorded_by text not null,
  proven_at timestamptz
);
comment on table guard.backups is 'Every complete backup that was taken of this database, and when it was last proven by a restore.';

create or replace function guard.record_backup(manifest_checksum text, name text, folder text, only_schema text, taken_at timestamptz,
  tables integer, rows bigint, bytes bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into guard.backups values (manifest_checksum, name, folder, only_schema, taken_at, tables, rows, bytes, session_user, null)
  on conflict do nothing;
end
$$;

-- False when this database knows no such backup: it was taken of another one, or before this record began.
create or replace function guard.record_proven_restore(manifest_checksum text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update guard.backups b set proven_at = clock_timestamp() where b.manifest_checksum = record_proven_restore.manifest_checksum;
  return found;
end
$$;

create or replace function guard.backup_ages()
returns table (name text, folder text, only_schema text, taken_at timestamptz, rows bigint, proven_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select b.name, b.folder, b.only_schema, b.taken_at, b.rows, b.proven_at from guard.backups b
  order by b.only_schema is not null, b.taken_at desc;
end;

reset role;

revoke all on function guard.record_backup(text, text, text, text, timestamptz, integer, bigint, bigint),
  guard.record_proven_restore(text), guard.backup_ages() from public;
grant execute on function guard.record_backup(text, text, text, text, timestamptz, integer, bigint, bigint),
  guard.record_proven_restore(text) to backup_reader;
grant execute on function guard.backup_ages()
  to backup_reader, shared_tables_deployer, case_management_deployer, audit_system_deployer;
grant usage on schema guard to backup_reader;
