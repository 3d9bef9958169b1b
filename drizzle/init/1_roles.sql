-- The PostgreSQL roles, one set a bailiwick. Roles belong to the whole server, so this is safe to run again and from two databases at once.
-- Passwords are set by `db init`, never here.

-- Every server has it, until somebody drops it. All that follows is written in it.
create extension if not exists plpgsql;

do $$
declare
  bailiwick text;
begin
  -- Two databases on one server may be initialised at the same time: the one that comes second finds the role there.
  begin
    -- Owns every schema. Bypasses row security because the functions in identity read people, whose own policies call them.
    create role guard_owner nologin noinherit bypassrls;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    create role backup_reader login noinherit bypassrls;
  exception when duplicate_object or unique_violation then null;
  end;

  foreach bailiwick in array array['shared_tables', 'case_management', 'audit_system'] loop
    begin
      execute format('create role %I nologin noinherit', bailiwick || '_owner');
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      -- noinherit: a deployer has the owner's rights only after SET ROLE, so that no slip at a prompt uses them.
      execute format('create role %I login noinherit', bailiwick || '_deployer');
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      execute format('create role %I login noinherit', bailiwick || '_app');
    exception when duplicate_object or unique_violation then null;
    end;
    -- A role that was there before may have been made with more: one attribute too many, and no row policy counts for it.
    execute format('alter role %I nologin noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls', bailiwick || '_owner');
    execute format('alter role %I login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls', bailiwick || '_deployer');
    execute format('alter role %I login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls', bailiwick || '_app');
    if not pg_has_role(bailiwick || '_deployer', bailiwick || '_owner', 'member') then
      begin
        execute format('grant %I to %I', bailiwick || '_owner', bailiwick || '_deployer');
      exception when unique_violation then null;
      end;
    end if;
  end loop;

  -- INHERIT comes first: from PostgreSQL 16 on, a membership keeps whether it is inherited from the moment of its grant.
  alter role guard_owner nologin inherit nosuperuser nocreatedb nocreaterole noreplication bypassrls;
  alter role backup_reader login inherit nosuperuser nocreatedb nocreaterole noreplication bypassrls;
  -- Naming the holder of the migration lock needs to see other people's sessions.
  if not pg_has_role('guard_owner', 'pg_read_all_stats', 'usage') then
    grant pg_read_all_stats to guard_owner;
  end if;
  if not pg_has_role('backup_reader', 'pg_read_all_data', 'usage') then
    grant pg_read_all_data to backup_reader;
  end if;
  alter role backup_reader set default_transaction_read_only = on;
end
$$;
