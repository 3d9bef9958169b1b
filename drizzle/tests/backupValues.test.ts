import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { proveBackup } from '@bailiwick/database/backup/proveBackup';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf } from './backupSupport.js';

jest.setTimeout(300_000);
let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-values-'));
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** As the team that owns the schema. */
const asOwner = async (sql: string): Promise<void> =>
  withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query('set role case_management_owner');
    await client.query(sql);
  });

/** Saves the database, restores it into an empty one, and holds the two against each other. */
async function roundTrip(): Promise<Awaited<ReturnType<typeof restoreBackup>>> {
  const before = await contentsOf(database.operatorUrl);
  const backup = await takeBackup({ ...database, folder: join(folder, 'backups') });
  const empty = await createEmptyDatabase();
  try {
    const report = await restoreBackup({ ...empty, backup });
    expect(report.notBroughtBack).toEqual([]);
    expect(report.tables.filter(({ isContentEqual }) => !isContentEqual)).toEqual([]);
    expect(await contentsOf(empty.operatorUrl)).toEqual(before);
    return report;
  } finally {
    await empty.drop();
  }
}

describe('a backup brings back', () => {
  test('values at the edges of every type, text with every character, and arrays of all this', async () => {
    await asOwner(`
      create table case_management.edges (id int primary key, at timestamptz, local timestamp, day date, span interval, clock timetz, amount numeric,
        real float4, double float8, data bytea, document jsonb, raw json, markup xml, words text[], matrix int[][], days daterange, mask bit varying,
        host inet, fixed char(5), letter "char", name name, number money, search tsvector, whole text);
      insert into case_management.edges (id, at, local, day, span, amount, real, double) values
        (1, 'infinity', '-infinity', 'infinity', '-178000000 years', 'NaN', 'NaN', '-Infinity'),
        (2, '4713-01-01 00:00:00+00 BC', '294276-12-31 23:59:59.999999', '4713-01-01 BC', '1 mon -2 days 00:00:00.000001', 'Infinity', '1e-45', '5e-324'),
        (3, '2026-03-29 02:30:00.123456+14', '0001-01-01 BC', '5874897-12-31', '-00:00:00.1', '-0.00000000000000000001000', '-0', '1.7976931348623157e308'),
        (4, '1900-01-01 00:00:00+00', null, null, '0', repeat('9', 2000)::numeric, 0.1, 0.1);
      insert into case_management.edges (id, clock, data, document, raw, words, matrix, days, mask, host, fixed, letter, name, number, search) values
        (10, '23:59:60+15:59', '\\x00ff5c2e0a0d22', '{"a": [1, 1.0, "\\u00e4", null], "": {}}', E'{ "b" : 1,\\n"b":2 }',
          array['', null, 'NULL', '"', E'\\\\', E'\\r\\n', '{}', ' a ', ','], '[2:3][-1:0]={{1,2},{3,null}}', '(,)', B'', '::1/64', 'a', 'b', '', -92233720368547758.08, 'a:1A b'),
        (11, null, '', 'null', 'null', '{}', '{}', 'empty', B'0101', '10.0.0.0/8', '', null, '  ', 0, '');
      insert into case_management.edges (id, whole) select 100 + n, text from unnest(array['', ' ', E'\\n', E'\\r', E'\\r\\n', E'\\t', E'\\\\.', E'\\\\N', '"', '""', ',', ';',
        E'\\\\', 'NULL', 'null', E'a\\n\\\\.\\nb', E'\\x01\\x7f', E'\\u2028\\u0085\\ufeff\\ufffe', U&'\\+01F600', 'ｆｕｌｌ', E'e\\u0301', E'\\u00e9', '=1+1', '-- comment']) with ordinality v (text, n);
      insert into case_management.edges (id, whole) values (200, repeat(E'x"\\n', 200000))`);
    await roundTrip();
  });

  test('names that have to be quoted: dots, quotes, capitals, spaces, other scripts, words of SQL', async () => {
    await asOwner(`
      create table case_management."Ta.ble ""x"" ü, select" ("a.b" int primary key, "A.B" text, "select" text, "q""q" text, "with, comma" text, "Größe 名" text,
        "line\nbreak" text, "_why" text, "row" text, "ctid2" text);
      insert into case_management."Ta.ble ""x"" ü, select" select n, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', null from generate_series(1, 3) n;
      create table case_management."TASKS" (id int primary key); insert into case_management."TASKS" values (7);
      create table case_management."${'ä'.repeat(31)}" (id int primary key references case_management."TASKS"); insert into case_management."${'ä'.repeat(31)}" values (7)`);
    await roundTrip();
  });

  test('tables without a primary key, with rows that are there twice, without any column, unlogged', async () => {
    await asOwner(`
      create table case_management.bare (a int, b text); insert into case_management.bare values (1, null), (1, null), (1, ''), (null, null), (null, null);
      create table case_management.single (a text); insert into case_management.single values (null), (''), (null), ('\\.'), ('x');
      create unlogged table case_management.fast (id int primary key); insert into case_management.fast values (1);
      create table case_management.made (a int primary key, b int generated always as (a * 2) stored); insert into case_management.made values (4);
      create table case_management.nothing ()`);
    const { tables } = await roundTrip();
    expect(tables.find(({ table }) => table === 'case_management.bare')).toMatchObject({ broughtBack: 5 });
  });

  test('sequences that count in any direction go on after the last number', async () => {
    await asOwner(`create sequence case_management.down increment by -1 start with 50 minvalue -100 maxvalue 100;
      create sequence case_management.up increment by 7 start with -20 minvalue -20`);
    const take = async (url: string, count: number): Promise<unknown> =>
      withSession(url, 'tests', async (client) => {
        const { rows } = await client.query(
          `select nextval('case_management.down') as down, nextval('case_management.up') as up from generate_series(1, $1)`,
          [count],
        );
        return rows.at(-1);
      });
    await take(database.operatorUrl, 20);
    const backup = await takeBackup({ ...database, folder: join(folder, 'backups') });
    const empty = await createEmptyDatabase();
    try {
      expect((await restoreBackup({ ...empty, backup })).notBroughtBack).toEqual([]);
      expect(await take(empty.operatorUrl, 1)).toEqual(await take(database.operatorUrl, 1));
    } finally {
      await empty.drop();
    }
  });

  test('rows that refer to each other in a circle, and unique values that are tested at the end', async () => {
    await asOwner(`
      create table case_management.hens (id int primary key, egg int, place int, constraint hens_place unique (place) deferrable initially deferred);
      create table case_management.eggs (id int primary key, hen int references case_management.hens);
      alter table case_management.hens add foreign key (egg) references case_management.eggs deferrable initially deferred;
      begin;
      insert into case_management.hens select n, n, n from generate_series(1, 5) n;
      insert into case_management.eggs select n, n % 5 + 1 from generate_series(1, 5) n;
      commit`);
    await roundTrip();
  });

  test('rows of which the database has as many as before, where no key tells them apart', async () => {
    await asOwner(
      `create table case_management.bare (a int, b text); insert into case_management.bare select 1, null from generate_series(1, 5)`,
    );
    const before = await contentsOf(database.operatorUrl);
    const backup = await takeBackup({ ...database, folder: join(folder, 'backups') });
    await asOwner('delete from case_management.bare where ctid in (select ctid from case_management.bare limit 3)');
    const report = await restoreBackup({ ...database, backup });
    expect(report.tables.find(({ table }) => table === 'case_management.bare')).toMatchObject({
      broughtBack: 3,
      isContentEqual: true,
    });
    expect(await contentsOf(database.operatorUrl)).toEqual(before);
  });
});

test('the same comes back in a scratch server, whatever the database’s own settings', async () => {
  await asOwner(`
    create table case_management.odd (id int primary key, at timestamptz, span interval, words text[], data bytea, pattern text,
      constraint odd_pattern check (pattern ~ '^\\d+\\\\?$'));
    insert into case_management.odd values (1, '2026-02-03 04:05:06+07', '-1 year 2 days', array[null, 'NULL'], '\\x5c00', '12')`);
  const settings = {
    datestyle: `'SQL, DMY'`,
    intervalstyle: 'iso_8601',
    timezone: `'Asia/Kolkata'`,
    bytea_output: 'escape',
    extra_float_digits: '-10',
    search_path: 'audit_system, public',
    statement_timeout: `'1ms'`,
    lock_timeout: `'1ms'`,
    idle_in_transaction_session_timeout: `'1ms'`,
    default_transaction_read_only: 'on',
    default_transaction_isolation: 'serializable',
    row_security: 'off',
    standard_conforming_strings: 'off',
    backslash_quote: 'off',
    quote_all_identifiers: 'on',
    array_nulls: 'off',
    transform_null_equals: 'on',
    xmloption: 'document',
    client_min_messages: 'error',
    session_replication_role: 'replica',
    client_encoding: 'latin1',
  };
  const before = await contentsOf(database.operatorUrl);
  const plain = await takeBackup({ ...database, folder: join(folder, 'settings') });
  const set = async (change: (name: string, value: string) => string): Promise<void> =>
    withSession(database.operatorUrl, 'tests', async (client) => {
      await client.query('set default_transaction_read_only = off; set statement_timeout = 0');
      for (const [name, value] of Object.entries(settings)) await client.query(change(name, value));
    });
  await set((name, value) => `alter database ${database.name} set ${name} = ${value}`);
  const odd = await takeBackup({ ...database, folder: join(folder, 'settings') });
  expect(odd.manifest.tables.map(({ name, content }) => [name, content])).toEqual(
    plain.manifest.tables.map(({ name, content }) => [name, content]),
  );
  expect(odd.manifest.definitions).toEqual(plain.manifest.definitions);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(
      `set default_transaction_read_only = off; set statement_timeout = 0; set session_replication_role = origin`,
    );
    await client.query('alter event trigger guard_drop disable; alter event trigger guard_before_command disable');
    await client.query('drop table case_management.odd');
  });
  const { notBroughtBack } = await restoreBackup({ ...database, backup: odd });
  expect(notBroughtBack).toEqual([]);
  expect(await contentsOf(database.operatorUrl)).toEqual(before);
  await proveBackup(odd);
});
