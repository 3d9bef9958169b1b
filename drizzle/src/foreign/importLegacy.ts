import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { plainTextSettings, quotedTable, readForeignKeys, readTables, savedSchemas, tableName } from '../backup/catalogue.js';
import { contentOf } from '../backup/content.js';
import { importData } from '../import/importData.js';
import type { Mapping } from '../import/mappingSchema.js';
import type { Progress } from '../import/progress.js';
import type { ImportReport } from '../import/report.js';
import { quoteName } from '../import/sql.js';
import { migrateDatabase } from '../migrate/migrate.js';
import { withSession } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { initialiseDatabase } from '../setup/init.js';
import { legacyMapping } from './legacy.js';

export interface LegacyOptions {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** The folder of the CSV files. */
  readonly from: string;
  readonly isDryRun?: boolean;
  readonly allOrNothing?: boolean;
  readonly rejectsFile?: string;
  readonly onStep: (sentence: string) => void;
  readonly progress: Progress;
}

export interface ImportedTable {
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** Rows that are there with another content than the files have; they are left as they are. */
  readonly differing: number;
  /** Whether the table holds exactly what it held before. */
  readonly isContentEqual: boolean;
}

export interface LegacyReport {
  readonly made: string[];
  readonly imported: ImportReport;
  /** Every table that the mapping fills. */
  readonly tables: ImportedTable[];
  readonly foreignKeys: number;
}

/** Whether the database has the tables of both systems. */
export async function isMade(operatorUrl: string): Promise<boolean> {
  return withSession(operatorUrl, 'restore', async (client) => {
    const tables = [...new Set(legacyMapping().targets.map(({ table }) => table))];
    const { rows } = await client.query<{ made: boolean }>(
      `select bool_and(to_regclass(name) is not null) as made from unnest($1::text[]) as name`,
      [tables.map(quoteName)],
    );
    return rows[0]?.made === true;
  });
}

/** Whether the database has any table of ours: then something is there that a restore must look at. */
export async function hasTables(operatorUrl: string): Promise<boolean> {
  return withSession(operatorUrl, 'restore', async (client) => (await readTables(client, savedSchemas)).length > 0);
}

/**
 * Brings the tables of the older databases in: schema, shared tables, case management and audit are made where the database is new; then the rows in the
 * order of their foreign keys, in one transaction; then every foreign key is looked through once more. Rows that are there stay as they are; those that
 * differ are counted. A second run changes nothing.
 * @throws what importData and migrateDatabase throw; RESTORE_FAILED when a foreign key does not hold.
 */
export async function importLegacy(options: LegacyOptions): Promise<LegacyReport> {
  const { operatorUrl, credentials, from, isDryRun = false, allOrNothing, rejectsFile, onStep, progress } = options;
  const made: string[] = [];
  if (!(await isMade(operatorUrl))) {
    await initialiseDatabase({ operatorUrl, credentials, onStep });
    made.push('roles, schemas, identity and guard');
    const { applied } = await migrateDatabase({ operatorUrl, credentials, onStep });
    made.push(...applied);
  }
  const before = await contents(operatorUrl);
  const mapping = legacyMapping();
  onStep(`Importing the rows after the mapping ${mapping.name}${isDryRun ? ' (dry run: nothing will stay)' : ''}.`);
  const filled = new Set(mapping.targets.map(({ table }) => table));
  const hasRows = [...before].some(([table, { rows }]) => filled.has(table) && rows > 0);
  // What an import would change is what differs.
  const compared = hasRows ? await importData({ operatorUrl, mapping, from, isDryRun: true }) : undefined;
  const imported = await importData({
    operatorUrl,
    mapping: keeping(mapping),
    from,
    isDryRun,
    allOrNothing,
    rejectsFile,
    progress,
  });
  const after = await contents(operatorUrl);
  const tables = [...after]
    .filter(([table]) => filled.has(table))
    .map(([table, { rows, content }]) => ({
      table,
      rowsBefore: before.get(table)?.rows ?? 0,
      rowsAfter: rows,
      differing: (compared?.targets ?? []).reduce((sum, one) => sum + (one.table === table ? one.changed : 0), 0),
      isContentEqual: before.get(table)?.content === content && before.get(table)?.rows === rows,
    }))
    .sort((a, b) => a.table.localeCompare(b.table));
  return { made, imported, tables, foreignKeys: await withSession(operatorUrl, 'restore', lookThroughForeignKeys) };
}

/** A restore overwrites nothing: whoever wants what the files say uses `db import`. */
const keeping = (mapping: Mapping): Mapping => ({
  ...mapping,
  targets: mapping.targets.map((target) => ({ ...target, existing: 'keep' })),
});

async function contents(operatorUrl: string): Promise<Map<string, { rows: number; content: string }>> {
  return withSession(operatorUrl, 'restore', async (client) => {
    await client.query('begin isolation level repeatable read read only');
    await client.query(plainTextSettings);
    const found = new Map<string, { rows: number; content: string }>();
    for (const table of await readTables(client, savedSchemas)) {
      found.set(tableName(table), await contentOf(client, quotedTable(table), table.columns));
    }
    await client.query('commit');
    return found;
  });
}

/** Returns how many there are. */
async function lookThroughForeignKeys(client: Client): Promise<number> {
  const keys = await readForeignKeys(client, savedSchemas);
  for (const key of keys) {
    const child = quotedTable({ schema: key.schema, name: key.table });
    const parent = quotedTable({ schema: key.toSchema, name: key.toTable });
    const pairs = key.columns.map((column, i) => `p.${quoteName(key.toColumns[i] ?? '')} = c.${quoteName(column)}`);
    const present = key.columns.map((column) => `c.${quoteName(column)} is not null`);
    const { rows } = await client.query<{ orphans: string }>(
      `select count(*) as orphans from ${child} c where ${present.join(' and ')} and not exists (select from ${parent} p where ${pairs.join(' and ')})`,
    );
    if (rows[0]?.orphans === '0') continue;
    throw new AppError(
      'RESTORE_FAILED',
      `${rows[0]?.orphans} rows of ${key.schema}.${key.table} break foreign key ${key.name}.`,
      {
        hint: 'That key was made NOT VALID, or switched off: mend the rows, then ALTER TABLE … VALIDATE CONSTRAINT.',
      },
    );
  }
  return keys.length;
}
