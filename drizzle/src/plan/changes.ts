import { identityOf } from '../backup/definitions.js';
import type { Thing } from '../backup/definitions.js';
import type { Catalogue, CataloguedColumn } from './catalogue.js';

/** One thing that a migration makes, alters or drops. */
export interface Change {
  readonly action: 'created' | 'altered' | 'dropped';
  /** For example `table`, `column`, `policy`, `grant`. */
  readonly kind: string;
  readonly schema: string;
  /** For example `case_management.tasks.mood`. */
  readonly name: string;
  /** What became of it: the new name, the new form, or the statement that would make it. */
  readonly detail: string;
}

/** What a migration did to the database, from what there was and what there is. A renamed thing is altered, not dropped and made again. */
export function changesBetween(before: Catalogue, after: Catalogue): Change[] {
  const renamed = renamedTables(before, after);
  const changes: Change[] = renamed.map(({ from, to }) => ({
    action: 'altered',
    kind: 'table',
    schema: from.schema,
    name: `${from.schema}.${from.name}`,
    detail: `renamed to ${to.schema}.${to.name}`,
  }));
  changes.push(...changedColumns(before, after));
  const was = new Map(
    before.definitions
      .filter(countsHere)
      .map((one) => withNewName(one, renamed))
      .map((one) => [identityOf(one), one]),
  );
  const is = new Map(after.definitions.filter(countsHere).map((one) => [identityOf(one), one]));
  for (const [key, one] of is) {
    const old = was.get(key);
    if (!old) changes.push(change('created', one));
    // A table's statement names its columns, which are told one by one.
    else if (one.kind !== 'table' ? old.sql !== one.sql || old.owner !== one.owner : old.owner !== one.owner) {
      changes.push(change('altered', one));
    }
  }
  for (const [key, one] of was) if (!is.has(key)) changes.push(change('dropped', one));
  return changes.sort((a, b) => order(a).localeCompare(order(b)));
}

/** Columns are compared by number: their names may change. */
const countsHere = ({ kind, schema, name }: Thing): boolean =>
  kind !== 'column' && !(schema === 'guard' && /^(rehearsals|rehearsal_notes|commands_in_progress)\b/.test(name));

const order = ({ action, kind, name }: Change): string =>
  `${action} ${kind === 'table' ? 0 : kind === 'column' ? 1 : 2} ${kind} ${name}`;

interface Renamed {
  readonly from: { schema: string; name: string };
  readonly to: { schema: string; name: string };
}

function renamedTables(before: Catalogue, after: Catalogue): Renamed[] {
  const now = new Map(after.tables.map((table) => [table.id, table]));
  return before.tables.flatMap((from) => {
    const to = now.get(from.id);
    return to && (to.schema !== from.schema || to.name !== from.name) ? [{ from, to }] : [];
  });
}

function withNewName(one: Thing, renamed: readonly Renamed[]): Thing {
  const found = renamed.find(({ from }) => one.schema === from.schema && one.table === from.name);
  if (!found) return one;
  const { from, to } = found;
  const sql = one.sql.replaceAll(`${from.schema}.${from.name}`, `${to.schema}.${to.name}`);
  const name = one.name === from.name ? to.name : one.name.replaceAll(`${from.schema}.${from.name}`, `${to.schema}.${to.name}`);
  return { ...one, schema: to.schema, table: to.name, name, sql };
}

function changedColumns(before: Catalogue, after: Catalogue): Change[] {
  const tablesBefore = new Set(before.tables.map(({ id }) => id));
  const tablesAfter = new Set(after.tables.map(({ id }) => id));
  const tableOf = ({ key }: CataloguedColumn): string => key.split(':')[0] ?? '';
  const was = new Map(before.columns.map((column) => [column.key, column]));
  const is = new Map(after.columns.map((column) => [column.key, column]));
  const changes: Change[] = [];
  const add = (action: Change['action'], { schema, table, name }: CataloguedColumn, detail: string) =>
    changes.push({ action, kind: 'column', schema, name: `${schema}.${table}.${name}`, detail });
  for (const [key, column] of is) {
    const old = was.get(key);
    // A table that is made or dropped takes its columns along: no need to name them.
    if (!old) {
      if (tablesBefore.has(tableOf(column))) add('created', column, column.form);
      continue;
    }
    if (old.name !== column.name) add('altered', old, `renamed to ${column.name}`);
    if (old.form !== column.form) add('altered', column, `${old.form} becomes ${column.form}`);
  }
  for (const [key, column] of was) {
    if (!is.has(key) && tablesAfter.has(tableOf(column))) add('dropped', column, column.form);
  }
  return changes;
}

function change(action: Change['action'], one: Thing): Change {
  return {
    action,
    kind: one.kind,
    schema: one.schema,
    name: nameOf(one),
    detail: one.owner ? `${one.sql}; owner ${one.owner}` : one.sql,
  };
}

function nameOf({ kind, schema, table, name }: Thing): string {
  if (kind === 'schema' || kind === 'grant') return name;
  if (kind === 'row security') return `${schema}.${table}, ${name}`;
  return [schema, table === name ? '' : table, name].filter(Boolean).join('.');
}
