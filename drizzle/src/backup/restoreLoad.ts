import type { SavedTable } from './manifest.js';
import type { Restore } from './restoreBackup.js';
import { isAsSaved } from './restoreRows.js';
import type { RestoreSession, Workers } from './restoreSessions.js';
import { addKeysAmong, buildTable, prepareStage, validateKeys } from './restoreStage.js';
import type { RebuiltTable } from './restoreStage.js';

export interface Loaded {
  /** Whole on their stages. */
  readonly rebuilt: readonly RebuiltTable[];
  /** They stand and hold what was saved. */
  readonly equal: readonly SavedTable[];
}

/**
 * The long part of a restore, before anything of the guarded schemas is locked or changed: the missing tables are made on their stages, and those that stand
 * are held against the backup.
 */
export async function loadStage(restore: Restore, planned: readonly RebuiltTable[], workers: Workers): Promise<Loaded> {
  const { options, scope, onStep, progress } = restore;
  const { backup } = options;
  const rebuilt = await prepareStage(workers.own, planned, backup, onStep);
  const equal: SavedTable[] = [];
  const standing = backup.manifest.tables.filter(
    (table) => scope.has(table.schema) && !planned.some(({ saved }) => saved === table),
  );
  let rows = 0;
  const done = (table: SavedTable): void => progress.advance(0, (rows += table.rows));
  const build = async (session: RestoreSession, table: RebuiltTable): Promise<void> => {
    if (await buildTable(session, table, backup, (bytes) => progress.advance(bytes, rows))) rebuilt.add(table);
    done(table.saved);
  };
  const compare = async (session: RestoreSession, table: SavedTable): Promise<void> => {
    if (await isAsSaved(session, table, backup.manifest.contentFormula)) equal.push(table);
    progress.advance(table.file.bytes, rows);
    done(table);
  };
  const tasks = [
    ...planned
      .filter((table) => !rebuilt.has(table))
      .map((table) => ({ size: table.saved.file.bytes, run: async (session: RestoreSession) => build(session, table) })),
    ...standing.map((table) => ({
      size: table.file.bytes / 10,
      run: async (session: RestoreSession) => compare(session, table),
    })),
  ];
  progress.begin(
    planned.length > 0 ? 'Loading tables' : 'Comparing tables',
    backup.manifest.tables.reduce((sum, table) => sum + (scope.has(table.schema) ? table.file.bytes : 0), 0),
  );
  await workers.share(
    tasks.sort((a, b) => b.size - a.size),
    async (session, task) => task.run(session),
  );
  progress.end();
  const tables = planned.filter((table) => rebuilt.has(table));
  await addKeysAmong(workers.own, tables);
  await workers.share(tables, validateKeys);
  return { rebuilt: tables, equal };
}
