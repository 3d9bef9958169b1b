import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { ImportOptions } from '@bailiwick/database/import/importData';
import { importData } from '@bailiwick/database/import/importData';
import { loadMapping, parseMapping } from '@bailiwick/database/import/loadMapping';
import type { ImportReport } from '@bailiwick/database/import/report';
import { withSession } from '@bailiwick/database/setup/connect';
import { parse } from 'csv-parse/sync';
import { createTestDatabase } from '../../tests/support/database.js';
import { liftGuard } from '../../tests/support/guard.js';
import type { TestDatabase } from '../../tests/support/database.js';

/** A database and a folder of its own for one test file about imports. */
export interface ImportBench {
  database: TestDatabase;
  folder: string;
  query: <Row extends Record<string, unknown>>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Writes CSV files into a new folder and returns its path. */
  files: (files: Record<string, string | Buffer>) => Promise<string>;
  /** Imports after a shipped mapping (a name) or one written in the test (its YAML). */
  run: (mapping: string, from: string, options?: Partial<ImportOptions>) => Promise<ImportReport>;
  close: () => Promise<void>;
}

export async function openImportBench(): Promise<ImportBench> {
  const database = await createTestDatabase();
  await liftGuard(database.operatorUrl);
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-import-'));
  let folders = 0;
  return {
    database,
    folder,
    query: async (sql, values) =>
      withSession(database.operatorUrl, 'tests', async (client) => (await client.query(sql, values)).rows),
    files: async (files) => {
      const place = await mkdtemp(join(folder, `files-${folders++}-`));
      for (const [name, content] of Object.entries(files)) await writeFile(join(place, name), content);
      return place;
    },
    run: async (mapping, from, options = {}) =>
      importData({
        operatorUrl: database.operatorUrl,
        mapping: mapping.includes('\n') ? parseMapping('test', mapping) : loadMapping(mapping),
        from,
        ...options,
      }),
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await database.drop();
    },
  };
}

/** A mapping with one file and one table. */
export const units = `
title: Units
sources: { units: { file: units.csv } }
targets:
  - name: units
    table: public.org_units
    from: units
    key: code
    columns:
      code: code
      name: name
      description: { column: description, optional: true }
      is_active: { column: active, optional: true }
      parent_id: { column: parent, optional: true, lookup: { table: public.org_units, by: [code, name] } }
`;

/** What an import that must fail says. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

/** The rows of a rejects file, by column name. */
export function readRejects(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

/** inserted/changed/unchanged of a target. */
export function counts(report: ImportReport, target: string): [number, number, number] {
  const found = report.targets.find((each) => each.name === target);
  if (!found) throw new Error(`The report has no target ${target}.`);
  return [found.inserted, found.changed, found.unchanged];
}
