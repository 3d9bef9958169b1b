import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@bailiwick/database/backup/manifest';
import type { Backup } from '@bailiwick/database/backup/manifest';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { liftGuard } from '../../tests/support/guard.js';
import { contentsOf, db, environmentOf } from './backupSupport.js';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-gaps-'));
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => database.drop());
afterAll(async () => rm(folder, { recursive: true, force: true }));

const run = async <Row extends object>(sql: string): Promise<Row[]> =>
  withSession(database.operatorUrl, 'tests', async (client) => (await client.query<Row>(sql)).rows);
/** Foreign keys look away, as where rows were lost by force. */
const lose = async (sql: string): Promise<void> => {
  await liftGuard(database.operatorUrl);
  await run(`set session_replication_role = replica; ${sql}`);
};
async function make(sql: string): Promise<Backup> {
  await run(`set role case_management_owner; ${sql}`);
  const { path } = await takeBackup({ ...database, folder: join(folder, 'backups') });
  return readManifest(path);
}
const conflicts = (): string => join(folder, 'conflicts.csv');
const restore = async (backup: Backup) => restoreBackup({ ...database, backup, conflictsFile: conflicts() });

const circle = `
  create table case_management.hens (id int primary key, egg int not null, name text unique);
  create table case_management.eggs (id int primary key, hen int not null references case_management.hens);
  create table case_management.chicks (id int primary key, egg int not null references case_management.eggs, mother int references case_management.chicks);
  alter table case_management.hens add foreign key (egg) references case_management.eggs deferrable initially deferred;
  begin;
  insert into case_management.hens select n, n, 'hen ' || n from generate_series(1, 6) n;
  insert into case_management.eggs select n, n % 6 + 1 from generate_series(1, 6) n;
  insert into case_management.chicks select n, n, nullif(n - 1, 0) from generate_series(1, 6) n;
  commit;`;
const chickenTables = ['case_management.chicks', 'case_management.eggs', 'case_management.hens'];

describe('rows that are missing from two standing tables which refer to each other', () => {
  test('come back together, and what refers to them', async () => {
    const backup = await make(circle);
    const whole = await contentsOf(database.operatorUrl);
    await lose(
      'delete from case_management.hens where id in (2, 3, 4); delete from case_management.eggs where id > 2; delete from case_management.chicks',
    );
    const report = await restore(backup);
    expect(report.notBroughtBack).toEqual([]);
    expect(
      report.tables.filter(({ broughtBack }) => broughtBack > 0).map(({ table, broughtBack }) => [table, broughtBack]),
    ).toEqual(chickenTables.map((table, i) => [table, [6, 4, 3][i]]));
    expect(await contentsOf(database.operatorUrl)).toEqual(whole);
  });

  test('stay away, and all that leads to them, where one has a value that is taken; no row refers to one that is not there', async () => {
    const backup = await make(circle);
    await lose(`delete from case_management.hens; delete from case_management.eggs; delete from case_management.chicks;
      insert into case_management.eggs values (77, 88); insert into case_management.hens values (88, 77, 'hen 3')`);
    const report = await restore(backup);
    // Every hen leads to the third by its egg, and every chick by its own.
    expect(report.notBroughtBack).toEqual(
      expect.arrayContaining([
        { what: '1 row of case_management.hens', why: 'another row has their unique value' },
        { what: '5 rows of case_management.hens', why: 'what they refer to is not there' },
        { what: '6 rows of case_management.eggs', why: 'what they refer to is not there' },
        { what: '6 rows of case_management.chicks', why: 'what they refer to is not there' },
      ]),
    );
    expect(
      await run(
        'select (select count(*)::int from case_management.hens) hens, (select count(*)::int from case_management.eggs) eggs',
      ),
    ).toEqual([{ hens: 1, eggs: 1 }]);
    expect(await readFile(conflicts(), 'utf8')).toContain('case_management,hens,3,VALUE_TAKEN,name,hen 3,');
  });
});

test('a row that refers to one of its own table whose value is taken stays away with it', async () => {
  const backup = await make(`
    create table case_management.posts (id int primary key, slug text unique, above int references case_management.posts);
    insert into case_management.posts values (1, 'a', null), (2, 'b', 1), (3, 'c', 2), (4, 'd', null)`);
  await lose(`delete from case_management.posts; insert into case_management.posts values (9, 'a', null)`);
  const report = await restore(backup);
  expect(report.notBroughtBack).toEqual([
    { what: '2 rows of case_management.posts', why: 'what they refer to is not there' },
    { what: '1 row of case_management.posts', why: 'another row has their unique value' },
  ]);
  expect(await run('select id from case_management.posts order by id')).toEqual([{ id: 4 }, { id: 9 }]);
});

test.each(['deferrable', 'deferrable initially deferred'])(
  'a taken value under a unique constraint that is %s is listed, and the other rows come back',
  async (kind) => {
    const backup = await make(`
      create table case_management.seats (id int primary key, room text, place int, badge text unique, unique nulls not distinct (room, place) ${kind});
      insert into case_management.seats values (1, 'a', 1, 'x'), (2, 'a', 2, 'y'), (3, null, 3, 'z'), (4, 'b', 4, null), (5, 'b', 5, null)`);
    await lose(`delete from case_management.seats;
      insert into case_management.seats values (11, 'a', 1, 'p'), (12, 'q', 2, 'y'), (13, null, 3, 'r')`);
    const report = await restore(backup);
    expect(report.notBroughtBack).toEqual([
      { what: '3 rows of case_management.seats', why: 'another row has their unique value' },
    ]);
    expect(await run('select id from case_management.seats order by id')).toEqual([4, 5, 11, 12, 13].map((id) => ({ id })));
    const listed = await readFile(conflicts(), 'utf8');
    for (const id of [1, 2, 3]) expect(listed).toContain(`case_management,seats,${id},VALUE_TAKEN,`);
  },
);

test('so is one under an exclusion that is held at the end of the transaction, and under an index of an expression beside it', async () => {
  const backup = await make(`
    create table case_management.stays (id int primary key, during int4range, guest text, isOver boolean,
      exclude using gist (during with &&) where (not isOver) deferrable initially deferred);
    create unique index on case_management.stays (lower(guest)) where guest <> 'nobody';
    insert into case_management.stays values (1, '[1,5)', 'Ada', false), (2, '[5,9)', 'Bo', false), (3, '[1,9)', 'nobody', true), (4, '[20,21)', 'Cy', false)`);
  await lose(`delete from case_management.stays;
    insert into case_management.stays values (13, '[4,5)', 'x', false), (14, '[30,31)', 'BO', true), (15, '[1,9)', 'nobody', true)`);
  const said = await db(
    ['restore', backup.path, '--confirm', database.name, '--conflicts', conflicts()],
    environmentOf(database, join(folder, 'data')),
  );
  expect(said.exitCode).toBe(0);
  expect(said.stdout).toContain('  2 rows of case_management.stays: another row has their unique value\n');
  expect(await run('select id from case_management.stays order by id')).toEqual([3, 4, 13, 14, 15].map((id) => ({ id })));
});

test('columns may have the names that a restore would choose itself', async () => {
  const backup = await make(`
    create table case_management.answers (id int primary key, _why text, _why_ text, place text, whole text, n int, r int, t int);
    create table case_management.loose (_why text, place text, n int);
    create table case_management.asides (id int primary key references case_management.answers, _why text);
    insert into case_management.answers select n, 'EQUAL', 'DIFFERS', 'p', 'w', n, n, n from generate_series(1, 5) n;
    insert into case_management.loose select null, 'p', n % 2 from generate_series(1, 5) n;
    insert into case_management.asides select n, 'because' from generate_series(1, 5) n`);
  const whole = await contentsOf(database.operatorUrl);
  await lose(
    `delete from case_management.answers where id > 1; delete from case_management.loose where n = 0; drop table case_management.asides`,
  );
  expect((await restore(backup)).notBroughtBack).toEqual([]);
  expect(await contentsOf(database.operatorUrl)).toEqual(whole);
  // One that is set aside because what it refers to is another one now.
  await lose(`delete from case_management.answers where id = 2; alter table case_management.answers add unique (n);
    insert into case_management.answers (id, n) values (22, 2); update case_management.answers set _why = 'changed' where id = 3; drop table case_management.asides`);
  expect((await restore(backup)).notBroughtBack).toEqual(
    expect.arrayContaining([
      { what: '1 row of case_management.answers', why: 'the database has them with another content' },
      { what: '1 row of case_management.answers', why: 'another row has their unique value' },
      { what: '1 row of case_management.asides', why: 'what they refer to is not there' },
    ]),
  );
  const listed = await readFile(conflicts(), 'utf8');
  expect(listed).toContain('case_management,answers,3,DIFFERS,_why,EQUAL,changed');
  expect(listed).toContain('case_management,asides,2,REFERENCE_MISSING,_why,because,');
});
