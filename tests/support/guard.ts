import { withSession } from '@bailiwick/database/setup/connect';

/**
 * Takes the guard against loss away from a test's own database: a superuser can, by the holes that docs/guard.md names. For tests that
 * rebuild tables between their cases and are about something else.
 */
export async function liftGuard(operatorUrl: string): Promise<void> {
  await withSession(operatorUrl, 'tests', async (client) =>
    client.query(`do $$
      declare
        found record;
      begin
        for found in select evtname from pg_event_trigger
          where evtname in ('guard_before_command', 'guard_drop', 'guard_lost_protection', 'guard_rewrite', 'guard_new_tables') loop
          execute format('alter event trigger %I disable', found.evtname);
        end loop;
        for found in select tgrelid::regclass as table_name, tgname from pg_trigger
          where tgname in ('guard_truncate', 'guard_mass_delete', 'guard_mass_update') loop
          execute format('drop trigger %I on %s', found.tgname, found.table_name);
        end loop;
      end
    $$`),
  );
}
