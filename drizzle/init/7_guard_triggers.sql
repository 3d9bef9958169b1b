-- The triggers of the guard. All are ENABLE ALWAYS, so session_replication_role passes none of them by.

-- Temporary tables come and go with every import, and dropping one runs no code. Only one simple DROP counts as that: an ALTER could call a function that
-- alters something else. The caller's search path, which is not known here, may find a lasting relation of the same name first; then it is no simple one.
create or replace function guard.concerns_a_temporary_table(statement text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  named constant text[] := regexp_match(statement, '^\s*drop table (?:if exists )?(pg_temp\.)?(\w+)(?:\s+cascade)?\s*;?\s*$', 'i');
begin
  return named is not null
    and exists (select from pg_class c where c.relnamespace = pg_my_temp_schema() and c.relname = lower(named[2]))
    and (named[1] is not null or not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relname = lower(named[2]) and n.nspname = any (guard.guarded_schemas())));
end
$$;

-- The commands that can lose something. Asked in the functions and not in the event triggers' WHEN, which knows no REASSIGN OWNED
-- although it fires for it.
create or replace function guard.can_lose(tag text) returns boolean
language sql immutable parallel safe
return tag like 'DROP %' and tag <> 'DROP INDEX' or tag like 'ALTER %' and tag not in ('ALTER INDEX', 'ALTER DEFAULT PRIVILEGES') or tag = 'REASSIGN OWNED';

-- A cascade that reaches the guard's functions also reaches the event triggers, and through them the extension plpgsql: then nothing is left that could
-- refuse the command at its end. So guard.commands_in_progress is a member of that extension too, and every command begins with a row in it, whose
-- deferred trigger waits for the end of the transaction. PostgreSQL drops no table that has such an event waiting, by a cascade as little as by name:
-- "cannot DROP TABLE commands_in_progress because it has pending trigger events" (55006).
create or replace function guard.command_has_ended() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return null;
end
$$;

-- What the guard lacks to survive such a cascade; null when it lacks nothing.
create or replace function guard.note_of_commands_lacks() returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when t.oid is null then 'it is not there' when t.tgenabled <> 'A' then 'it is disabled'
      when not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.id and d.deptype = 'e')
        then 'its table is no member of plpgsql, so a cascade could take the guard away' end
  from (select to_regclass('guard.commands_in_progress') as id) c left join pg_trigger t on t.tgrelid = c.id and t.tgname = 'guard_stays'
$$;

do $$
declare
  lacks constant text := guard.note_of_commands_lacks();
  is_asked constant boolean := exists (select from pg_event_trigger t where t.evtname = 'guard_before_command');
begin
  if lacks is null then return; end if;
  -- The note of this very command would keep the table from being altered. No other session sees it disabled before the commit.
  if is_asked then alter event trigger guard_before_command disable; end if;
  if lacks = 'it is not there' then
    create constraint trigger guard_stays after insert on guard.commands_in_progress deferrable initially deferred
      for each row execute function guard.command_has_ended();
  end if;
  alter table guard.commands_in_progress enable always trigger guard_stays;
  if guard.note_of_commands_lacks() is not null then alter extension plpgsql add table guard.commands_in_progress; end if;
  if is_asked then alter event trigger guard_before_command enable always; end if;
exception when insufficient_privilege then
  raise warning 'The guard lacks the trigger guard_stays: this server lets % not add a table to plpgsql.', current_user;
end
$$;

-- Whether a statement that stands alone names the guard or its language. It is for the answer's words; what it does not know, the trigger above refuses.
create or replace function guard.drops_the_guard(statement text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
return statement ~* '^\s*drop\s+(schema|(procedural\s+)?language|extension|owned)\s[^;'']*\m(guard|plpgsql|guard_owner)\M[^;'']*\mcascade[\s;]*$';

-- ddl_command_start: notes what there is, because afterwards nobody can count it any more.
create or replace function guard.before_command() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  attempt constant uuid := gen_random_uuid();
begin
  if not guard.can_lose(tg_tag) or guard.concerns_a_temporary_table(current_query()) then return; end if;
  -- Who is no superuser is refused by privileges.
  if guard.drops_the_guard(current_query()) and (select r.rolsuper from pg_roles r where r.rolname = session_user) then
    raise exception 'DROP_REFUSED: % would remove the guard itself. Nothing was changed.', guard.shortened(current_query(), 80)
      using errcode = 'LG001', hint = 'This can not be approved with npm run db -- approve; docs/guard.md says how an operator takes the guard away.';
  end if;
  -- Somebody may have said SET CONSTRAINTS ALL IMMEDIATE in this transaction.
  if exists (select from pg_trigger t where t.tgrelid = 'guard.commands_in_progress'::regclass and t.tgname = 'guard_stays') then
    set constraints guard.guard_stays deferred;
  end if;
  insert into guard.commands_in_progress (backend_pid, attempt_id, protected_state, row_counts)
  values (pg_backend_pid(), attempt, guard.protected_state(),
    case when tg_tag in ('DROP TABLE', 'DROP SCHEMA', 'DROP EXTENSION', 'DROP OWNED', 'DROP TYPE', 'DROP ACCESS METHOD') then guard.row_counts() else '{}' end);
  -- What privileges refuse later never comes to sql_drop: this line is then the only word about it.
  if tg_tag in ('DROP TABLE', 'DROP SCHEMA', 'DROP EXTENSION', 'DROP OWNED', 'REASSIGN OWNED') and not guard.is_rehearsing() then
    perform guard.record_attempt(attempt, tg_tag, 'attempted', null, null, null);
  end if;
end
$$;

-- sql_drop: everything that a command has dropped, by its own word or by a cascade.
create or replace function guard.refuse_drop() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  noted guard.commands_in_progress;
  what record;
  sentence text;
  -- A rehearsal tells of every schema what would go; elsewhere a drop is nobody's business here.
  is_rehearsal constant boolean := guard.is_rehearsing();
begin
  select * into noted from guard.commands_in_progress c where c.backend_pid = pg_backend_pid() order by c.id desc limit 1;
  with dropped as (
    select d.classid, d.objid, d.objsubid, d.original, d.object_identity as name, noted.protected_state #>> array['constraint:' || d.objid, 'kind'] as constraint_kind,
      d.object_type as type, case when d.object_type = 'schema' then d.object_name else coalesce(d.schema_name, d.address_names[1]) end as schema,
      d.address_names[:2] as of_table
    from pg_event_trigger_dropped_objects() d
    -- Loses no data, or is part of something that is named itself.
    where not d.is_temporary and d.object_type not in ('index', 'toast table', 'default value', 'rule', 'statistics object')
      and d.object_identity !~ '^"RI_ConstraintTrigger_' and coalesce(d.schema_name, '') !~ '^pg_(temp|toast)'
  ), tables as (
    select * from dropped where type = 'table'
  ), lost as (
    select d.classid, d.objid, d.objsubid, d.schema, d.name, d.type as type, case when d.constraint_kind = 'f' then 'foreign key' when d.type = 'table constraint' then 'constraint'
        when d.type = 'table column' then 'column' else d.type end as kind,
      case d.type when 'table' then (noted.row_counts ->> d.objid::text)::bigint when 'table column' then guard.rows_of(d.objid) end as lost_rows
    from dropped d
    where (d.schema = any (guard.guarded_schemas()) or d.type = 'extension' or is_rehearsal) and d.constraint_kind is distinct from 'n'
      -- A table takes its own constraints, policies, triggers and row type along: no need to say so.
      and not (d.type in ('table constraint', 'policy', 'trigger', 'table column') and exists (select from tables t where t.of_table = d.of_table))
      and not (d.type = 'type' and exists (select from dropped o where o.type in ('table', 'type', 'view') and o.name = rtrim(d.name, '[]') and o.objid <> d.objid))
  ), sums as (
    select l.kind, not exists (select from dropped o where o.original and o.schema = l.schema) as is_elsewhere, l.kind = 'table' as is_table,
      guard.counted(count(*), l.kind) || case when l.kind = 'column' then ' of ' || guard.counted(sum(l.lost_rows)::bigint, 'row') else '' end as words
    from lost l where l.kind <> 'schema' group by 1, 2
  ), others as (
    select distinct l.schema from lost l where l.kind <> 'schema' and not exists (select from dropped o where o.original and o.schema = l.schema)
  )
  select exists (select from lost) as is_guarded,
    array(select s.words from sums s where s.is_table and not s.is_elsewhere)
      || (select case when bool_or(l.lost_rows is null) then 'an unknown number of rows' else guard.counted(sum(l.lost_rows)::bigint, 'row') end
          from lost l where l.kind = 'table' having count(*) > 0)
      || array(select s.words from sums s where not s.is_table and not s.is_elsewhere order by 1) as here,
    array(select s.words from sums s where s.is_elsewhere order by not s.is_table, 1) as elsewhere,
    array(select o.schema from others o order by 1 desc) as other_schemas,
    (select string_agg(o.name, ', ') from (select d.name from dropped d where d.original order by 1 limit 3) o) as originals,
    array(select l.kind || ' ' || l.name || coalesce(' (' || guard.counted(l.lost_rows, 'row') || ')', '')
      from lost l where l.kind <> 'schema' order by l.kind <> 'table', l.kind, l.name) as details,
    (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', l.kind, 'name', l.name, 'schema', l.schema, 'rows', l.lost_rows,
      'class', (select c.relname from pg_class c where c.oid = l.classid), 'id', l.objid, 'sub', nullif(l.objsubid, 0)))) from lost l) as things
  into what;
  if not what.is_guarded then return; end if;
  sentence := format('%s would remove %s%s.',
    case when tg_tag like 'ALTER %' or tg_tag = 'DROP OWNED' then guard.shortened(current_query(), 80) else concat_ws(' ', tg_tag, what.originals) end,
    coalesce(guard.listed(array_remove(what.here, null)), 'nothing else of its schema'),
    ', and ' || guard.listed(what.elsewhere) || ' of ' || guard.listed(what.other_schemas));
  perform guard.approve_or_refuse(coalesce(noted.attempt_id, gen_random_uuid()), tg_tag, 'DROP_REFUSED', sentence, guard.enumerated(what.details, 20), what.things);
end
$$;

-- ddl_command_end: what is still there, but protects less than before.
create or replace function guard.refuse_lost_protection() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  noted guard.commands_in_progress;
  now_is jsonb;
  changes text[];
  changed_keys text[];
  sentence text;
begin
  if not guard.can_lose(tg_tag) then return; end if;
  select * into noted from guard.commands_in_progress c where c.backend_pid = pg_backend_pid() order by c.id desc limit 1;
  if not found then return; end if;
  delete from guard.commands_in_progress c where c.id = noted.id;
  now_is := guard.protected_state(noted.protected_state);
  select array_agg(change order by change), array_agg(key order by change) into changes, changed_keys
  from (
    select was.key, was.value as was, found.value as is_now
    from jsonb_each(noted.protected_state) was left join jsonb_each(now_is) found on found.key = was.key
    where found.value is distinct from was.value
  ) as changed
  cross join lateral (values
    (was ->> 'schema' <> is_now ->> 'schema', format('%s would become %s', was ->> 'name', is_now ->> 'name')),
    (is_now is null and was ? 'owner' and tg_tag like 'ALTER %', format('%s would be gone', was ->> 'name')),
    (was ->> 'owner' <> is_now ->> 'owner', format('%s would go from %s to %s', was ->> 'name', was ->> 'owner', is_now ->> 'owner')),
    (was ->> 'row_security' = 'true' and is_now ->> 'row_security' = 'false', format('%s would lose its row security', was ->> 'name')),
    (was ->> 'forced' = 'true' and is_now ->> 'forced' = 'false', format('%s would not hold its owner to row security any more', was ->> 'name')),
    (was ->> 'persistence' = 'p' and is_now ->> 'persistence' = 'u', format('%s would be empty after a crash (UNLOGGED)', was ->> 'name')),
    (was ->> 'enabled' <> is_now ->> 'enabled' and (is_now ->> 'enabled' in ('D', 'R') or was ->> 'enabled' = 'A'),
      format('%s would not fire always any more', was ->> 'name')),
    (was ->> 'policy' <> is_now ->> 'policy', format('%s would be another', was ->> 'name')),
    (tg_tag = 'DROP OWNED' and was ->> 'privileges' is distinct from is_now ->> 'privileges',
      format('%s would lose privileges', was ->> 'name'))
  ) as tests (is_less, change)
  where is_less;
  if changes is null then return; end if;
  sentence := format('%s would weaken what protects the data: %s.', guard.shortened(current_query(), 80), guard.enumerated(changes, 2));
  perform guard.approve_or_refuse(noted.attempt_id, tg_tag, 'PROTECTION_REFUSED', sentence, guard.enumerated(changes, 20),
    case when guard.is_rehearsing() then (
      select jsonb_agg(jsonb_build_object('change', c.change, 'class',
        case split_part(c.key, ':', 1) when 'schema' then 'pg_namespace' when 'table' then 'pg_class' when 'trigger' then 'pg_trigger'
          when 'policy' then 'pg_policy' when 'function' then 'pg_proc' when 'type' then 'pg_type' else 'pg_constraint' end,
        'id', split_part(c.key, ':', 2)::oid)) from unnest(changes, changed_keys) c (change, key))
    else to_jsonb(changes) end);
end
$$;

-- table_rewrite: a new type that rewrites every row can turn values into other ones, and an unlogged table does not survive a crash.
create or replace function guard.refuse_rewrite() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  table_id constant oid := pg_event_trigger_table_rewrite_oid();
  lost_rows bigint;
  sentence text;
begin
  if pg_event_trigger_table_rewrite_reason() & 5 = 0 or not exists (select from guard.guarded_tables() g where g.id = table_id) then return; end if;
  begin
    lost_rows := guard.rows_of(table_id);
  exception when data_corrupted or index_corrupted or internal_error then
    -- The index of a column that gets a new type is made anew and empty by now: no query on the table can even be planned.
    lost_rows := null;
  end;
  if lost_rows = 0 or lost_rows is null and pg_relation_size(table_id) = 0 then return; end if;
  sentence := format('%s would write %s of %s anew.', guard.shortened(current_query(), 80), coalesce(guard.counted(lost_rows, 'row'), 'every row'),
    table_id::regclass);
  perform guard.approve_or_refuse(gen_random_uuid(), tg_tag, 'PROTECTION_REFUSED', sentence,
    'A new type can turn values into other ones, and an unlogged table is empty after a crash.',
    jsonb_build_object('rewrites', table_id::regclass, 'rows', lost_rows, 'id', table_id));
end
$$;

-- BEFORE TRUNCATE of every guarded table. PostgreSQL has locked all that the statement would empty by now, so the locks say what that is.
create or replace function guard.refuse_truncate() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  emptied record;
  sentence text;
begin
  with locked as (
    select g.id, g.name, split_part(g.name, '.', 1) as schema, guard.rows_of(g.id) as lost_rows
    from pg_locks l join guard.guarded_tables() g on g.id = l.relation
    where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
  )
  select sum(lost_rows) as lost_rows, count(*) filter (where lost_rows > 0) as tables,
    guard.listed(array(select distinct schema from locked where schema <> tg_table_schema and lost_rows > 0 order by 1)) as others,
    array_agg(format('%s (%s)', name, guard.counted(lost_rows, 'row')) order by name) filter (where lost_rows > 0) as details,
    jsonb_object_agg(name, lost_rows) as things,
    jsonb_agg(jsonb_build_object('name', name, 'rows', lost_rows, 'class', 'pg_class', 'id', id)) filter (where lost_rows > 0) as rehearsed
  into emptied from locked;
  if emptied.lost_rows = 0 then return null; end if;
  sentence := format('%s would remove %s of %s%s.', guard.shortened(current_query(), 80), guard.counted(emptied.lost_rows::bigint, 'row'),
    guard.counted(emptied.tables, 'table'), ', some of them in ' || emptied.others);
  perform guard.approve_or_refuse(gen_random_uuid(), tg_op, 'TRUNCATE_REFUSED', sentence, guard.enumerated(emptied.details, 40),
    case when guard.is_rehearsing() then emptied.rehearsed else emptied.things end);
  return null;
end
$$;

-- What a DELETE or UPDATE of that many rows is told.
create or replace function guard.judge_mass_change(table_id oid, operation text, changed bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  place record;
  total bigint;
  bound guard.mass_change_limits;
  sentence text;
begin
  select n.nspname as schema, c.relname as name into place from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = table_id;
  select * into bound from guard.mass_change_limits l
  where l.schema_name in (place.schema, '*') and l.table_name in (place.name, '*')
  order by l.schema_name = '*', l.table_name = '*' limit 1;
  if not found or changed <= bound.most_rows then return; end if;
  if bound.most_share > 0 then
    -- No need to count a large table to its end when it is large enough.
    execute format('select count(*) from (select from %s limit %s) as enough', table_id::regclass, ceil(changed / bound.most_share)::bigint) into total;
    if operation = 'DELETE' then total := total + changed; end if;
    if changed <= bound.most_share * total then return; end if;
  end if;
  total := guard.rows_of(table_id) + case operation when 'DELETE' then changed else 0 end;
  sentence := format('%s would %s %s of the %s of %I.%I.', guard.shortened(current_query(), 80),
    case operation when 'DELETE' then 'remove' else 'change' end, to_char(changed, 'FM999,999,999,999'), guard.counted(total, 'row'),
    place.schema, place.name);
  perform guard.approve_or_refuse(gen_random_uuid(), operation, 'MASS_CHANGE_REFUSED', sentence,
    format('One statement may touch %s of this table, or %s %% of it.', guard.counted(bound.most_rows, 'row'), trim_scale(bound.most_share * 100)),
    jsonb_build_object('table', format('%I.%I', place.schema, place.name), 'rows', changed, 'of', total, 'id', table_id));
end
$$;

-- AFTER a DELETE or UPDATE that may have touched many rows, or none; the trigger's WHEN keeps every small one away from here. The count in that WHEN has
-- also what the session wrote in the last second or more, so a busy one comes here too: the flush sets its count back when its transaction ends.
-- A SET of its own would cost as much as the rest. Without it every name and operator has its schema in front: the search path is the writer's.
create or replace function guard.refuse_mass_change() returns trigger
language plpgsql security definer as $$
declare
  changed pg_catalog.int8;
begin
  -- The name of a transition table comes before that of any other table.
  select pg_catalog.count(*) into changed from touched_rows;
  -- A trigger that an older guard made brings no limit; then the judge asks for it.
  if changed operator(pg_catalog.<=) tg_argv[0]::pg_catalog.int8 then
    if changed operator(pg_catalog.>) 0 then perform pg_catalog.pg_stat_force_next_flush(); end if;
  else
    perform guard.judge_mass_change(tg_relid, tg_op, changed);
  end if;
  return null;
end
$$;

-- Gives one table its triggers. The count in WHEN is kept by the server for its statistics and costs little to ask; it may count too much (what the
-- session did just before), so the function counts again. It is 0 where nothing was changed, and where nothing is counted because a superuser has SET
-- track_counts off: then the function looks as well. PostgreSQL reads and plans the WHEN for every statement anew, so what it costs is its length: one
-- comparison with a multirange is half as long as a comparison and an OR (docs/guard.md).
create or replace function guard.protect_table(table_id regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  least_rows constant integer := (select l.most_rows from guard.mass_change_limits l join pg_class c on c.oid = table_id join pg_namespace n on n.oid = c.relnamespace
    where l.schema_name in (n.nspname, '*') and l.table_name in (c.relname, '*') order by l.schema_name = '*', l.table_name = '*' limit 1);
  event record;
begin
  execute format('create or replace trigger guard_truncate before truncate on %s for each statement execute function guard.refuse_truncate()', table_id);
  for event in select * from (values ('delete', 'deleted'), ('update', 'updated')) as e (name, past) loop
    execute format('create or replace trigger guard_mass_%1$s after %1$s on %2$s referencing old table as touched_rows for each statement
      when (pg_stat_get_xact_tuples_%3$s(%4$L::regclass) <@ ''{(,0],(%5$s,)}''::int8multirange)
      execute function guard.refuse_mass_change(%5$s)', event.name, table_id, event.past, table_id, coalesce(least_rows, 0));
  end loop;
  execute format('alter table %s enable always trigger guard_truncate, enable always trigger guard_mass_delete, enable always trigger guard_mass_update',
    table_id);
end
$$;

-- ddl_command_end: a table that a migration makes is guarded from its first moment.
create or replace function guard.protect_new_tables() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made record;
begin
  for made in select c.objid from pg_event_trigger_ddl_commands() c join guard.guarded_tables() g on g.id = c.objid
    where c.classid = 'pg_class'::regclass and c.command_tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE SCHEMA', 'ALTER TABLE')
      and not exists (select from pg_trigger t where t.tgrelid = c.objid and t.tgname = 'guard_truncate')
  loop
    perform guard.protect_table(made.objid);
  end loop;
end
$$;

-- New limits reach the triggers at once.
create or replace function guard.apply_new_limits() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform guard.protect_table(g.id) from guard.guarded_tables() g where g.name <> 'guard.mass_change_limits';
  return null;
end
$$;
create or replace trigger limits_changed after insert or update or delete on guard.mass_change_limits
  for each statement execute function guard.apply_new_limits();

-- The event triggers that the guard is made of.
create or replace function guard.wanted_event_triggers() returns table (name text, event text, tags text[], function text)
language sql immutable set search_path = pg_catalog, pg_temp as $$
  -- The one that notes the beginning of a command comes last: what is noted, the others clear away.
  values ('guard_drop', 'sql_drop', null::text[], 'guard.refuse_drop'),
    ('guard_lost_protection', 'ddl_command_end', null, 'guard.refuse_lost_protection'),
    ('guard_rewrite', 'table_rewrite', null, 'guard.refuse_rewrite'),
    ('guard_new_tables', 'ddl_command_end', null, 'guard.protect_new_tables'),
    ('guard_refuse_borrowed_rights', 'ddl_command_end', array['CREATE CAST', 'CREATE RULE', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW',
      'CREATE FUNCTION', 'CREATE PROCEDURE'], 'guard.refuse_borrowed_rights'),
    ('guard_before_command', 'ddl_command_start', null, 'guard.before_command')
$$;

-- What an event trigger of the guard lacks; null when it lacks nothing. DROP EVENT TRIGGER fires no event trigger, and pg_dump --clean writes one for each
-- that it dumps. A member of an extension can't be dropped by itself, and no dump has it; plpgsql is the extension that every database has.
create or replace function guard.event_trigger_lacks(wanted text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when t.oid is null then 'it is not there'
      when t.evtevent::text <> w.event or t.evttags is distinct from w.tags or t.evtfoid::regproc is distinct from to_regproc(w.function) then 'it is another'
      when t.evtenabled <> 'A' then 'it is disabled'
      when not exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_event_trigger'::regclass and d.objid = t.oid and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e')
        then 'DROP EVENT TRIGGER would take it away, which is what pg_dump --clean writes' end
  from guard.wanted_event_triggers() w left join pg_event_trigger t on t.evtname = w.name where w.name = wanted
$$;

-- The layers of the guard and whether each stands. `db init` and `db status` say which is missing.
create or replace function guard.layers() returns table (layer text, missing text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select 'event trigger ' || w.name, guard.event_trigger_lacks(w.name) from guard.wanted_event_triggers() w
  union all
  select 'trigger guard_stays of guard.commands_in_progress', guard.note_of_commands_lacks()
  union all
  select 'triggers ' || k.name, string_agg(g.name, ', ' order by g.name) filter (where t.oid is null or t.tgenabled <> 'A')
  from unnest(array['guard_truncate', 'guard_mass_delete', 'guard_mass_update']) k (name) cross join guard.guarded_tables() g
  left join pg_trigger t on t.tgrelid = g.id and t.tgname = k.name
  group by k.name
  union all
  -- REASSIGN OWNED fires no event trigger (measured on 15 and 18), so what it did is seen here only.
  select 'owners of the tables', string_agg(format('%s belongs to %s', g.name, c.relowner::regrole), ', ' order by g.name)
    filter (where c.relowner::regrole::text <> case n.nspname when 'public' then 'shared_tables_owner' when 'case_management' then 'case_management_owner'
      when 'audit_system' then 'audit_system_owner' else 'guard_owner' end)
  from guard.guarded_tables() g join pg_class c on c.oid = g.id join pg_namespace n on n.oid = c.relnamespace
$$;

do $$
declare
  wanted record;
  lacks text;
begin
  -- An older guard kept a sentinel in pg_catalog, which no dump carries.
  drop event trigger if exists guard_sentinel;
  drop function if exists pg_catalog.bailiwick_guard_sentinel();
  for wanted in select * from guard.wanted_event_triggers() loop
    lacks := guard.event_trigger_lacks(wanted.name);
    continue when lacks is null;
    begin
      if lacks = 'it is another' then
        if exists (select from pg_depend d where d.classid = 'pg_event_trigger'::regclass and d.deptype = 'e'
          and d.objid = (select t.oid from pg_event_trigger t where t.evtname = wanted.name)) then
          execute format('alter extension plpgsql drop event trigger %I', wanted.name);
        end if;
        execute format('drop event trigger %I', wanted.name);
      end if;
      if lacks in ('it is another', 'it is not there') then
        execute format('create event trigger %I on %s %s execute function %s()', wanted.name, wanted.event,
          'when tag in (' || (select string_agg(quote_literal(tag), ', ') from unnest(wanted.tags) tag) || ')', wanted.function);
      end if;
      execute format('alter event trigger %I enable always', wanted.name);
      lacks := guard.event_trigger_lacks(wanted.name);
      if lacks is not null then execute format('alter extension plpgsql add event trigger %I', wanted.name); end if;
    exception when insufficient_privilege then
      raise warning 'The guard lacks the event trigger %: this server lets % make none.', wanted.name, current_user;
    end;
  end loop;
  perform guard.protect_table(g.id) from guard.guarded_tables() g
  -- A trigger of the mass changes that knows no multirange is of an older guard.
  where (select count(*) from pg_trigger t where t.tgrelid = g.id and t.tgname like 'guard\_%' and t.tgenabled = 'A'
    and (t.tgname = 'guard_truncate' or pg_get_triggerdef(t.oid) like '%int8multirange%')) < 3;
end
$$;

revoke all on all functions in schema guard from public;
grant execute on function guard.statement_hash(text) to guard_operator;
grant execute on function guard.layers() to shared_tables_deployer, case_management_deployer, audit_system_deployer;
grant usage on schema guard to guard_operator;
grant select, insert (statement, because, expires_at, migration, migration_checksum, statement_hashes) on guard.approvals to guard_operator;
grant select on guard.destructive_statements, guard.mass_change_limits to guard_operator;
