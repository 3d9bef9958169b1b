import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { exportData } from '@bailiwick/database/export/exportData';
import type { ExportOptions } from '@bailiwick/database/export/exportData';
import { importData } from '@bailiwick/database/import/importData';
import { loadMapping } from '@bailiwick/database/import/loadMapping';
import { withSession } from '@bailiwick/database/setup/connect';
import { parse } from 'csv-parse/sync';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf } from './backupSupport.js';
import { createNastyDatabase } from './exportSupport.js';

// Hundreds of statements and three databases: more than the usual minute where others work beside.
jest.setTimeout(240_000);

const seed = Number(process.env['EXPORT_SEED'] ?? Date.now() % 1_000_000);
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createNastyDatabase(seed);
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-export-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = async (options: Partial<ExportOptions> = {}) =>
  exportData({ ...database, folder: join(folder, 'all'), kind: 'csv', ...options });

const importFrom = async (target: TestDatabase, path: string) =>
  importData({
    operatorUrl: target.operatorUrl,
    mapping: loadMapping(join(path, 'export.yaml')),
    from: path,
    rejectsFile: join(folder, 'rejects.csv'),
  });

/** A migrated database that knows the same roles. */
async function emptyDatabase(): Promise<TestDatabase> {
  const empty = await createTestDatabase();
  const roles = await query(database, 'select * from identity.roles');
  await withSession(empty.operatorUrl, 'tests', async (client) =>
    client.query(
      'insert into identity.roles select * from json_populate_recordset(null::identity.roles, $1) on conflict do nothing',
      [JSON.stringify(roles)],
    ),
  );
  return empty;
}

async function query(target: TestDatabase, sql: string): Promise<Record<string, unknown>[]> {
  return withSession(target.operatorUrl, 'tests', async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}

describe(`an export of CSV files (EXPORT_SEED=${seed})`, () => {
  test('comes back by import with the same content of every table, and a second import changes nothing', async () => {
    const { path, manifest } = await run();
    const before = await contentsOf(database.operatorUrl);
    const empty = await emptyDatabase();
    try {
      const report = await importFrom(empty, path);
      expect({ rejected: report.rejectedRows, examples: report.examples }).toEqual({ rejected: 0, examples: [] });
      expect(await contentsOf(empty.operatorUrl)).toEqual(before);
      // What the export says of itself is the same number.
      expect(
        Object.fromEntries(manifest.tables.map((table) => [`${table.schema}.${table.name}`, `${table.rows} ${table.content}`])),
      ).toEqual(before);
      for (const { rows } of manifest.tables) expect(rows).toBeGreaterThan(0);

      const again = await importFrom(empty, path);
      expect(again.targets.map(({ inserted, changed }) => inserted + changed)).toEqual(again.targets.map(() => 0));
      expect(await contentsOf(empty.operatorUrl)).toEqual(before);
    } finally {
      await empty.drop();
    }
  });

  test('is read by any reader of CSV, and no value is altered', async () => {
    const { path, manifest } = await run();
    for (const { schema, name, file, columns, rows } of manifest.tables) {
      const bytes = await readFile(join(path, file));
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const [header, ...records] = parse(bytes, { bom: true });
      expect(header).toEqual(columns.map((column) => column.name));
      expect(records).toHaveLength(rows);
      const texts = columns.flatMap((column, i) => (column.type === 'text' ? [{ ...column, i }] : []));
      const found = await query(
        database,
        `select ${texts.map((column) => `"${column.name}"`).join(', ') || 'null'} from "${schema}"."${name}"
         order by ${manifest.tables
           .find((table) => table.file === file)!
           .primaryKey.map((key) => `"${key}"::text collate "C"`)
           .join(', ')}`,
      );
      expect(records.map((record) => texts.map(({ i }) => record[i]))).toEqual(
        found.map((row) => texts.map((column) => row[column.name] ?? '')),
      );
    }
    expect(await readFile(join(path, 'public.people.csv'), 'utf8')).toMatch(/,true,/);
  });

  test('tells NULL and the empty text apart, in bytes', async () => {
    await query(
      database,
      `update public.notifications set message = '', link = null where id = (select min(id::text)::uuid from public.notifications)`,
    );
    const { path } = await run({ onlySchema: 'public' });
    const text = await readFile(join(path, 'public.notifications.csv'), 'utf8');
    expect(text).toContain(',"",,');
  });

  test('is the same bytes twice, and replaces the older one whole', async () => {
    const bytesOf = async (path: string) =>
      Promise.all(
        (await readdir(path))
          .filter((name) => name.endsWith('.csv'))
          .map(async (name) => [name, (await readFile(join(path, name))).toString('hex')]),
      );
    const { path } = await run();
    const before = await bytesOf(path);
    const second = await run();
    expect(second.path).toBe(path);
    expect(await bytesOf(path)).toEqual(before);
    expect((await run({ kind: 'sql' })).path).toBe(path);
    expect((await readdir(path)).sort()).toEqual(['README.md', 'data.sql', 'export.json']);
    expect((await readdir(folder)).filter((name) => name.startsWith('all'))).toEqual(['all']);
  });

  test('of one schema has that schema alone, and comes back where the shared rows are', async () => {
    const { path: shared } = await run({ folder: join(folder, 'public'), onlySchema: 'public' });
    const { path, manifest } = await run({ folder: join(folder, 'audit'), onlySchema: 'audit_system' });
    expect(new Set(manifest.tables.map(({ schema }) => schema))).toEqual(new Set(['audit_system']));
    const empty = await emptyDatabase();
    try {
      // Without the shared rows, those that refer to them are rejected one by one, and nothing is made up.
      const alone = await importFrom(empty, path);
      expect(alone.rejectedRows).toBeGreaterThan(0);
      expect(new Set(alone.examples.map(({ code }) => code))).toEqual(new Set(['REFERENCE_MISSING']));
      await importFrom(empty, shared);
      const report = await importFrom(empty, path);
      expect({ rejected: report.rejectedRows, examples: report.examples }).toEqual({ rejected: 0, examples: [] });
      const schemas = ['public', 'audit_system'];
      expect(await contentsOf(empty.operatorUrl, schemas)).toEqual(await contentsOf(database.operatorUrl, schemas));
    } finally {
      await empty.drop();
    }
  });

  test('shows one moment: what is written while it runs is in all of its tables or in none', async () => {
    const unit = `insert into public.org_units (id, code, name) values (gen_random_uuid(), 'W' || nextval('pg_temp.n'), 'written meanwhile') returning id`;
    let isDone = false;
    const writer = withSession(database.operatorUrl, 'tests', async (client) => {
      await client.query('create temp sequence n');
      while (!isDone) {
        await client.query(
          `with u as (${unit}) insert into public.people (id, full_name, org_unit_id) select gen_random_uuid(), 'written meanwhile', id from u`,
        );
      }
    });
    try {
      for (let round = 0; round < 5; round++) {
        const { path } = await run({ folder: join(folder, 'moment'), onlySchema: 'public' });
        const count = async (file: string) => (await readFile(join(path, file), 'utf8')).split('written meanwhile').length;
        expect(await count('public.people.csv')).toBe(await count('public.org_units.csv'));
      }
    } finally {
      isDone = true;
      await writer;
    }
  });

  test('rejects a role that the database does not know, by name', async () => {
    const { path } = await run();
    const empty = await createTestDatabase();
    try {
      const report = await importFrom(empty, path);
      expect(report.examples[0]).toMatchObject({ file: 'public.people.csv', column: 'roles', code: 'ROLE_UNKNOWN' });
      expect(report.examples[0]!.reason).toContain('"say "no", {now}\\" is no role of identity.roles');
    } finally {
      await empty.drop();
    }
  });
});
