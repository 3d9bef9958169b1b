import type { Client } from 'pg';
import { quotedTable, tableName } from './catalogue.js';
import { fillColumns } from './columns.js';
import { listContradictions } from './conflictsFile.js';
import { rowsStage } from './definitions.js';
import { comesAlong, describe } from './definitionWork.js';
import type { NotBroughtBack } from './definitionWork.js';
import type { SavedDefinition, SavedTable } from './manifest.js';
import type { Restore } from './restoreBackup.js';
import { makeWayForRoles, recordMigrations } from './restoreGround.js';
import type { Loaded } from './restoreLoad.js';
import { inReferenceOrder, reasonColumn, References } from './restoreReferences.js';
import type { PlaceOf } from './restoreReferences.js';
import { compareContent, rowsNotBroughtBack, wholeTable } from './restoreReport.js';
import type { RestoredTable, RestoreReport } from './restoreReport.js';
import { restoreTables } from './restoreRows.js';
import type { StagedTable } from './restoreRows.js';
import { clearStage, moveIntoPlace } from './restoreStage.js';
import type { RebuiltTable } from './restoreStage.js';

/**
 * The last step of a restore, one transaction of the leader: brings single rows back into tables that stand, moves rebuilt tables into their places, and makes
 * what was missing around them.
 */
export async function putInPlace(restore: Restore, { rebuilt, equal }: Loaded): Promise<RestoreReport> {
  const { options, leader, definitions, notBroughtBack } = restore;
  const { manifest } = options.backup;
  const isRebuilt = (one: SavedDefinition): boolean =>
    rebuilt.some(({ saved }) => saved.schema === one.schema && saved.name === one.table);
  const ofRebuilt = definitions.missing.filter((one) => isRebuilt(one) && !comesAlong(one));
  if (restore.isRecordEmpty) await prepareRecord(restore, equal);
  await definitions.make((one) => one.stage < rowsStage && !isRebuilt(one));
  const columns = await fillColumns(definitions.addedColumns, {
    ...{ client: leader, backup: options.backup, progress: restore.progress, notBroughtBack },
  });
  const compared = await standingTables(restore, rebuilt, equal);
  const placeOf = await lockAndFind(restore, compared, rebuilt);
  const references = new References(leader, rebuilt, placeOf);
  const staged = await bringRows(restore, compared, rebuilt, references, placeOf);
  await moveIntoPlace(leader, rebuilt);
  await clearStage(
    leader,
    rebuilt.map(({ stage }) => stage.schema),
  );
  await definitions.make((one) => one.stage < rowsStage);
  await definitions.make((one) => one.stage > rowsStage);
  const tables = equal.map((saved) => wholeTable(saved, 0));
  for (const table of staged) {
    notBroughtBack.push(...rowsNotBroughtBack(table));
    if (table.broughtBack > 0) await leader.query(`analyze ${quotedTable(table.saved)}`);
    tables.push(await compareContent(leader, table, manifest.contentFormula));
  }
  for (const table of rebuilt) {
    if (!staged.some(({ saved }) => saved === table.saved)) tables.push(wholeTable(table.saved, table.saved.rows));
  }
  const failed = new Set(notBroughtBack.map(({ what }) => what));
  return {
    backup: manifest.name,
    takenAt: manifest.takenAt,
    isDryRun: options.isDryRun ?? false,
    made: [...new Set([...ofRebuilt.map(describe).filter((what) => !failed.has(what)), ...definitions.made])],
    tables: tables.sort((a: RestoredTable, b: RestoredTable) => a.table.localeCompare(b.table)),
    columns,
    sequencesMoved: await moveSequences(restore),
    notBroughtBack,
    conflictsFile: await listContradictions(leader, staged, options.conflictsFile),
  };
}

async function prepareRecord({ leader, options, scope }: Restore, equal: readonly SavedTable[]): Promise<void> {
  if (scope.has('identity') && !equal.some(({ schema, name }) => schema === 'identity' && name === 'roles')) {
    await makeWayForRoles(leader, options.backup);
  }
  await recordMigrations(leader, options.backup);
}

/** Tables that stand and lack something, or have something else. Those that are not there, and stay so, are told. */
async function standingTables(
  { options, leader, scope, notBroughtBack }: Restore,
  rebuilt: readonly RebuiltTable[],
  equal: readonly SavedTable[],
): Promise<SavedTable[]> {
  const found: SavedTable[] = [];
  for (const table of options.backup.manifest.tables) {
    if (!scope.has(table.schema) || equal.includes(table) || rebuilt.some(({ saved }) => saved === table)) continue;
    const { rows } = await leader.query<{ columns: string[] | null }>(
      `select array(select attname::text from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped) as columns
       where to_regclass($1) is not null`,
      [quotedTable(table)],
    );
    const columns = rows[0]?.columns;
    if (!columns) {
      notBroughtBack.push({ what: `${table.rows} rows of ${tableName(table)}`, why: 'the table is not there' });
      continue;
    }
    const lost = table.columns.filter(({ name }) => !columns.includes(name)).map(({ name }) => name);
    // A backup that has a definition of each column has named those already that stay away.
    if (lost.length > 0 && !options.backup.manifest.definitions.some(({ kind }) => kind === 'column')) {
      notBroughtBack.push({
        what: `columns ${lost.join(', ')} of ${tableName(table)}`,
        why: 'the table has no such columns any more',
      });
    }
    if (!table.primaryKey.some((name) => lost.includes(name))) found.push(table);
  }
  return found;
}

/** Nobody may change the tables that rows come back into, nor take away what these rows refer to: triggers of foreign keys sleep meanwhile. */
async function lockAndFind(
  { options, leader }: Restore,
  compared: readonly SavedTable[],
  rebuilt: readonly RebuiltTable[],
): Promise<PlaceOf> {
  const { foreignKeys } = options.backup.manifest;
  const places = new Map(rebuilt.map(({ saved, stage }) => [quotedTable(saved), quotedTable(stage)]));
  const locked = new Set(compared.map(quotedTable));
  for (const { schema, name } of [...compared, ...rebuilt.map(({ saved }) => saved)]) {
    for (const key of foreignKeys.filter((one) => one.schema === schema && one.table === name)) {
      const parent = quotedTable({ schema: key.toSchema, name: key.toTable });
      if (places.has(parent) || locked.has(parent)) continue;
      const { rows } = await leader.query<{ found: string | null }>('select to_regclass($1)::text as found', [parent]);
      if (rows[0]?.found) locked.add(parent);
    }
  }
  if (locked.size > 0) await leader.query(`lock table ${[...locked].join(', ')} in share row exclusive mode`);
  return (schema, name) => {
    const own = quotedTable({ schema, name });
    return places.get(own) ?? (locked.has(own) ? own : null);
  };
}

/** Rows after those that they refer to, whether these come back into a table that stands or into one that is rebuilt. */
async function bringRows(
  { options, leader, onStep, progress }: Restore,
  compared: readonly SavedTable[],
  rebuilt: readonly RebuiltTable[],
  references: References,
  placeOf: PlaceOf,
): Promise<StagedTable[]> {
  const { backup } = options;
  const staged: StagedTable[] = [];
  const tables = [...compared.map((saved) => ({ saved })), ...rebuilt];
  for (const circle of inReferenceOrder(tables, backup.manifest.foreignKeys)) {
    const standing = circle.filter((table) => !('stage' in table)).map(({ saved }) => saved);
    // Rows come back as they were: no trigger counts their version up, and foreign keys are held by restoreTables itself.
    await leader.query('set local session_replication_role = replica');
    staged.push(...(await restoreTables(standing, { client: leader, backup, progress, placeOf, number: staged.length })));
    await leader.query('set local session_replication_role = origin');
    for (const table of circle) if ('stage' in table) await references.settle(table);
  }
  for (const table of rebuilt) {
    const aside = references.setAside(table);
    if (aside) staged.push(withRowsAside(table, aside));
  }
  const count = staged.reduce((sum, { broughtBack }) => sum + broughtBack, 0);
  const whole = rebuilt.filter((table) => !references.setAside(table));
  const rows = whole.reduce((sum, { saved }) => sum + saved.rows, count);
  onStep(`Brought back ${rows} rows in ${staged.length + whole.length} tables.`);
  return staged;
}

const withRowsAside = ({ saved }: RebuiltTable, aside: { stage: string; rows: number }): StagedTable => ({
  saved,
  stage: aside.stage,
  why: reasonColumn(saved),
  columns: saved.columns,
  table: tableName(saved),
  rowsBefore: 0,
  rowsInBackup: saved.rows,
  broughtBack: saved.rows - aside.rows,
  equal: 0,
  differing: 0,
  referenceMissing: aside.rows,
  valueTaken: 0,
});

/** Forward only, in the direction in which it counts. setval is not part of the transaction, so it comes last and not in a dry run; a gap in the numbers harms nobody. */
async function moveSequences({ options, leader, scope, notBroughtBack }: Restore): Promise<string[]> {
  const { backup, isDryRun, allOrNothing } = options;
  const moved: string[] = [];
  for (const sequence of backup.manifest.sequences.filter(({ schema }) => scope.has(schema))) {
    const name = quotedTable(sequence);
    if (!(await isThere(leader, name))) {
      notBroughtBack.push({ what: `sequence ${tableName(sequence)}`, why: 'it is not there' } satisfies NotBroughtBack);
      continue;
    }
    const behind = await leader.query<{ isBehind: boolean }>(
      `select (sign(seqincrement) * last_value, is_called) < (sign(seqincrement) * $1::numeric, $2::boolean) as "isBehind"
       from ${name}, pg_sequence where seqrelid = $3::regclass`,
      [sequence.lastValue, sequence.isCalled, name],
    );
    if (!behind.rows[0]?.isBehind) continue;
    const isTakenBack = isDryRun === true || (allOrNothing === true && notBroughtBack.length > 0);
    if (!isTakenBack)
      await leader.query('select setval($1::regclass, $2::bigint, $3)', [name, sequence.lastValue, sequence.isCalled]);
    moved.push(tableName(sequence));
  }
  return moved;
}

async function isThere(client: Client, relation: string): Promise<boolean> {
  const { rows } = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [relation]);
  return rows[0]?.found !== null;
}
