-- What the guard against loss keeps: its limits, approvals, and the record of every attempt. docs/guard.md says how it works.
do $$
begin
  -- Writes approvals, nothing else. Granted to nobody by default; a superuser may write them too.
  create role guard_operator nologin noinherit;
exception when duplicate_object or unique_violation then null;
end
$$;

set role guard_owner;

create table if not exists guard.mass_change_limits (
  schema_name text not null,
  table_name text not null,
  most_rows integer not null check (most_rows >= 0),
  most_share numeric not null check (most_share between 0 and 1),
  primary key (schema_name, table_name)
);
comment on table guard.mass_change_limits is
  'One DELETE or UPDATE that touches more than most_rows rows and more than most_share of a table is refused. The row that names the table counts, else that of its schema, else the one of * and *.';
do $$
begin
  -- Only once: what the operator has set or taken away since stays so.
  if not exists (select from guard.mass_change_limits) then
    insert into guard.mass_change_limits values ('*', '*', 1000, 0.2), ('guard', '*', 1, 0), ('guard', 'backups', 1000, 0.2), ('identity', '*', 3, 0.2);
  end if;
end
$$;

create table if not exists guard.approvals (
  id uuid primary key default gen_random_uuid(),
  statement text not null check (btrim(statement) <> ''),
  statement_hash text not null,
  because text not null check (btrim(because) <> ''),
  approved_by text not null default session_user,
  approved_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '1 hour',
  used_at timestamptz,
  used_by text,
  used_in xid8,
  used_statement_at timestamptz,
  constraint approvals_expire_within_an_hour check (expires_at > approved_at and expires_at <= approved_at + interval '1 hour')
);
-- An approval of a migration file: good in the one transaction that applies the file with this checksum, for these of its statements.
alter table guard.approvals
  add column if not exists migration text,
  add column if not exists migration_checksum text,
  add column if not exists statement_hashes text[];
comment on table guard.approvals is 'Each row lets one statement, or one migration file, past the guard, once, and for at most an hour.';
create index if not exists approvals_statement_hash on guard.approvals (statement_hash);

create table if not exists guard.destructive_statements (
  id uuid primary key,
  happened_at timestamptz not null,
  role_name text not null,
  acting_as text not null,
  client_address text,
  application_name text,
  backend_pid integer not null,
  command text not null,
  statement text not null,
  outcome text not null check (outcome in ('attempted', 'refused', 'approved')),
  code text,
  would_take jsonb,
  approval_id uuid
);
comment on table guard.destructive_statements is
  'Every attempt to destroy something. A refused one stands in the server log first, because its transaction is rolled back; npm run db -- status brings it here.';

-- What a running command found when it began, so that its end can be compared. Rows live for the length of the command.
create table if not exists guard.commands_in_progress (
  id bigint generated always as identity primary key,
  backend_pid integer not null,
  attempt_id uuid not null,
  protected_state jsonb not null,
  row_counts jsonb not null
);

-- Seals the guard's lines in the server log, so that a text that somebody else makes the server log is not taken for one.
create table if not exists guard.log_seal (is_only boolean primary key default true check (is_only), secret text not null);
insert into guard.log_seal (secret) values (gen_random_uuid()::text || gen_random_uuid()::text) on conflict do nothing;

-- SHA-256 of a statement's text without the white space around it and the semicolon at its end. Else every character counts.
create or replace function guard.statement_hash(statement text) returns text
language sql immutable strict parallel safe
return encode(sha256(convert_to(regexp_replace(statement, '^\s+|[\s;]+$', '', 'g'), 'UTF8')), 'hex');

create or replace function guard.complete_approval() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.statement_hash := guard.statement_hash(new.statement);
  new.approved_by := session_user;
  new.approved_at := clock_timestamp();
  new.expires_at := least(new.expires_at, new.approved_at + interval '1 hour');
  return new;
end
$$;
create or replace trigger approvals_complete before insert on guard.approvals for each row execute function guard.complete_approval();

reset role;

-- Whether an approval that nobody has used is good now. One from a time to come is not: the clock was set back since, and nobody knows how long ago it was
-- given. A minute is what clocks are corrected by.
create or replace function guard.is_open(approval guard.approvals) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return (approval).used_at is null and (approval).expires_at > clock_timestamp() and (approval).approved_at <= clock_timestamp() + interval '1 minute';

-- Takes the approval of the statement that runs now, or returns null. The lock on the row makes it go to one session alone;
-- what one statement does in several steps, its approval covers.
create or replace function guard.take_approval() returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hash constant text := guard.statement_hash(current_query());
  taken uuid;
begin
  select a.id into taken from guard.approvals a
  where a.used_in = pg_current_xact_id() and case when a.migration is null
    then a.statement_hash = hash and a.used_statement_at = statement_timestamp() else hash = any (a.statement_hashes) end limit 1;
  if found then return taken; end if;
  select a.id into taken from guard.approvals a
  where a.statement_hash = hash and a.migration is null and guard.is_open(a)
  order by a.approved_at limit 1 for update;
  if found then
    update guard.approvals a
    set used_at = clock_timestamp(), used_by = session_user, used_in = pg_current_xact_id(), used_statement_at = statement_timestamp()
    where a.id = taken;
  end if;
  return taken;
end
$$;

-- Takes the approval of the migration file that this transaction is about to apply, or returns null. It is taken before the backup, so that
-- a long backup does not outlive it; a transaction that is rolled back leaves it unused.
create or replace function guard.take_migration_approval(migration text, owner text, checksum text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  taken uuid;
begin
  if session_user <> owner || '_deployer' and not (select r.rolsuper from pg_roles r where r.rolname = session_user) then
    raise exception '% may not take an approval of %.', session_user, owner using errcode = 'insufficient_privilege';
  end if;
  if owner is distinct from guard.owner_of_migration(migration) then
    raise exception 'The migration % is not one of %.', migration, owner using errcode = 'insufficient_privilege';
  end if;
  select a.id into taken from guard.approvals a
  where a.migration = take_migration_approval.migration and a.migration_checksum = checksum and guard.is_open(a)
  order by a.approved_at limit 1 for update;
  if found then
    update guard.approvals a
    set used_at = clock_timestamp(), used_by = session_user, used_in = pg_current_xact_id(), used_statement_at = statement_timestamp()
    where a.id = taken;
  end if;
  return taken;
end
$$;

-- Every approval of a migration file of this name, the newest first: why one is not good any more is for the reader to say.
create or replace function guard.migration_approvals(migration text)
returns table (id uuid, checksum text, because text, approved_by text, approved_at timestamptz, expires_at timestamptz, used_at timestamptz,
  is_open boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.id, a.migration_checksum, a.because, a.approved_by, a.approved_at, a.expires_at, a.used_at,
    guard.is_open(a)
  from guard.approvals a where a.migration = $1 order by a.approved_at desc;
end;

-- Records an attempt. In the server log always, for that outlives the rollback; in the table too when the transaction may go on.
create or replace function guard.record_attempt(attempt uuid, command text, outcome text, code text, would_take jsonb, approval uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set log_min_messages = 'log' as $$
declare
  setting constant text := current_setting('role');
  entry constant jsonb := jsonb_build_object(
    'id', attempt, 'database', current_database(), 'happened_at', clock_timestamp(), 'role_name', session_user,
    'acting_as', case setting when 'none' then session_user::text else setting end,
    'client_address', host(inet_client_addr()), 'application_name', current_setting('application_name'), 'backend_pid', pg_backend_pid(),
    'command', command, 'statement', left(current_query(), 10000), 'outcome', outcome, 'code', code, 'would_take', would_take,
    'approval_id', approval);
begin
  raise log 'bailiwick-guard % %', guard.seal_of(entry::text), entry::text;
  if outcome = 'approved' then
    -- One command may drop something and weaken something else (a column, and a view that read it): its first line says what goes.
    insert into guard.destructive_statements select * from jsonb_populate_record(null::guard.destructive_statements, entry)
    on conflict (id) do nothing;
  end if;
end
$$;

create or replace function guard.seal_of(line text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
return (select encode(sha256(convert_to(s.secret || line, 'UTF8')), 'hex') from guard.log_seal s);

-- Takes a line of the server log into the record, if this database wrote it. The last word about an attempt counts.
create or replace function guard.take_log_line(seal text, line text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if guard.seal_of(line) is distinct from seal or line::jsonb ->> 'database' <> current_database() then return false; end if;
  insert into guard.destructive_statements as d
  select * from jsonb_populate_record(null::guard.destructive_statements, line::jsonb)
  on conflict (id) do update set outcome = excluded.outcome, code = excluded.code, would_take = excluded.would_take
  where d.outcome = 'attempted' and excluded.outcome <> 'attempted';
  return found;
end
$$;
