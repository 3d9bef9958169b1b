import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationLockKey } from '@bailiwick/database/migrate/lock';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { databaseStatus } from '@bailiwick/database/migrate/status';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import { until } from '../../tests/support/until.js';
import { folderWith, initialised, migrated, next, rows, shipped } from './migrateSupport.js';

describe('the migration lock', () => {
  test('is refused at once with pid, role and time when there is no waiting', async () => {
    const database = await migrated();
    const holder = await connect(database.urlOf('audit_system_deployer'), 'tests');
    try {
      const { rows: found } = await holder.query<{ pid: number }>('select pg_advisory_lock($1), pg_backend_pid() as pid', [
        migrationLockKey,
      ]);
      await expect(migrateDatabase({ ...database, lockWait: 0 })).rejects.toMatchObject({
        code: 'LOCK_HELD',
        message: expect.stringMatching(
          new RegExp(
            `^The migration lock is held by pid ${found[0]?.pid} \\(audit_system_deployer, since \\d\\d:\\d\\d:\\d\\d\\)\\.$`,
          ),
        ),
        hint: 'Wait, or look at it with: npm run db -- status.',
      });
      expect((await databaseStatus(database.operatorUrl)).lock).toMatchObject({
        pid: found[0]?.pid,
        role: 'audit_system_deployer',
      });
    } finally {
      await holder.end();
    }
  });

  test('of two runs at once, one waits for the other and finds its work done', async () => {
    const database = await initialised();
    const steps: string[] = [];
    const results = await Promise.all(
      [1, 2].map(async () => migrateDatabase({ ...database, onStep: (step) => steps.push(step) })),
    );
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, shipped.length]);
    expect(steps).toContainEqual(
      expect.stringMatching(
        /^The migration lock is held by pid \d+ \(shared_tables_deployer, since .+\)\. Waiting up to [56]\d s for it\.$/,
      ),
    );
  });

  test('of another database of the same server does not count', async () => {
    const [one, other] = [await migrated(), await migrated()];
    await withSession(one.urlOf('audit_system_deployer'), 'tests', async (holder) => {
      await holder.query('select pg_advisory_lock($1)', [migrationLockKey]);
      await expect(migrateDatabase({ ...other, lockWait: 0 })).resolves.toMatchObject({ applied: [] });
    });
  });
});

test('a run that is killed in the middle of a file leaves the database as it was, and the next run goes on', async () => {
  const database = await migrated();
  const name = `${next}_case_management_long`;
  const sql = (wait: number) =>
    `create table case_management.long_one (id int);\nselect pg_sleep(${wait});\ninsert into case_management.long_one values (1);`;
  const folder = await folderWith({ [`${name}.sql`]: sql(120) });
  const script = `import { migrateDatabase } from '@bailiwick/database/migrate/migrate'; await migrateDatabase(JSON.parse(process.argv[1]));`;
  const options = JSON.stringify({ operatorUrl: database.operatorUrl, credentials: database.credentials, folder });
  const child = spawn(
    process.execPath,
    ['--conditions=bailiwick-source', '--import', 'tsx', '--input-type=module', '-e', script, options],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const busy = async () =>
    (
      await rows(
        database,
        `select from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`,
      )
    ).length > 0;
  await until(busy);
  child.kill('SIGKILL');
  await ended;
  // The server notices that the client is gone when the statement ends, or when it is asked to look.
  await rows(
    database,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'`,
  );
  await until(async () => !(await busy()));
  expect(await rows(database, `select to_regclass('case_management.long_one') as it`)).toEqual([{ it: null }]);
  const { pending, lock } = await databaseStatus(database.operatorUrl, folder);
  expect({ pending, lock }).toEqual({ pending: [name], lock: null });
  await writeFile(join(folder, `${name}.sql`), sql(0));
  expect(await migrateDatabase({ ...database, folder, lockWait: 5_000 })).toMatchObject({ applied: [name] });
});
