import { readdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsFolder } from '@bailiwick/database/migrate/files';
import { withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

/** The names of the migrations that the project has, and the number of the next one. */
export const shipped = readdirSync(migrationsFolder)
  .filter((name) => name.endsWith('.sql'))
  .sort();
export const next = String(shipped.length + 1).padStart(3, '0');

const folders: string[] = [];
const databases: TestDatabase[] = [];

afterAll(async () => {
  await Promise.all(folders.map(async (folder) => rm(folder, { recursive: true })));
  await Promise.all(databases.map(async (database) => database.drop()));
});

/** The shipped migrations with files added, exchanged, or (null) left out. */
export async function folderWith(files: Record<string, string | null>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-migrations-'));
  folders.push(folder);
  await Promise.all(
    shipped.filter((name) => !(name in files)).map(async (name) => copyFile(join(migrationsFolder, name), join(folder, name))),
  );
  for (const [name, sql] of Object.entries(files)) if (sql !== null) await writeFile(join(folder, name), sql);
  return folder;
}

/** A migrated database, dropped when the test file ends. */
export async function migrated(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  return database;
}

/** A database before `db init`, dropped when the test file ends. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  databases.push(database);
  return database;
}

/** A database without migrations, dropped when the test file ends. */
export async function initialised(): Promise<TestDatabase> {
  const database = await emptyDatabase();
  await initialiseDatabase(database);
  return database;
}

/** The rows of a statement of the operator. */
export async function rows<T extends object>(database: TestDatabase, sql: string): Promise<T[]> {
  return withSession(database.operatorUrl, 'tests', async (client) => (await client.query<T>(sql)).rows);
}
