import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { plainTextSettings } from '@bailiwick/database/backup/catalogue';
import { checkFiles } from '@bailiwick/database/backup/checkFiles';
import { readManifest, sha256Of } from '@bailiwick/database/backup/manifest';
import type { Backup, Manifest } from '@bailiwick/database/backup/manifest';
import { proveBackup } from '@bailiwick/database/backup/proveBackup';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave } from './backupSupport.js';

jest.setTimeout(300_000);

/** As the manifests of format 1 have it, word for word. */
const formulaOfFormat1 =
  'sum over all rows of hashtextextended(row(<columns by name>)::text collate "C", 0), with datestyle \'ISO, YMD\', intervalstyle postgres, timezone UTC, extra_float_digits 3, bytea_output hex, lc_monetary C, encoding UTF8';

let folder: string;
let database: TestDatabase;
/** Of today, turned into what the version before would have written: only the formula and its numbers differ. */
let old: Backup;

/** The content of a table as format 1 counted it, in words of its own. */
async function contentOfFormat1({ schema, name, columns }: Manifest['tables'][number]): Promise<string> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(`begin; ${plainTextSettings}`);
    const names = columns.map((column) => `"${column.name}"`).sort();
    const { rows } = await client.query<{ content: string }>(
      `select coalesce(sum(hashtextextended((row(${names.join(', ')})::text collate "C"), 0)), 0)::text as content from "${schema}"."${name}"`,
    );
    return rows[0]!.content;
  });
}

async function rewritten(name: string, change: (manifest: Manifest) => Promise<Partial<Manifest>>): Promise<Backup> {
  const { path, manifest } = old;
  const other = join(folder, 'backups', name);
  await cp(path, other, { recursive: true });
  const text = JSON.stringify({ ...manifest, ...(await change(manifest)) });
  await writeFile(join(other, 'manifest.json'), text);
  await writeFile(join(other, 'manifest.sha256'), `${sha256Of(text)}  manifest.json\n`);
  return readManifest(other);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-format1-'));
  database = await createDatabaseToSave();
  old = await takeBackup({ ...database, folder: join(folder, 'backups') });
  old = await rewritten('20260101T000000000Z', async ({ tables }) => ({
    format: 1,
    contentFormula: formulaOfFormat1,
    tables: await Promise.all(tables.map(async (table) => ({ ...table, content: await contentOfFormat1(table) }))),
  }));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('a backup of format 1', () => {
  test('is verified and proven', async () => {
    expect(JSON.parse(await readFile(join(old.path, 'manifest.json'), 'utf8'))).toMatchObject({ format: 1 });
    expect((await checkFiles(old)).files).toBeGreaterThan(20);
    const proof = await proveBackup(old);
    expect(proof.tables).toBe(old.manifest.tables.length);
  });

  test('is restored, held against what stands, and brings single rows back', async () => {
    const target = await createEmptyDatabase();
    try {
      const whole = (report: Awaited<ReturnType<typeof restoreBackup>>): void => {
        expect(report.notBroughtBack).toEqual([]);
        expect(report.tables.filter(({ isContentEqual }) => !isContentEqual)).toEqual([]);
      };
      whole(await restoreBackup({ ...target, backup: old }));
      expect(await contentsOf(target.operatorUrl)).toEqual(await contentsOf(database.operatorUrl));
      const again = await restoreBackup({ ...target, backup: old });
      whole(again);
      expect(again.tables.map(({ broughtBack }) => broughtBack)).toEqual(again.tables.map(() => 0));
      await withSession(target.operatorUrl, 'tests', async (client) =>
        client.query(`delete from case_management.tasks where id = (select min(id::text)::uuid from case_management.tasks)`),
      );
      const rows = await restoreBackup({ ...target, backup: old });
      whole(rows);
      expect(rows.tables.find(({ table }) => table === 'case_management.tasks')?.broughtBack).toBe(1);
    } finally {
      await target.drop();
    }
  });

  test('whose rows are not those that were counted is refused', async () => {
    const wrong = await rewritten('20260102T000000000Z', async ({ tables }) => ({
      tables: tables.map((table) => (table.name === 'tasks' ? { ...table, content: '1' } : table)),
    }));
    const target = await createEmptyDatabase();
    try {
      await expect(restoreBackup({ ...target, backup: wrong })).rejects.toMatchObject({
        code: 'RESTORE_FAILED',
        message: expect.stringContaining('case_management.tasks gave') as string,
      });
    } finally {
      await target.drop();
    }
  });
});
