import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listBackups } from '@bailiwick/database/backup/folder';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { readMigrations } from '@bailiwick/database/migrate/files';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import type { MigrateOptions } from '@bailiwick/database/migrate/migrate';
import { approveMigration } from '@bailiwick/database/plan/approvals';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import { stateOf } from '../../tests/disaster/support.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { folderWith, initialised, migrated, next, rows } from './migrateSupport.js';
import { nth } from './planSupport.js';

let backups: string;
beforeAll(async () => {
  backups = join(await mkdtemp(join(tmpdir(), 'bailiwick-pipeline-')), 'backups');
});
afterAll(async () => rm(join(backups, '..'), { recursive: true, force: true }));

const name = `${next}_case_management_drop`;
const drop = 'drop table case_management.rooms;';

/** A database with a table of ten rows that a migration is to drop. */
async function withRooms(): Promise<TestDatabase> {
  const database = await migrated();
  await rows(
    database,
    `set role case_management_owner; create table case_management.rooms as select n as id from generate_series(1, 10) n`,
  );
  return database;
}

/** Migrates, with the rules of db check left out: what is tested here comes after them. */
async function migrate(database: TestDatabase, folder: string, options: Partial<MigrateOptions> = {}) {
  return migrateDatabase({ ...database, folder, withoutRules: true, backupFolder: backups, lockWait: 30_000, ...options });
}

async function approve(database: TestDatabase, folder: string, statements: string[] = [drop]) {
  const file = (await readMigrations(folder)).find((one) => one.name === name);
  await withSession(database.operatorUrl, 'tests', async (client) => approveMigration(client, file!, statements, 'a test'));
}

const state = async (database: TestDatabase) => withSession(database.operatorUrl, 'tests', stateOf);
const backupCount = async () => (await listBackups(backups).catch(() => [])).length;

test('a loss that nobody approved is refused with what would be lost, at which step, and how to go on', async () => {
  const database = await withRooms();
  const before = await state(database);
  const folder = await folderWith({
    [`${name}.sql`]: drop,
    [`${nth(1)}_audit_system_add.sql`]: 'create table audit_system.added (id int);',
  });
  await expect(migrate(database, folder)).rejects.toMatchObject({
    code: 'APPROVAL_MISSING',
    exitCode: 2,
    step: 'approval',
    message: expect.stringMatching(
      new RegExp(
        `^${name}\\.sql would lose table case_management\\.rooms \\(10 rows\\), and nobody has approved exactly this file \\(SHA-256 [0-9a-f]{12}…\\)\\. Nothing was changed\\.$`,
      ),
    ),
    hint: expect.stringContaining(`npm run db -- approve --migration ${name} --because "<why>" --confirm ${database.name}`),
  });
  expect(await state(database)).toEqual(before);
  expect(await backupCount()).toBe(0);
});

test('an approved loss is backed up, marked in the WAL, applied, verified and recorded', async () => {
  const database = await withRooms();
  const folder = await folderWith({ [`${name}.sql`]: drop });
  await approve(database, folder);
  const steps: string[] = [];
  const { applied, protections } = await migrate(database, folder, { onStep: (step) => steps.push(step) });
  expect(applied).toEqual([name]);
  const [backup] = await listBackups(backups);
  expect(protections).toEqual([
    {
      migration: name,
      backup: { name: backup?.name, folder: backups },
      restorePoint: `before_${name}`,
      losses: ['table case_management.rooms (10 rows)'],
    },
  ]);
  expect(backup?.backup?.manifest.tables).toContainEqual(
    expect.objectContaining({ schema: 'case_management', name: 'rooms', rows: 10 }),
  );
  expect(await rows(database, `select to_regclass('case_management.rooms') as it`)).toEqual([{ it: null }]);
  expect(
    await rows(
      database,
      `select m.name, m.backup_name, m.restore_point, m.losses -> 0 ->> 'rows' as lost, a.because, a.used_by,
         (select d.outcome from guard.destructive_statements d where d.approval_id = a.id) as outcome
       from guard.migrations m join guard.approvals a on a.id = m.approval_id where a.used_at is not null`,
    ),
  ).toEqual([
    {
      ...{ name, backup_name: backup?.name, restore_point: `before_${name}`, lost: '10', because: 'a test' },
      ...{ used_by: 'case_management_deployer', outcome: 'approved' },
    },
  ]);
  expect(steps.indexOf(`Backing up to ${backups} before ${name}.`)).toBeGreaterThan(
    steps.indexOf(`${name} is approved by postgres, because: a test`),
  );
});

describe('an approval of a migration', () => {
  test('is for exactly this content of the file', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await approve(database, folder);
    await writeFile(join(folder, `${name}.sql`), `${drop}\n`);
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: expect.stringContaining('is for another content of the file (SHA-256 '),
    });
  });

  test('ends', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await approve(database, folder);
    await rows(
      database,
      `update guard.approvals set approved_at = now() - interval '2 hours', expires_at = now() - interval '90 minutes'`,
    );
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: expect.stringMatching(/The approval of .+ expired at /),
    });
  });

  test('from a time to come is not good, and the refusal says what the clock says', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await approve(database, folder);
    await rows(
      database,
      `update guard.approvals set approved_at = now() + interval '1 day', expires_at = now() + interval '1 day 30 minutes'`,
    );
    const before = await state(database);
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: expect.stringMatching(
        /The approval of \S+ is from a time to come by the server's clock, which says \S+Z\. Nothing was changed\.$/,
      ),
    });
    expect(await state(database)).toEqual(before);
  });

  test('lets nobody send its statements outside the migration, nor the deployer send others within', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await approve(database, folder);
    const file = (await readMigrations(folder)).find((one) => one.name === name)!;
    const deployer = await connect(database.urlOf('case_management_deployer'), 'tests');
    try {
      await deployer.query('begin; set local role case_management_owner');
      await expect(deployer.query(drop)).rejects.toMatchObject({ code: 'LG001' });
      await deployer.query('rollback');
      await deployer.query('begin');
      await deployer.query('select guard.take_migration_approval($1, $2, $3)', [name, 'case_management', file.checksum]);
      await deployer.query('set local role case_management_owner');
      await expect(deployer.query('drop table case_management.parties cascade')).rejects.toMatchObject({ code: 'LG001' });
      await deployer.query('rollback');
    } finally {
      await deployer.end();
    }
    expect((await migrate(database, folder)).applied).toEqual([name]);
    expect(await rows(database, 'select from guard.approvals where used_at is not null')).toHaveLength(1);
  });

  test('is wanted for five rows too, which the guard alone would let go', async () => {
    const database = await withRooms();
    const remove = 'delete from case_management.rooms where id <= 5;';
    const folder = await folderWith({ [`${name}.sql`]: remove });
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: expect.stringContaining('5 of the 10 rows of case_management.rooms'),
    });
    await approve(database, folder, []);
    expect((await migrate(database, folder)).protections).toHaveLength(1);
    expect(await rows(database, 'select from case_management.rooms')).toHaveLength(5);
  });

  test('covers one DO block with all that it does', async () => {
    const database = await withRooms();
    const block = `do $$ begin execute 'drop ta' || 'ble case_management.rooms'; end $$;`;
    const folder = await folderWith({ [`${name}.sql`]: block });
    await approve(database, folder, [block]);
    expect((await migrate(database, folder)).protections[0]?.losses).toEqual(['table case_management.rooms (10 rows)']);
  });
});

describe('a failure leaves the database as it was:', () => {
  test('a backup folder that can not be written, before anything is applied', async () => {
    const database = await withRooms();
    const before = await state(database);
    const folder = await folderWith({
      [`${next}_case_management_drop.sql`]: drop,
      [`${nth(1)}_case_management_add.sql`]: 'create table case_management.added (id int);',
    });
    await approve(database, folder);
    const file = join(backups, '..', 'a file');
    await writeFile(file, 'x');
    await expect(migrate(database, folder, { backupFolder: join(file, 'backups') })).rejects.toMatchObject({
      code: 'BACKUP_FOLDER_UNWRITABLE',
      step: 'approval',
    });
    expect(await state(database)).toEqual(before);
  });

  test('a backup that fails, with the approval unused', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await approve(database, folder);
    await rows(database, 'revoke pg_read_all_data from backup_reader').catch(() => undefined);
    const wrong = { roles: { ...database.credentials.roles, backup_reader: 'wrong password' } };
    // A server that trusts its own machine lets any password in: there the folder is taken away in the middle.
    const failing = migrate(database, folder, {
      credentials: wrong,
      onStep: (step) => void (step.startsWith('Backing up') && chmod(backups, 0o500).catch(() => undefined)),
    });
    const result = await failing.then(
      () => 'applied',
      (error: { step?: string; code: string }) => `${error.step} ${error.code}`,
    );
    await chmod(backups, 0o700).catch(() => undefined);
    await rows(database, 'grant pg_read_all_data to backup_reader').catch(() => undefined);
    expect(result).toMatch(/^backup (PRIVILEGE_MISSING|BACKUP_)/);
    expect(await rows(database, 'select from case_management.rooms')).toHaveLength(10);
    expect(await rows(database, 'select from guard.approvals where used_at is null')).toHaveLength(1);
  });

  test('a file that does something else than in its rehearsal', async () => {
    const database = await withRooms();
    const folder = await folderWith({
      [`${name}.sql`]: `do $$ begin execute format('create table case_management.t_%s (id int)', pg_backend_pid()); end $$;`,
    });
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'PLAN_DIFFERS',
      step: 'verify',
      message: expect.stringMatching(/table case_management\.t_\d+ was created, other than in the rehearsal/),
    });
    expect(
      await rows(database, `select from pg_class where relname like 't\\_%' and relnamespace = 'case_management'::regnamespace`),
    ).toEqual([]);
  });

  test('a file that deletes rows only when it is not rehearsed', async () => {
    const database = await withRooms();
    const folder = await folderWith({
      [`${name}.sql`]: `do $$ begin if current_setting('lock_timeout') = '0' then delete from case_management.rooms where id = 1; end if; end $$;`,
    });
    await expect(migrate(database, folder)).rejects.toMatchObject({
      code: 'PLAN_DIFFERS',
      message: expect.stringContaining('1 rows of case_management.rooms were deleted, and none in the rehearsal'),
    });
    expect(await rows(database, 'select from case_management.rooms')).toHaveLength(10);
  });

  test('a file that drops a table only when it is not rehearsed', async () => {
    const database = await withRooms();
    const folder = await folderWith({
      [`${name}.sql`]: `do $$ begin if current_setting('lock_timeout') = '0' then drop table case_management.rooms; end if; end $$;`,
    });
    await expect(migrate(database, folder)).rejects.toMatchObject({ code: 'DROP_REFUSED', step: 'apply' });
    expect(await rows(database, 'select from case_management.rooms')).toHaveLength(10);
  });

  test('a rehearsal that would wait for somebody else, naming the step', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: 'alter table case_management.rooms add column x int;' });
    await withSession(database.urlOf('case_management_deployer'), 'blocker', async (blocker) => {
      await blocker.query('begin; set local role case_management_owner; lock table case_management.rooms in access share mode');
      await expect(migrate(database, folder, { limits: { lock: 200, statement: 5_000 } })).rejects.toMatchObject({
        code: 'REHEARSAL_TIMED_OUT',
        step: 'plan',
        message: expect.stringContaining('"bailiwick blocker"'),
      });
    });
  });
});

test('a history that makes a table and drops it again is applied to a new database without an approval or a backup', async () => {
  const database = await initialised();
  const before = await backupCount();
  const folder = await folderWith({
    [`${next}_case_management_make.sql`]: 'create table case_management.rooms as select 1 as id;',
    [`${nth(1)}_case_management_drop.sql`]: drop,
  });
  const { applied, protections } = await migrate(database, folder);
  expect(applied).toHaveLength(Number(next) + 1);
  expect(protections).toEqual([]);
  expect(await backupCount()).toBe(before);
  expect(await rows(database, 'select because from guard.approvals where used_at is not null')).toEqual([
    { because: 'the plan found that nothing is lost that was there before this run' },
  ]);
});

describe('a team that deploys alone', () => {
  const alone = async (database: TestDatabase) => {
    const { case_management_deployer } = database.credentials.roles;
    return {
      owner: 'case_management' as const,
      operatorUrl: database.operatorUrl.replace(/\/\/[^@]*@/, '//nobody:nothing@'),
      credentials: { roles: { case_management_deployer, backup_reader: undefined } },
    };
  };

  test('goes through the whole pipeline with a backup that the operator has taken after the approval', async () => {
    const database = await withRooms();
    const folder = await folderWith({ [`${name}.sql`]: drop });
    await expect(migrate(database, folder, await alone(database))).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      step: 'approval',
    });
    await approve(database, folder);
    const { manifest } = await takeBackup({ ...database, folder: backups });
    const { protections } = await migrate(database, folder, await alone(database));
    // Where the server lets anybody in, it takes one of its own.
    expect(protections).toMatchObject([{ migration: name, restorePoint: `before_${name}`, backup: { folder: backups } }]);
    if (!process.env.BAILIWICK_TEST_DATABASE_URL) expect(protections[0]?.backup.name).toBe(manifest.name);
    expect((await readdir(backups)).some((one) => one.endsWith('.partial'))).toBe(false);
  });
});
