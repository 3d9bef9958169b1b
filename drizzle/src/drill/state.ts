import type { Client } from 'pg';
import { plainTextSettings, quotedTable, readTables, savedSchemas, tableName } from '../backup/catalogue.js';
import type { TableShape } from '../backup/catalogue.js';
import { contentOfRow } from '../backup/content.js';
import { identityOf, readDefinitions } from '../backup/definitions.js';
import { withSession } from '../setup/connect.js';
import { writerMark } from './writers.js';

/** By what it is: the content of each table, and the statement of each definition. */
export type State = ReadonlyMap<string, string>;

/** The content of every table but for what writers write, and every definition: tables, policies, foreign keys, grants. */
export async function stateOf(operatorUrl: string): Promise<State> {
  return withSession(operatorUrl, 'drill', async (client) => {
    await client.query('begin isolation level repeatable read read only');
    await client.query(plainTextSettings);
    const schemas = savedSchemas.filter((schema) => schema !== 'guard');
    const state = new Map<string, string>();
    for (const table of await readTables(client, schemas)) {
      state.set(`content of ${tableName(table)}`, await contentWithoutWriters(client, table));
    }
    for (const one of await readDefinitions(client, schemas)) state.set(`definition ${identityOf(one)}`, one.sql);
    await client.query('rollback');
    return state;
  });
}

async function contentWithoutWriters(client: Client, table: TableShape): Promise<string> {
  const isWritten = table.columns.some(({ name }) => name === 'title');
  const { rows } = await client.query<{ state: string }>(
    `/* db:drill */ select count(*) || ' rows, ' || coalesce(sum(${contentOfRow(table.columns)}), 0) as state
     from ${quotedTable(table)} ${isWritten ? `where title not like '${writerMark}%'` : ''}`,
  );
  return rows[0]?.state ?? 'nothing';
}

/** What is not as it was. */
export function differences(before: State, after: State): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: was ${before.get(name) ?? 'not there'}, is ${after.get(name) ?? 'not there'}`);
}
