import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { plainTextSettings } from '@bailiwick/database/backup/catalogue';
import type { ColumnShape } from '@bailiwick/database/backup/catalogue';
import { contentOf } from '@bailiwick/database/backup/content';
import { readTableFile, writeTableFile } from '@bailiwick/database/backup/tableFile';
import { withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-content-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** In a transaction that reads as a backup does, and is taken back. */
async function inSession<T>(work: (client: Client) => Promise<T>): Promise<T> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(`begin; ${plainTextSettings}; set local timezone = 'UTC'`);
    const result = await work(client);
    await client.query('rollback');
    return result;
  });
}

/** The columns of a definition like `id integer, name text`. */
const columnsOf = (definition: string): ColumnShape[] =>
  definition.split(', ').map((one) => ({ name: one.split(' ')[0]!, type: one.slice(one.indexOf(' ') + 1) }));

/** The content of a table with these rows, given as SQL. */
async function content(client: Client, definition: string, rows: string, formula?: string): Promise<string> {
  await client.query(`create temp table it (${definition}); insert into it values ${rows}`);
  const found = await contentOf(client, 'pg_temp.it', columnsOf(definition), formula);
  await client.query('drop table it');
  return found.content;
}

const everything =
  'id uuid, flag boolean, day date, data bytea, words text, short character varying(9), small smallint, whole integer, large bigint, at timestamp with time zone, ' +
  'local timestamp(3) without time zone, amount numeric(9,2), real double precision, list text[], document jsonb, span interval';
const somethingOfEach = `('018cc251-f400-72cb-aac1-4c6e47d870a0', true, '2026-11-22', '\\x00ff', 'Örtlich', 'vchar', -1, 70000, -5000000000, '2026-11-22 18:45:12.345678+00',
   '2026-11-22 18:45:12.345', 12.50, -0.1, '{a,"b c",null}', '{"a": 1.10}', '1 mon 2 days'), (${Array(16).fill('null').join(', ')}), (md5('a')::uuid${', null'.repeat(15)})`;

describe('the number for the content of a table', () => {
  test('is the same on every server: these rows have the one that was written down', async () => {
    await inSession(async (client) => {
      expect(await content(client, everything, somethingOfEach)).toBe('-53699397749263707');
    });
  });

  test('of format 1 is still the one that was written down then', async () => {
    await inSession(async (client) => {
      expect(await content(client, everything, somethingOfEach, formulaOfFormat1)).toBe('-12852340790544708716');
    });
  });

  test('does not count the order of rows or of columns, nor the width of a whole number', async () => {
    await inSession(async (client) => {
      const one = await content(client, 'id integer, name text', `(1, 'a'), (2, 'b'), (-1, null)`);
      expect(await content(client, 'id integer, name text', `(-1, null), (2, 'b'), (1, 'a')`)).toBe(one);
      expect(await content(client, 'name text, id bigint', `('a', 1), ('b', 2), (null, -1)`)).toBe(one);
    });
  });

  test.each([
    ['NULL and the empty text', 'v text', `(null)`, `('')`],
    ['an empty bytea and NULL', 'v bytea', `('')`, `(null)`],
    ['bytea that differ in their last byte', 'v bytea', `('\\x0001')`, `('\\x0002')`],
    ['numbers whose halves fold to the same', 'v bigint', '(-1)', '(4294967295)'],
    ['times whose halves fold to the same', 'v timestamp with time zone', `('2000-01-01')`, `('2000-01-01 01:11:34.967297')`],
    ['the zeros of a float', 'v double precision', `('-0')`, `('0')`],
    ['neighbours among floats', 'v double precision', '(0.1)', '(0.10000000000000002)'],
    ['infinity and its opposite', 'v timestamp with time zone', `('infinity')`, `('-infinity')`],
    ['numbers that are equal with another scale', 'v numeric', '(1.0)', '(1.00)'],
    ['intervals that are equal', 'v interval', `('1 month')`, `('30 days')`],
    ['documents that are equal', 'v jsonb', `('{"a": 1.0}')`, `('{"a": 1.00}')`],
    ['values that changed places between two rows', 'id integer, v text', `(1, 'a'), (2, 'b')`, `(1, 'b'), (2, 'a')`],
    ['values that changed places between two columns', 'v text, w text', `('a', 'b')`, `('b', 'a')`],
    ['NULL that changed places', 'v integer, w integer', '(1, null)', '(null, 1)'],
    ['text that moved over the border of a column', 'v text, w text', `('ab', 'c')`, `('a', 'bc')`],
    ['a row that is there twice, and another twice', 'v integer', '(1), (1), (2)', '(1), (2), (2)'],
    ['a row of nothing and none', 'v text, w integer', '(null, null), (null, null)', '(null, null)'],
  ])('tells %s apart', async (_what, definition, one, other) => {
    await inSession(async (client) => {
      expect(await content(client, definition, one)).not.toBe(await content(client, definition, other));
    });
  });
});

test('two texts that their column takes for equal do not count as one', async () => {
  await inSession(async (client) => {
    await client.query(`create collation public.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    await client.query(`create temp table one (v text collate public.blind); insert into one values ('Ase')`);
    await client.query(`create temp table other (v text collate public.blind); insert into other values ('ase')`);
    expect((await client.query('select from one join other using (v)')).rowCount).toBe(1);
    const [one, other] = [
      await contentOf(client, 'one', columnsOf('v text')),
      await contentOf(client, 'other', columnsOf('v text')),
    ];
    expect(one.content).not.toBe(other.content);
  });
});

const formulaOfFormat1 =
  'sum over all rows of hashtextextended(row(<columns by name>)::text collate "C", 0), with datestyle \'ISO, YMD\', intervalstyle postgres, timezone UTC, extra_float_digits 3, bytea_output hex, lc_monetary C, encoding UTF8';

describe('a table file', () => {
  test.each([
    [
      'of one column, with lines that mean something to COPY',
      'v text',
      `('\\.'), (null), (''), ('"'), (E'a\\\\.'), (E'\\\\.\\n'), ('a,b')`,
    ],
    ['of rows longer than a piece', 'id integer, v text', `(1, repeat('x', 300000)), (2, null), (3, repeat(E'"\\n', 400000))`],
    ['of many short rows', 'v integer', Array.from({ length: 5000 }, (_, i) => `(${i % 7 ? i : 'null'})`).join()],
    ['without rows', 'v integer, w text', ''],
  ])('%s comes with the number that is counted on the table, and reads as the same rows', async (_what, definition, rows) => {
    await withSession(database.operatorUrl, 'tests', async (client) => {
      const table = { schema: 'files', name: 'it', columns: columnsOf(definition) };
      await client.query(`drop schema if exists files cascade; create schema files; create table files.it (${definition})`);
      if (rows) await client.query(`insert into files.it values ${rows}`);
      await client.query(`begin; ${plainTextSettings}`);
      const path = join(folder, `${Math.random()}.csv.gz`);
      const { bytes, sha256, ...written } = await writeTableFile(client, table, path, 3);
      expect(await contentOf(client, 'files.it', table.columns)).toEqual(written);
      const text = gunzipSync(await readFile(path)).toString('utf8');
      expect(text.startsWith(`${table.columns.map(({ name }) => name).join()}\n`)).toBe(true);
      await client.query('create temp table again (like files.it)');
      expect(await readTableFile(client, 'pg_temp.again', table.columns, path)).toBe(written.rows);
      expect(await contentOf(client, 'pg_temp.again', table.columns)).toEqual(written);
      expect([bytes, sha256.length]).toEqual([(await readFile(path)).length, 64]);
    });
  });

  test('of a table that can not be read ends with the server’s error, and the session goes on', async () => {
    await withSession(database.operatorUrl, 'tests', async (client) => {
      const table = { schema: 'nowhere', name: 'it', columns: columnsOf('v text') };
      await expect(writeTableFile(client, table, join(folder, 'none.csv.gz'), 3)).rejects.toMatchObject({ code: '42P01' });
      // An error in the middle of the rows.
      await client.query(`create temp view broken as select 1 / (5000 - n) as v from generate_series(1, 9000) n`);
      const broken = { schema: 'pg_temp', name: 'broken', columns: columnsOf('v integer') };
      await expect(writeTableFile(client, broken, join(folder, 'half.csv.gz'), 3)).rejects.toMatchObject({ code: '22012' });
      expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    });
  });
});
