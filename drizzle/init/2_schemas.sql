-- The schemas, all owned by guard_owner: a schema's owner can drop it and every table in it, whoever owns those.
create schema if not exists guard authorization guard_owner;
create schema if not exists identity authorization guard_owner;
create schema if not exists extensions authorization guard_owner;
create schema if not exists case_management authorization guard_owner;
create schema if not exists audit_system authorization guard_owner;
alter schema public owner to guard_owner;

create extension if not exists pg_trgm with schema extensions;
-- In a database that exists it may have been installed elsewhere, most often in public, which holds tables only.
alter extension pg_trgm set schema extensions;

revoke all on schema public from public;

grant usage, create on schema public to shared_tables_owner;
grant usage, create on schema case_management to case_management_owner;
grant usage, create on schema audit_system to audit_system_owner;

grant usage on schema public to shared_tables_app, case_management_owner, audit_system_owner, guard_owner;
grant usage on schema case_management to case_management_app;
grant usage on schema audit_system to audit_system_app;

grant usage on schema extensions to
  shared_tables_owner, case_management_owner, audit_system_owner, shared_tables_app, case_management_app, audit_system_app;
grant usage on schema identity to
  shared_tables_owner, case_management_owner, audit_system_owner, shared_tables_app, case_management_app, audit_system_app;
grant usage on schema guard to
  shared_tables_owner, case_management_owner, audit_system_owner, shared_tables_deployer, case_management_deployer, audit_system_deployer;

do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to shared_tables_app, case_management_app, audit_system_app,
       shared_tables_deployer, case_management_deployer, audit_system_deployer, backup_reader', current_database());
end
$$;

-- Large objects belong to no schema: no bailiwick would answer for what an app role keeps there.
revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public;

-- A function is executable by everybody unless that is taken back: here it is granted one by one.
alter default privileges for role guard_owner revoke execute on functions from public;
alter default privileges for role shared_tables_owner revoke execute on functions from public;
alter default privileges for role case_management_owner revoke execute on functions from public;
alter default privileges for role audit_system_owner revoke execute on functions from public;
