-- How the guard finds what a command would take along, and says it.

create or replace function guard.guarded_schemas() returns text[]
language sql immutable parallel safe
return array['public', 'case_management', 'audit_system', 'guard', 'identity', 'extensions'];

-- Tables whose rows count as data. The notes about running commands do not.
create or replace function guard.guarded_tables() returns table (id oid, name text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.oid, format('%I.%I', n.nspname, c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any (guard.guarded_schemas()) and c.relkind in ('r', 'p')
    and not (n.nspname = 'guard' and c.relname in ('commands_in_progress', 'rehearsals', 'rehearsal_notes', 'rehearsal_tickets'))
  order by n.nspname, c.relname
$$;

create or replace function guard.rows_of(table_id oid) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  counted bigint;
begin
  execute format('select count(*) from %s', table_id::regclass) into counted;
  return counted;
end
$$;

-- The rows of every guarded table, by its oid. Null for one that somebody else has locked for long.
create or replace function guard.row_counts() returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  guarded record;
  counts jsonb := '{}';
begin
  for guarded in select * from guard.guarded_tables() loop
    begin
      counts := counts || jsonb_build_object(guarded.id, guard.rows_of(guarded.id));
    exception when lock_not_available then null;
    end;
  end loop;
  return counts;
end
$$;

-- What protects the data, by kind and oid: who owns it, where it lives, row security, triggers, policies, privileges.
-- `known` asks for the same things again, wherever they live by now.
create or replace function guard.protected_state(known jsonb default null) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp set jit = off as $$
begin
  return (
  with guarded as (select n.oid, n.nspname from pg_namespace n
    where n.nspname = any (guard.guarded_schemas()) or known is not null and n.nspname !~ '^pg_|^information_schema$'),
  things as (
    select 'schema:' || n.oid as key, jsonb_build_object('name', format('schema %I', n.nspname), 'schema', n.nspname,
      'owner', n.nspowner::regrole, 'privileges', n.nspacl::text) as thing
    from pg_namespace n join guarded using (oid)
    union all
    select 'table:' || c.oid, jsonb_build_object('name', format('%I.%I', g.nspname, c.relname), 'schema', g.nspname, 'owner', c.relowner::regrole,
      'row_security', c.relrowsecurity, 'forced', c.relforcerowsecurity, 'persistence', c.relpersistence, 'privileges', c.relacl::text)
    from pg_class c join guarded g on g.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S')
    union all
    select 'trigger:' || t.oid, jsonb_build_object('name', format('trigger %I of %s', t.tgname, t.tgrelid::regclass), 'enabled', t.tgenabled)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join guarded g on g.oid = c.relnamespace where not t.tgisinternal
    union all
    select 'policy:' || p.oid, jsonb_build_object('name', format('policy %I of %s', p.polname, p.polrelid::regclass),
      'policy', concat_ws(' / ', p.polroles::regrole[]::text, md5(p.polqual::text), md5(p.polwithcheck::text)))
    from pg_policy p join pg_class c on c.oid = p.polrelid join guarded g on g.oid = c.relnamespace
    union all
    select 'function:' || p.oid, jsonb_build_object('name', format('function %I.%I', g.nspname, p.proname), 'schema', g.nspname,
      'owner', p.proowner::regrole, 'privileges', p.proacl::text)
    from pg_proc p join guarded g on g.oid = p.pronamespace
    union all
    select 'type:' || t.oid, jsonb_build_object('name', format('type %I.%I', g.nspname, t.typname), 'schema', g.nspname, 'owner', t.typowner::regrole)
    from pg_type t join guarded g on g.oid = t.typnamespace where t.typtype in ('d', 'e', 'r')
    union all
    select 'constraint:' || c.oid, jsonb_build_object('kind', c.contype)
    from pg_constraint c join guarded g on g.oid = c.connamespace where c.contype in ('f', 'n')
  )
  select coalesce(jsonb_object_agg(key, thing), '{}') from things
  where known is null or key in (select jsonb_object_keys(known))
  );
end
$$;

-- "3 tables", "1 policy", "2,731 rows".
create or replace function guard.counted(number bigint, noun text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select to_char(number, 'FM999,999,999,999') || ' ' || case when number = 1 then noun when noun ~ '[^aeo]y$' then left(noun, -1) || 'ies' when noun like '%ss' then noun || 'es' else noun || 's' end
$$;

-- "a", "a and b", "a, b and c".
create or replace function guard.listed(words text[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when cardinality(words) <= 1 then words[1]
    else array_to_string(words[:cardinality(words) - 1], ', ') || ' and ' || words[cardinality(words)] end
$$;

-- The first of many, and how many more there are.
create or replace function guard.enumerated(words text[], most integer) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array_to_string(words[:most], '; ') || case when cardinality(words) > most then format('; and %s more', cardinality(words) - most) else '' end
$$;

-- A statement on one line, for a sentence.
create or replace function guard.shortened(statement text, length integer) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when length(s) > length then left(s, length) || '…' else s end
  from (select regexp_replace(regexp_replace(statement, '\s+', ' ', 'g'), '^ |[ ;]+$', '', 'g') as s) as one_line
$$;

-- Lets an approved statement pass; notes it in a rehearsal; else tells the server log, and refuses. Every answer of the guard goes through here.
create or replace function guard.approve_or_refuse(
  attempt uuid, command text, code text, sentence text, detail text, would_take jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  approval uuid;
  states constant jsonb := '{"DROP_REFUSED": "LG001", "TRUNCATE_REFUSED": "LG002", "MASS_CHANGE_REFUSED": "LG003", "PROTECTION_REFUSED": "LG004"}';
begin
  -- A rehearsal can never be committed, so it may go on; what it would lose is what it is asked for.
  if guard.is_rehearsing() then
    insert into guard.rehearsal_notes (command, code, sentence, detail, would_take) values (command, code, sentence, detail, would_take);
    return;
  end if;
  approval := guard.take_approval();
  if approval is not null then
    perform guard.record_attempt(attempt, command, 'approved', code, would_take, approval);
    return;
  end if;
  perform guard.record_attempt(attempt, command, 'refused', code, would_take, null);
  raise exception '%: %', code, sentence || ' Nothing was changed.'
    using errcode = states ->> code, detail = detail,
      hint = format('If this is meant: back up, let an operator run npm run db -- approve --file <file with exactly this statement> --because "<why>" --confirm %s, and run it once more within the hour.',
        current_database());
end
$$;
