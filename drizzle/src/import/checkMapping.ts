import { AppError } from '@bailiwick/kernel/errors';
import type { ClientBase } from 'pg';
import type { TargetTable } from './catalogue.js';
import { readTargetTable } from './catalogue.js';
import { conversionTo } from './conversions.js';
import { hasOwnId } from './identity.js';
import { invalidMapping } from './loadMapping.js';
import type { ColumnSpec, FeedSpec, Mapping, TargetSpec } from './mappingSchema.js';

/**
 * Holds a mapping against the tables of the database and returns those tables. Throws MAPPING_INVALID with every fault at once:
 * tables and columns that do not exist, columns that a table needs and no feed fills, patterns that are no regular expressions.
 */
export async function checkMapping(client: ClientBase, mapping: Mapping): Promise<Map<string, TargetTable>> {
  const faults: string[] = [];
  const tables = await readTables(client, mapping, faults);
  for (const [t, target] of mapping.targets.entries()) {
    const table = tables.get(target.table);
    if (!table) continue;
    for (const [f, feed] of target.feeds.entries()) {
      const path = `targets.${t}.feeds.${f}`;
      faults.push(...missingColumns(table, target, feed, path));
      faults.push(...identityFaults(table, target, feed, `targets.${t}`));
      for (const [name, spec] of Object.entries(feed.columns)) {
        faults.push(...columnFaults(tables, table, name, spec, `${path}.columns.${name}`));
        faults.push(...(await patternFaults(client, patternsOf(spec), `${path}.columns.${name}`)));
      }
      const patterns = feed.conditions.flatMap((condition) => condition.matches ?? []);
      faults.push(...(await patternFaults(client, patterns, `${path}.conditions`)));
    }
  }
  faults.push(...absentColumns(mapping, tables));
  if (faults.length > 0) throw invalidMapping(mapping.name, faults);
  return tables;
}

/** Columns that are named beside the targets: in what the database must have, and in where chains go on. */
function absentColumns(mapping: Mapping, tables: Map<string, TargetTable>): string[] {
  const named = mapping.requires.map(({ table, where }, i) => ({
    path: `requires.${i}.where`,
    table,
    columns: Object.keys(where),
  }));
  for (const [source, { chain }] of Object.entries(mapping.sources)) {
    const { table = '', id = '', root = '', position = '' } = chain?.known ?? {};
    if (chain?.known) named.push({ path: `sources.${source}.chain.known`, table, columns: [id, root, position] });
  }
  return named.flatMap(({ path, table, columns }) =>
    columns
      .filter((column) => tables.has(table) && !tables.get(table)?.columns.has(column))
      .map((column) => `${path}: ${table} has no column ${column}`),
  );
}

async function readTables(client: ClientBase, mapping: Mapping, faults: string[]): Promise<Map<string, TargetTable>> {
  const named = new Map<string, string>();
  mapping.requires.forEach((requirement, i) => named.set(requirement.table, `requires.${i}.table`));
  for (const [source, { chain }] of Object.entries(mapping.sources)) {
    if (chain?.known) named.set(chain.known.table, `sources.${source}.chain.known.table`);
  }
  mapping.targets.forEach((target, t) => {
    named.set(target.table, `targets.${t}.table`);
    target.feeds.forEach((feed, f) => {
      for (const [name, spec] of Object.entries(feed.columns)) {
        if (spec.lookup) named.set(spec.lookup.table, `targets.${t}.feeds.${f}.columns.${name}.lookup.table`);
      }
    });
  });
  const tables = new Map<string, TargetTable>();
  for (const [name, path] of named) {
    const table = await readTargetTable(client, name);
    if (table) tables.set(name, table);
    else faults.push(`${path}: the database has no table ${name}`);
  }
  if (tables.size === 0) {
    throw new AppError('DATABASE_NOT_INITIALISED', `The database has none of the tables that ${mapping.name} fills.`, {
      hint: 'Make them first: npm run db -- init, then npm run db -- migrate.',
    });
  }
  return tables;
}

/** A column that is needed, has no default and stands in no key of several columns: those copies are filled by triggers. */
function missingColumns(table: TargetTable, target: TargetSpec, feed: FeedSpec, path: string): string[] {
  const copies = new Set(table.foreignKeys.filter((key) => key.columns.length > 1).flatMap((key) => key.columns.slice(1)));
  return [...table.columns.values()]
    .filter((column) => column.isRequired && column.defaultSql === null && !column.isGenerated && column.name !== 'id')
    .filter((column) => !(column.name in feed.columns) && !copies.has(column.name))
    .map((column) => `${path}.columns: lacks ${column.name}, which ${target.table} needs`);
}

/** A table without a column id is told apart by its primary key alone. */
function identityFaults(table: TargetTable, target: TargetSpec, feed: FeedSpec, path: string): string[] {
  if (hasOwnId(table)) return [];
  const key = table.primaryKey.join(', ');
  if (feed.id) return [`${path}.id: ${table.name} has no column id; its key is ${key}`];
  const isKey = target.key?.length === table.primaryKey.length && table.primaryKey.every((name) => target.key?.includes(name));
  return isKey ? [] : [`${path}.key: must be the primary key of ${table.name}: ${key}`];
}

function columnFaults(
  tables: Map<string, TargetTable>,
  table: TargetTable,
  name: string,
  spec: ColumnSpec,
  path: string,
): string[] {
  const column = table.columns.get(name);
  if (!column) return [`${path}: ${table.name} has no column ${name}`];
  const faults: string[] = [];
  if (column.isGenerated || name === 'id')
    faults.push(`${path}: ${name} can not be filled by a column; an id has a key of its own, id`);
  if (column.type !== 'text' && column.type !== 'text[]' && !spec.lookup && !conversionTo(column.type)) {
    faults.push(`${path}: the import can not fill a column of type ${column.type}`);
  }
  if (spec.list && column.type !== 'text[]') faults.push(`${path}.list: ${name} is ${column.type}, which is no list`);
  if (spec.list && spec.lookup && (spec.lookup.by.length > 1 || spec.lookup.ignoreCase || spec.lookup.by[0] !== spec.lookup.take))
    faults.push(`${path}.lookup: the values of a list are looked up as they are, by the one column that is taken`);
  const lookupTable = spec.lookup && tables.get(spec.lookup.table);
  if (spec.lookup && lookupTable) {
    for (const key of [...spec.lookup.by, spec.lookup.take]) {
      if (!lookupTable.columns.has(key)) faults.push(`${path}.lookup: ${spec.lookup.table} has no column ${key}`);
    }
  }
  if ((spec.repeats === 'any' || spec.repeats === 'all') && column.type !== 'boolean') {
    faults.push(`${path}.repeats: ${spec.repeats} is for yes and no, and ${name} is ${column.type}`);
  }
  if (spec.repeats === 'union' && column.type !== 'text[]')
    faults.push(`${path}.repeats: union is for lists, and ${name} is ${column.type}`);
  if ((spec.repeats === 'join' || typeof spec.repeats === 'object') && column.type !== 'text')
    faults.push(`${path}.repeats: join and strictest are for texts, and ${name} is ${column.type}`);
  if ((spec.repeats === 'min' || spec.repeats === 'max') && (column.type === 'boolean' || column.type === 'uuid'))
    faults.push(`${path}.repeats: ${spec.repeats} is for what has an order, and ${name} is ${column.type}`);
  if (column.type === 'text[]' && spec.repeats !== undefined && spec.repeats !== 'union')
    faults.push(`${path}.repeats: a list can only be united`);
  return faults;
}

function patternsOf(spec: ColumnSpec): string[] {
  const cases = spec.cases ?? [];
  return [
    ...(spec.extract === undefined ? [] : [spec.extract]),
    ...cases.flatMap((branch) => [branch.extract ?? [], branch.when.flatMap((condition) => condition.matches ?? [])].flat()),
  ];
}

async function patternFaults(client: ClientBase, patterns: string[], path: string): Promise<string[]> {
  const faults: string[] = [];
  for (const pattern of patterns) {
    try {
      await client.query(`select '' ~ $1::text`, [pattern]);
    } catch {
      faults.push(`${path}: "${pattern}" is no regular expression of PostgreSQL`);
    }
  }
  return faults;
}
