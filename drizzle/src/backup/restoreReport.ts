import type { Client } from 'pg';
import { quotedTable, tableName } from './catalogue.js';
import type { RestoredColumn } from './columns.js';
import { contentOf } from './content.js';
import type { NotBroughtBack } from './definitionWork.js';
import type { SavedTable } from './manifest.js';
import type { StagedTable, TableRestore } from './restoreRows.js';

export interface RestoredTable extends TableRestore {
  readonly rowsAfter: number;
  /** Whether the table now holds exactly what was saved. */
  readonly isContentEqual: boolean;
}

export interface RestoreReport {
  readonly backup: string;
  readonly takenAt: string;
  readonly isDryRun: boolean;
  /** What was missing and was made again, for example `foreign key audit_system.findings.findings_org_unit_id_fkey`. */
  readonly made: string[];
  readonly tables: RestoredTable[];
  /** Columns that were made again in tables that stood, and what they hold. */
  readonly columns: RestoredColumn[];
  readonly sequencesMoved: string[];
  readonly notBroughtBack: readonly NotBroughtBack[];
  /** Null when there is nothing to list. */
  readonly conflictsFile: string | null;
}

/** A table that has all that was saved, whether it had it before (`broughtBack` is 0) or has it now. */
export const wholeTable = (saved: SavedTable, broughtBack: number): RestoredTable => ({
  table: tableName(saved),
  rowsBefore: saved.rows - broughtBack,
  rowsInBackup: saved.rows,
  broughtBack,
  equal: saved.rows - broughtBack,
  differing: 0,
  referenceMissing: 0,
  valueTaken: 0,
  rowsAfter: saved.rows,
  isContentEqual: true,
});

/** How a table stands after its rows were brought back, counted. */
export async function compareContent(client: Client, table: StagedTable, formula: string): Promise<RestoredTable> {
  const { saved, stage: _stage, why: _why, columns, ...counts } = table;
  const { rows, content } = await contentOf(client, quotedTable(saved), columns, formula);
  const isContentEqual = columns.length === saved.columns.length && rows === saved.rows && content === saved.content;
  return { ...counts, rowsAfter: rows, isContentEqual };
}

/** Says which rows of a table stay away, and why. */
export function rowsNotBroughtBack({ table, differing, referenceMissing, valueTaken }: TableRestore): NotBroughtBack[] {
  const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'} of ${table}`;
  return [
    ...(differing ? [{ what: rows(differing), why: 'the database has them with another content' }] : []),
    ...(referenceMissing ? [{ what: rows(referenceMissing), why: 'what they refer to is not there' }] : []),
    ...(valueTaken ? [{ what: rows(valueTaken), why: 'another row has their unique value' }] : []),
  ];
}
