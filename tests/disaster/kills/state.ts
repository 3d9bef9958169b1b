import { createHash } from 'node:crypto';
import { plainTextSettings, quotedTable, readTables, tableName } from '@bailiwick/database/backup/catalogue';
import { contentOf } from '@bailiwick/database/backup/content';
import { readDefinitions } from '@bailiwick/database/backup/definitions';
import { withSession } from '@bailiwick/database/setup/connect';

const schemas = ['public', 'case_management', 'audit_system', 'identity'];

/** What a database holds: a line for each table with its rows and content, and one for all definitions. */
export type State = readonly string[];

/** Two states are one when nothing differs. */
export const sameState = (one: State, other: State): boolean => one.join('\n') === other.join('\n');

/** The lines that only one of two states has. */
export function difference(one: State, other: State): string[] {
  return [
    ...one.filter((line) => !other.includes(line)).map((line) => `- ${line}`),
    ...other.filter((line) => !one.includes(line)).map((line) => `+ ${line}`),
  ];
}

/**
 * Reads the state of a database: rows and content of every table, what makes them (columns, rules, policies, rights) and the recorded migrations.
 * The values of sequences are left out: they are not part of a transaction, and a gap in the numbers harms nobody.
 * @param ignoring columns that say when a row was written, where that is another moment in every run.
 */
export async function databaseState(url: string, ignoring: readonly string[] = []): Promise<State> {
  return withSession(url, 'state', async (client) => {
    await client.query('begin isolation level repeatable read read only');
    await client.query(plainTextSettings);
    const lines: string[] = [];
    for (const table of await readTables(client, schemas)) {
      const columns = table.columns.filter(({ name }) => !ignoring.includes(name));
      const { rows, content } = await contentOf(client, quotedTable(table), columns);
      lines.push(`${tableName(table)}: ${rows} rows, content ${content}`);
    }
    const definitions = await readDefinitions(client, schemas);
    const hash = createHash('sha256').update(
      definitions
        .map(({ sql }) => sql)
        .sort()
        .join('\n'),
    );
    lines.push(`${definitions.length} definitions: ${hash.digest('hex')}`);
    const { rows: record } = await client.query<{ found: string | null }>(
      `select to_regclass('guard.migrations')::text as found`,
    );
    if (record[0]?.found) {
      const { rows } = await client.query<{ name: string }>('select name from guard.migrations order by number');
      lines.push(`migrations: ${rows.map(({ name }) => name).join(', ')}`);
    }
    return lines.sort();
  });
}
