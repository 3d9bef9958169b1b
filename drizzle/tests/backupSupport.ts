import { spawn } from 'node:child_process';
import { passwordKey } from '@bailiwick/database/config';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import { withSession } from '@bailiwick/database/setup/connect';
import { plainTextSettings, quotedTable, readTables, tableName } from '@bailiwick/database/backup/catalogue';
import { contentOf } from '@bailiwick/database/backup/content';
import { createSampleDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { nodeArguments } from '../../tests/support/programs.js';

/** A database with the sample data, and values that are easily lost on the way: NULL and '', quotes, line breaks, `\.`. */
export async function createDatabaseToSave(): Promise<TestDatabase> {
  const database = await createSampleDatabase();
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(
      `update case_management.legal_cases c set description = v.text, matter_type = v.other from (values (1, '', null), (2, null, ''),
         (3, E'a "quoted" text,\r\nof two lines;\t\\\\.', E'\\\\N'), (4, E'\\\\.', 'NULL'), (5, E'\u2028 \u00e4\U0001F600', '""')) v (n, text, other)
       where c.id = (select id from case_management.legal_cases order by id limit 1 offset v.n)`,
    );
  });
  return database;
}

/** Rows and the number for the content of each table of the schemas. */
export async function contentsOf(
  url: string,
  schemas = ['public', 'case_management', 'audit_system', 'identity'],
): Promise<Record<string, string>> {
  return withSession(url, 'tests', async (client) => {
    await client.query('begin read only');
    await client.query(plainTextSettings);
    const found: [string, string][] = [];
    for (const table of await readTables(client, schemas)) {
      const { rows, content } = await contentOf(client, quotedTable(table), table.columns);
      found.push([tableName(table), `${rows} ${content}`]);
    }
    return Object.fromEntries(found.sort());
  });
}

/** The environment of a db command on a database; nothing else of Bailiwick is in it. */
export function environmentOf(database: TestDatabase, dataDir: string): NodeJS.ProcessEnv {
  const bare = Object.entries(process.env).filter(([key]) => !key.startsWith('BAILIWICK_') && key !== 'DATABASE_URL');
  const passwords = loginRoles.map((role) => [passwordKey(role), database.credentials.roles[role] ?? '']);
  return { ...Object.fromEntries([...bare, ...passwords]), DATABASE_URL: database.operatorUrl, BAILIWICK_DATA_DIR: dataDir };
}

/** Starts the db command. */
export function startDb(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [...nodeArguments('drizzle/src/main.ts'), ...args], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs the db command to its end. */
export const db = async (args: readonly string[], env: NodeJS.ProcessEnv) => startDb(args, env).ended;
