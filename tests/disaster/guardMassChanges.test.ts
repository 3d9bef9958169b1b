import { connect } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import type { Client } from 'pg';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf } from './support.js';

const wipe = 'delete from case_management.case_events';

let database: TestDatabase;
let operator: Client;

beforeEach(async () => {
  database = await createFilledDatabase();
  operator = await connect(database.operatorUrl, 'tests');
});

afterEach(async () => {
  await operator.end();
  await database.drop();
});

test('many small changes in one session pass, in one transaction and one by one; a large one after them is refused', async () => {
  await operator.query('begin');
  await operator.query(`do $$ begin for n in 1..1500 loop
    update case_management.tasks set completion_notes = n::text where id = (select id from case_management.tasks limit 1);
  end loop; end $$`);
  await operator.query('commit');
  for (let n = 0; n < 3; n++) {
    const few = `update case_management.tasks set completion_notes = '${n}' where id in (select id from case_management.tasks limit 600)`;
    expect(await errorOf(operator, few)).toBeUndefined();
  }
  expect((await errorOf(operator, 'update case_management.case_events set title = title'))?.code).toBe('LG003');
  expect((await errorOf(operator, wipe))?.code).toBe('LG003');
});

test('operators, functions and tables of the one who writes pass nothing by', async () => {
  await operator.query(`create schema mine;
    create function mine.yes(bigint, bigint) returns boolean language sql immutable return true;
    create operator mine.<= (leftarg = bigint, rightarg = bigint, function = mine.yes);
    create function mine.count() returns bigint language sql return 0;
    create table mine.touched_rows (id int); create type mine.int8 as enum ('x')`);
  await operator.query(`set search_path = mine, pg_catalog, public; create temp table touched_rows (id int)`);
  expect((await errorOf(operator, wipe))?.code).toBe('LG003');
});

const counted = `pg_stat_get_xact_tuples_deleted('case_management.case_events'::regclass) > 1000 or current_setting('track_counts') = 'off'`;
test.each(['guard.refuse_mass_change()', 'guard.refuse_mass_change(1000)'])(
  'the triggers of an older guard, which call %s, refuse as much; init makes them anew',
  async (call) => {
    await operator.query(`create or replace trigger guard_mass_delete after delete on case_management.case_events referencing old table as touched_rows
      for each statement when (${counted}) execute function ${call}`);
    await operator.query('alter table case_management.case_events enable always trigger guard_mass_delete');
    expect((await errorOf(operator, wipe))?.code).toBe('LG003');
    await initialiseDatabase({ operatorUrl: database.operatorUrl, credentials: { roles: {} } });
    const { rows } = await operator.query(
      `select tgnargs, pg_get_triggerdef(oid) ~ 'track_counts' as "isOld" from pg_trigger
       where tgname = 'guard_mass_delete' and tgrelid = 'case_management.case_events'::regclass and tgenabled = 'A'`,
    );
    expect(rows).toEqual([{ tgnargs: 1, isOld: false }]);
    expect((await errorOf(operator, wipe))?.code).toBe('LG003');
  },
);

test('where statistics are off for a whole database, a statement that changes many rows is refused, and few or none pass', async () => {
  await operator.query(`alter database ${database.name} set track_counts = off`);
  const other = await connect(database.operatorUrl, 'tests');
  try {
    for (const where of ['false', 'id in (select id from case_management.case_events limit 5)']) {
      expect(await errorOf(other, `delete from case_management.case_events where ${where}`)).toBeUndefined();
      expect(await errorOf(other, `update case_management.case_events set title = title where ${where}`)).toBeUndefined();
    }
    expect((await errorOf(other, 'update case_management.case_events set title = title'))?.code).toBe('LG003');
    expect((await errorOf(other, wipe))?.code).toBe('LG003');
  } finally {
    await other.end();
  }
});

test('a limit of 0 rows holds for the first row', async () => {
  await operator.query(`insert into guard.mass_change_limits values ('case_management', 'case_events', 0, 0)`);
  const one = 'delete from case_management.case_events where id = (select id from case_management.case_events limit 1)';
  expect((await errorOf(operator, one))?.code).toBe('LG003');
  expect(await errorOf(operator, 'delete from case_management.case_events where false')).toBeUndefined();
});
