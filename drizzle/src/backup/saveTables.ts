import { join } from 'node:path';
import type { Client } from 'pg';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { tableName } from './catalogue.js';
import type { TableShape } from './catalogue.js';
import type { SavedTable } from './manifest.js';
import { beginTableFile, defaultLevel } from './tableFile.js';

/** Where they are, in the folder of a backup. */
export const tablesFolder = 'tables';

/**
 * Writes the file of each table; each session takes the largest table that is left. It reads the next one while the file of the last is compressed to its
 * end and brought to the disk.
 * @param sessions all in one snapshot; one may have something else to do first.
 * @param tables largest first.
 * @param folder has a tablesFolder.
 * @returns them by name, when every file has reached the disk.
 * @throws what went wrong first, when no file is being written any more: before that none can be taken away.
 */
export async function saveTables(
  sessions: readonly (Client | Promise<Client>)[],
  tables: readonly TableShape[],
  folder: string,
  { level = defaultLevel, progress = silentProgress }: { readonly level?: number; readonly progress?: Progress },
): Promise<SavedTable[]> {
  const waiting = [...tables.entries()];
  const saved: SavedTable[] = [];
  let rows = 0;
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  progress.begin('Saving rows', total);
  const faults: unknown[] = [];
  const begin = (session: Client, place: number, { schema, name, columns, primaryKey }: TableShape) => {
    const path = `${tablesFolder}/${schema}.${name.replaceAll(/[^\w-]/g, '_')}-${place}.csv.gz`;
    const onBytes = (bytes: number): void => progress.advance(Math.min(bytes, total), rows);
    const { isRead, written } = beginTableFile(session, { schema, name, columns }, join(folder, path), level, onBytes);
    const ended = written.then(
      ({ bytes, sha256, ...counted }) => {
        progress.advance(0, (rows += counted.rows));
        saved.push({
          schema,
          name,
          columns: [...columns],
          primaryKey: [...primaryKey],
          ...counted,
          file: { path, bytes, sha256 },
        });
      },
      (error: unknown) => void faults.push(error),
    );
    return { isRead: Promise.race([isRead, ended]), ended };
  };
  const work = async (session: Client): Promise<void> => {
    let last: Promise<void> | undefined;
    for (let next = waiting.shift(); next && faults.length === 0; next = waiting.shift()) {
      const { isRead, ended } = begin(session, ...next);
      // Two files of a session at the most, so that what waits for a slow disk stays small.
      await Promise.all([isRead, last]);
      last = ended;
    }
    await last;
  };
  await Promise.all(sessions.map(async (one) => Promise.resolve(one).then(work, (error: unknown) => void faults.push(error))));
  if (faults.length > 0) throw faults[0];
  progress.end();
  return saved.sort((a, b) => tableName(a).localeCompare(tableName(b)));
}
