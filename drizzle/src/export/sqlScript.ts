import pg from 'pg';
import { quotedColumn, quotedTable, tableName } from '../backup/catalogue.js';
import type { SequenceValue, TableShape } from '../backup/catalogue.js';

/** COPY's own lines follow each `COPY … FROM stdin;` until `\.`, as in a dump of pg_dump. */
export const endOfRows = '\\.\n\n';

/** The settings under which values read as they were written, whatever the server's own are. */
export function beginScript(database: string, takenAt: string): string {
  return `-- Export of database ${database.replaceAll(/[\r\n]/g, ' ')}, taken ${takenAt}. Rows only: the tables must be there and empty.
-- psql stops at the first error. Without that it would go on reading rows as if they were commands.
\\set ON_ERROR_STOP on
begin;
set local client_encoding = 'UTF8';
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres';
set local timezone = 'UTC';
set local standard_conforming_strings = on;
set local statement_timeout = 0;
set local search_path = pg_catalog, pg_temp;

`;
}

const columnsOf = (table: TableShape): string => table.columns.map(({ name }) => quotedColumn(name)).join(', ');

/** What stands before the rows of a table. */
export function beginTable(table: TableShape): string {
  if (tableName(table) !== 'identity.roles') return `copy ${quotedTable(table)} (${columnsOf(table)}) from stdin;\n`;
  return `-- db init has made most of these; those that are there stay as they are.
create temporary table exported_roles (like ${quotedTable(table)}) on commit drop;
copy pg_temp.exported_roles (${columnsOf(table)}) from stdin;\n`;
}

/** What stands behind the rows of a table. */
export function endTable(table: TableShape): string {
  if (tableName(table) !== 'identity.roles') return '';
  return `insert into ${quotedTable(table)} (${columnsOf(table)}) select ${columnsOf(table)} from pg_temp.exported_roles on conflict do nothing;\n\n`;
}

export function endScript(sequences: readonly SequenceValue[]): string {
  const set = sequences.map(
    (sequence) =>
      `select pg_catalog.setval(${pg.escapeLiteral(quotedTable(sequence))}, ${sequence.lastValue}, ${sequence.isCalled});\n`,
  );
  return `${set.join('')}commit;\n`;
}
