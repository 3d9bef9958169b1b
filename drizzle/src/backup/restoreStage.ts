import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { quotedTable, tableName } from './catalogue.js';
import { contentOf } from './content.js';
import type { Backup, SavedDefinition, SavedForeignKey, SavedTable } from './manifest.js';
import { isAboutTheStatement } from './restoreSessions.js';
import type { RestoreSession } from './restoreSessions.js';
import { readTableFile } from './tableFile.js';

/** A foreign key of a table that is rebuilt. */
export interface RebuiltKey {
  readonly key: SavedForeignKey;
  /** Adds it, not yet validated, to the table where it stands now. Null when that can't be said: it is made last then. */
  readonly sql: string | null;
  /** It was not validated when it was saved either: rows that contradict it come back. */
  readonly wasLoose: boolean;
  isAdded: boolean;
  isValid: boolean;
}

/** A table that the database lacks. It is made outside the guarded schemas and moved into its own one when all is ready. */
export interface RebuiltTable {
  readonly saved: SavedTable;
  readonly definitions: readonly SavedDefinition[];
  readonly owner: string | null;
  readonly stage: { readonly schema: string; readonly name: string };
  readonly keys: readonly RebuiltKey[];
}

const stagePrefix = 'bailiwick_restore_';

/** One staging schema for each of ours: tables of one name stand in several. Named after the backup, so that a next run knows what it finds. */
const stageSchema = ({ manifestChecksum }: Backup, schema: string, isDryRun: boolean): string =>
  `${stagePrefix}${isDryRun ? 'dry_run' : manifestChecksum.slice(0, 12)}_${schema}`;

/** The staging schemas that a restore of this backup makes. */
export const stageSchemas = (backup: Backup): string[] =>
  backup.manifest.schemas.map((schema) => stageSchema(backup, schema, false));

/** What is to be rebuilt, largest first: what takes longest begins first. */
export function planRebuild(
  backup: Backup,
  missing: readonly SavedDefinition[],
  scope: ReadonlySet<string>,
  isDryRun: boolean,
): RebuiltTable[] {
  const { manifest } = backup;
  const planned: RebuiltTable[] = [];
  for (const saved of manifest.tables.filter(({ schema }) => scope.has(schema))) {
    const definitions = missing.filter(({ schema, table }) => schema === saved.schema && table === saved.name);
    const made = definitions.find(({ kind }) => kind === 'table');
    if (!made) continue;
    const stage = { schema: stageSchema(backup, saved.schema, isDryRun), name: saved.name };
    const keys = manifest.foreignKeys
      .filter((key) => key.schema === saved.schema && key.table === saved.name)
      .map((key) => keyOf(key, saved, stage, definitions));
    planned.push({ saved, definitions, owner: made.owner, stage, keys });
  }
  return planned.sort((a, b) => b.saved.file.bytes - a.saved.file.bytes);
}

function keyOf(
  key: SavedForeignKey,
  saved: SavedTable,
  stage: RebuiltTable['stage'],
  definitions: readonly SavedDefinition[],
): RebuiltKey {
  const definition = definitions.find(({ kind, name }) => kind === 'foreign key' && name === key.name);
  const wasLoose = / not valid$/i.test(definition?.sql ?? '');
  const moved = definition && onStage(definition.sql, saved, stage);
  return {
    key,
    sql: moved ? (wasLoose ? moved : `${moved} not valid`) : null,
    wasLoose,
    isAdded: false,
    isValid: false,
  };
}

/** How a name may stand in a statement that PostgreSQL wrote. */
const forms = ({ schema, name }: { schema: string; name: string }): string => {
  const both = (one: string): string => `(?:${escaped(one)}|${escaped(`"${one.replaceAll('"', '""')}"`)})`;
  return `${both(schema)}\\.${both(name)}`;
};
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The statement that makes a table, or a part of it, about its stage. Null when it begins as no such statement does. */
function onStage(sql: string, saved: { schema: string; name: string }, stage: { schema: string; name: string }): string | null {
  const opening = new RegExp(
    `^((?:create (?:unlogged )?table|alter table|create (?:unique )?index .+? on) )${forms(saved)}(?= )`,
    'is',
  );
  if (!opening.test(sql)) return null;
  return sql.replace(opening, (_all, words: string) => `${words}${quotedTable(stage)}`);
}

/** The same of a foreign key, whose other table may stand on a stage too. */
export const towardsStage = (sql: string, parent: { schema: string; name: string }, place: string): string =>
  sql.replace(new RegExp(`( references )${forms(parent)}(?=\\()`, 'i'), (_all, words: string) => `${words}${place}`);

/** @returns whether it worked. What is wrong with the statement is no failure: it is tried again in its own place, where all stands that it needs. */
async function attempt(client: Client, sql: string): Promise<boolean> {
  await client.query('savepoint attempt');
  try {
    await client.query(sql);
    await client.query('release savepoint attempt');
    return true;
  } catch (error) {
    if (!isAboutTheStatement(error)) throw error;
    await client.query('rollback to savepoint attempt; release savepoint attempt');
    return false;
  }
}

/**
 * ALTER TABLE takes several changes at once, and reads the rows once for all of them. Where that fails each is tried by itself.
 */
async function alterTable(client: Client, place: string, statements: readonly string[]): Promise<void> {
  const opening = `alter table ${place} `;
  const changes = statements.filter((sql) => sql.startsWith(opening)).map((sql) => sql.slice(opening.length));
  if (changes.length === 0 || (await attempt(client, opening + changes.join(', ')))) return;
  for (const change of changes) await attempt(client, opening + change);
}

/**
 * Makes a table on its stage with its rows, content checked, keys and indexes: whole in one transaction, or not at all.
 * @returns false when it can't be made here, because it needs what is not there yet (a type, say).
 * @throws RESTORE_FAILED when the rows are not those that were saved.
 */
export async function buildTable(
  session: RestoreSession,
  table: RebuiltTable,
  backup: Backup,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const { saved, stage, definitions, owner } = table;
  const place = quotedTable(stage);
  const here = (wanted: (one: SavedDefinition) => boolean): string[] =>
    definitions.filter(wanted).flatMap(({ sql }) => onStage(sql, saved, stage) ?? []);
  return session.transaction(async (client) => {
    const [create = ''] = here(({ kind }) => kind === 'table');
    if (!create || !(await attempt(client, `${create}; ${owner ? `alter table ${place} owner to ${quoteWhole(owner)}` : ''}`)))
      return false;
    await alterTable(
      client,
      place,
      here(({ kind }) => kind === 'default' || kind === 'column setting'),
    );
    // Made in this transaction, so nobody can have seen it empty: rows may come frozen, and no vacuum has to write them again.
    await readTableFile(client, place, saved.columns, join(backup.path, saved.file.path), onBytes, true);
    const found = await contentOf(client, place, saved.columns, backup.manifest.contentFormula);
    if (found.rows !== saved.rows || found.content !== saved.content) throw notWhatWasSaved(saved, found);
    await alterTable(
      client,
      place,
      here(({ kind }) => kind === 'constraint'),
    );
    for (const index of here(({ kind }) => kind === 'index')) await attempt(client, index);
    // Autovacuum does that within a minute or two, and nobody has to wait for it.
    if (!(await hasAutovacuum(client))) await client.query(`analyze ${place}`);
    return true;
  });
}

async function hasAutovacuum(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(
    `select current_setting('autovacuum')::boolean and current_setting('track_counts')::boolean as is`,
  );
  return rows[0]?.is ?? false;
}

export function notWhatWasSaved(saved: SavedTable, found: { rows: number; content: string }): AppError {
  return new AppError(
    'RESTORE_FAILED',
    `${tableName(saved)} gave ${found.rows} rows with content ${found.content}; saved were ${saved.rows} with ${saved.content}. Nothing was changed.`,
    { hint: 'Report this: the file is the one that was written, and still reads as something else.' },
  );
}

/**
 * Adds the foreign keys among rebuilt tables, without a look at the rows: that is done by validateKeys, by several sessions at once.
 */
export async function addKeysAmong(session: RestoreSession, rebuilt: readonly RebuiltTable[]): Promise<void> {
  await session.transaction(async (client) => {
    for (const table of rebuilt) {
      for (const one of table.keys) {
        const parent = rebuilt.find(({ saved }) => saved.schema === one.key.toSchema && saved.name === one.key.toTable);
        if (!parent || one.sql === null || one.isAdded) continue;
        one.isAdded = await attempt(client, towardsStage(one.sql, parent.saved, quotedTable(parent.stage)));
      }
    }
  });
}

/** Holds the rows of one table to its foreign keys. One that does not hold stays as it is, for the last step to find out why. */
export async function validateKeys(session: RestoreSession, table: RebuiltTable): Promise<void> {
  const open = table.keys.filter(({ isAdded, isValid, wasLoose }) => isAdded && !isValid && !wasLoose);
  if (open.length === 0) return;
  await session.transaction(async (client) => {
    const words = open.map(({ key }) => `validate constraint ${quoteWhole(key.name)}`);
    if (await attempt(client, `alter table ${quotedTable(table.stage)} ${words.join(', ')}`)) {
      for (const one of open) one.isValid = true;
    }
  });
}

/** A quoted name that keeps a dot inside it. */
export const quoteWhole = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface Leftover {
  readonly schema: string;
  readonly tables: readonly string[];
}

/** The staging schemas that restores left which were cut off. */
async function findLeftovers(client: Client): Promise<Leftover[]> {
  const { rows } = await client.query<Leftover>(
    `select n.nspname::text as schema, array(select c.relname::text from pg_class c where c.relnamespace = n.oid and c.relkind = 'r' order by 1) as tables
     from pg_namespace n where starts_with(n.nspname, $1) order by 1`,
    [stagePrefix],
  );
  return rows;
}

/**
 * Makes the staging schemas. What an earlier restore of this backup had loaded is kept where its rows are those of the backup; anything else goes.
 * @returns the tables that are there already.
 */
export async function prepareStage(
  session: RestoreSession,
  rebuilt: readonly RebuiltTable[],
  { manifest: { contentFormula } }: Backup,
  onStep: (sentence: string) => void,
): Promise<Set<RebuiltTable>> {
  const kept = new Set<RebuiltTable>();
  const dropped: string[] = [];
  for (const { schema, tables } of await findLeftovers(session.client)) {
    const wanted = rebuilt.filter(({ stage }) => stage.schema === schema);
    for (const name of tables) {
      const table = wanted.find(({ stage }) => stage.name === name);
      if (table && (await isWhole(session, table, contentFormula))) kept.add(table);
      else dropped.push(`${schema}.${name}`);
    }
    await session.transaction(async (client) => {
      if (wanted.length === 0) await client.query(`drop schema ${quoteWhole(schema)} cascade`);
      for (const name of tables) {
        const isKept = wanted.some((table) => table.stage.name === name && kept.has(table));
        if (wanted.length > 0 && !isKept) await client.query(`drop table ${quotedTable({ schema, name })} cascade`);
      }
    });
  }
  if (kept.size > 0)
    onStep(`An earlier restore of this backup was cut off: ${kept.size} tables that it had loaded are whole and taken up.`);
  if (dropped.length > 0) onStep(`Removed ${dropped.length} tables that a restore had left which was cut off.`);
  await session.transaction(async (client) => {
    for (const schema of new Set(rebuilt.map(({ stage }) => stage.schema))) {
      await client.query(`create schema if not exists ${quoteWhole(schema)}`);
    }
  });
  return kept;
}

async function isWhole(session: RestoreSession, { saved, stage, keys }: RebuiltTable, formula: string): Promise<boolean> {
  return session.transaction(async (client) => {
    const { rows, content } = await contentOf(client, quotedTable(stage), saved.columns, formula);
    const there = await client.query<{ name: string; isValid: boolean }>(
      `select conname::text as name, convalidated as "isValid" from pg_constraint where conrelid = $1::regclass and contype = 'f'`,
      [quotedTable(stage)],
    );
    for (const one of keys) {
      const found = there.rows.find(({ name }) => name === one.key.name);
      one.isAdded = found !== undefined;
      one.isValid = found?.isValid ?? false;
    }
    return rows === saved.rows && content === saved.content;
  });
}

/** Puts the tables where they belong, and takes the empty staging schemas away. Only the catalogue is written: no row is touched. */
export async function moveIntoPlace(client: Client, rebuilt: readonly RebuiltTable[]): Promise<void> {
  for (const { saved, stage } of rebuilt) {
    await client.query(`alter table ${quotedTable(stage)} set schema ${quoteWhole(saved.schema)}`);
  }
}

/** Takes away whatever stands on a stage. */
export async function clearStage(client: Client, schemas: readonly string[]): Promise<void> {
  const there = (await findLeftovers(client)).map(({ schema }) => schema).filter((schema) => schemas.includes(schema));
  if (there.length > 0) await client.query(`drop schema ${there.map(quoteWhole).join(', ')} cascade`);
}
