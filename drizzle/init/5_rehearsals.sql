-- Rehearsals: a transaction that runs a migration with the guard only taking notes, and that can never be committed. docs/migrations.md
-- says how `db plan` uses it. That it can't be committed is what makes it safe to let a deployer begin one.
set role guard_owner;

create table if not exists guard.rehearsals (
  transaction xid8 primary key default pg_current_xact_id(),
  began_by text not null default session_user,
  began_at timestamptz not null default clock_timestamp()
);
comment on table guard.rehearsals is 'The rehearsals that run at this moment, each seen by its own transaction only. No row of it is ever committed.';

create table if not exists guard.rehearsal_notes (
  id bigint generated always as identity primary key,
  transaction xid8 not null default pg_current_xact_id(),
  command text not null,
  code text not null,
  sentence text not null,
  detail text,
  would_take jsonb
);
comment on table guard.rehearsal_notes is 'What the guard would have refused in a rehearsal. Written and read within one transaction, never committed.';

-- Lets one session rehearse the files of every team in one transaction. Only a superuser can write it; it means one backend and no other.
create table if not exists guard.rehearsal_tickets (
  backend_pid integer primary key,
  backend_start timestamptz not null,
  written_by text not null default session_user
);

-- A constraint trigger that waits for the commit. Deferred or not, it raises: SET CONSTRAINTS … IMMEDIATE raises at once, and an error that
-- is caught brings the event back. PREPARE TRANSACTION fires it too. ENABLE ALWAYS: session_replication_role passes it by as little.
create or replace function guard.refuse_to_commit() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'This transaction was a rehearsal: it can only be rolled back.'
    using errcode = 'LG005', hint = 'Nothing was changed. Migrations are applied by npm run db -- migrate.';
end
$$;

do $$
begin
  if not exists (select from pg_trigger where tgrelid = 'guard.rehearsals'::regclass and tgname = 'rehearsals_never_commit') then
    create constraint trigger rehearsals_never_commit after insert on guard.rehearsals deferrable initially deferred
      for each row execute function guard.refuse_to_commit();
    alter table guard.rehearsals enable always trigger rehearsals_never_commit;
  end if;
end
$$;

create or replace function guard.is_rehearsing() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
return exists (select from guard.rehearsals r where r.transaction = pg_current_xact_id_if_assigned());

-- What the guard noted in this transaction after the note of that number.
create or replace function guard.rehearsal_notes_after(last bigint)
returns table (id bigint, command text, code text, sentence text, detail text, would_take jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select n.id, n.command, n.code, n.sentence, n.detail, n.would_take from guard.rehearsal_notes n
  where n.transaction = pg_current_xact_id_if_assigned() and n.id > last order by n.id;
end;

create or replace function guard.refuse_without_ticket() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not guard.is_rehearsing() or not exists (select from guard.rehearsal_tickets t join pg_stat_get_activity(pg_backend_pid()) a
      on a.pid = t.backend_pid and a.backend_start = t.backend_start) then
    raise exception 'Only the operator''s rehearsal may act for every team.' using errcode = 'insufficient_privilege';
  end if;
end
$$;

-- Who this backend waits for, for a sentence.
create or replace function guard.blockers_of(waiting integer)
returns table (pid integer, role_name text, application text, state text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.pid, a.usename::text, a.application_name, a.state, coalesce(a.xact_start, a.backend_start)
  from unnest(pg_blocking_pids(waiting)) b (pid) join pg_stat_activity a on a.pid = b.pid;
end;

reset role;

create or replace function guard.begin_rehearsal() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into guard.rehearsals default values on conflict do nothing;
end
$$;

-- From here on this transaction's rows are counted, whatever the server is set to.
create or replace function guard.count_written_rows() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('track_counts', 'on', true);
end
$$;

-- A statement of one team's file, run as that team's owner. SECURITY DEFINER and not SET ROLE: PostgreSQL lets nobody leave the role from
-- within, so what a file can do stays what its owner can do. Its owner may weaken its own one and gains nothing by it.
do $$
declare
  bailiwick text;
begin
  foreach bailiwick in array array['shared_tables', 'case_management', 'audit_system'] loop
    continue when to_regprocedure(format('guard.rehearse_as_%s(text)', bailiwick)) is not null;
    execute format('create function guard.rehearse_as_%s(statement text) returns void language plpgsql security definer as
      $body$ begin perform guard.refuse_without_ticket(); execute statement; end $body$', bailiwick);
    execute format('alter function guard.rehearse_as_%s(text) owner to %I', bailiwick, bailiwick || '_owner');
  end loop;
end
$$;

-- The rows of tables and the values of columns, in every schema and whatever row security says: what a rehearsal would lose is counted in
-- a snapshot from before it. A thing that is not there in that snapshot gives no row.
create or replace function guard.count_lost(things jsonb)
returns table (class text, id oid, sub integer, name text, rows bigint, filled bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  thing record;
begin
  for thing in
    select t.class, t.id, coalesce(t.sub, 0) as sub, i.type as kind, i.identity, c.relkind, a.attname
    from jsonb_to_recordset(things) t (class text, id oid, sub integer)
    cross join lateral pg_identify_object(to_regclass('pg_catalog.' || t.class), t.id, coalesce(t.sub, 0)) i
    left join pg_class c on t.class = 'pg_class' and c.oid = t.id
    left join pg_attribute a on t.class = 'pg_class' and a.attrelid = t.id and a.attnum = t.sub and not a.attisdropped
    where i.identity is not null and (coalesce(t.sub, 0) = 0 or a.attname is not null)
  loop
    class := thing.class;
    id := thing.id;
    sub := thing.sub;
    name := thing.identity;
    rows := null;
    filled := null;
    if thing.relkind in ('r', 'p') then
      execute format('select count(*), count(%s) from %s', coalesce(quote_ident(thing.attname), 'null'), thing.id::regclass) into rows, filled;
      if thing.attname is null then filled := null; end if;
    end if;
    return next;
  end loop;
end
$$;

-- A restore point before a migration of this database. Returns null, with a warning, where the server writes too little WAL for one.
create or replace function guard.make_restore_point(name text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if name !~ '^before_[a-z0-9_]+$' then
    raise exception '% is not the name of a restore point before a migration.', name using errcode = 'invalid_parameter_value';
  end if;
  return pg_create_restore_point(left(name, 63))::text;
exception when object_not_in_prerequisite_state then
  return null;
end
$$;

revoke all on function guard.begin_rehearsal(), guard.count_written_rows(), guard.is_rehearsing(), guard.rehearsal_notes_after(bigint), guard.refuse_to_commit(),
  guard.refuse_without_ticket(), guard.blockers_of(integer), guard.count_lost(jsonb), guard.make_restore_point(text),
  guard.rehearse_as_shared_tables(text), guard.rehearse_as_case_management(text), guard.rehearse_as_audit_system(text) from public;
grant execute on function guard.begin_rehearsal(), guard.count_written_rows(), guard.rehearsal_notes_after(bigint), guard.blockers_of(integer), guard.count_lost(jsonb),
  guard.make_restore_point(text)
  to shared_tables_deployer, case_management_deployer, audit_system_deployer;
grant execute on function guard.refuse_without_ticket() to shared_tables_owner, case_management_owner, audit_system_owner;
-- A file runs as its owner, and notes are read between its statements.
grant execute on function guard.rehearsal_notes_after(bigint) to shared_tables_owner, case_management_owner, audit_system_owner;
-- One of them begins the rehearsal of all teams; without a ticket the functions refuse.
grant execute on function guard.rehearse_as_shared_tables(text), guard.rehearse_as_case_management(text), guard.rehearse_as_audit_system(text)
  to shared_tables_deployer;
grant execute on function guard.take_migration_approval(text, text, text), guard.migration_approvals(text)
  to shared_tables_deployer, case_management_deployer, audit_system_deployer;
grant execute on function guard.migration_approvals(text) to guard_operator;
