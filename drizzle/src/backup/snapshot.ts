import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { isDatabaseError } from '../migrate/failure.js';
import { plainTextSettings, quotedTable, readTables, tableName } from './catalogue.js';
import type { TableShape } from './catalogue.js';

/**
 * Locks the tables against change of their form and only then takes the snapshot: a TRUNCATE or a rewrite between the two would otherwise
 * show as an empty table. Readers and writers go on.
 */
export async function holdStill(
  leader: Client,
  schemas: readonly string[],
): Promise<{ tables: TableShape[]; snapshot: string; takenAt: string }> {
  for (let attempt = 1; ; attempt++) {
    const expected = await readTables(leader, schemas);
    await leader.query('begin isolation level repeatable read read only');
    await leader.query(`set local lock_timeout = '60s'`);
    if (expected.length > 0) await leader.query(`lock table ${expected.map(quotedTable).join(', ')} in access share mode`);
    await leader.query(plainTextSettings);
    const { rows } = await leader.query<{ snapshot: string; now: Date }>(
      'select pg_export_snapshot() as snapshot, clock_timestamp() as now',
    );
    const tables = await readTables(leader, schemas);
    const names = (list: readonly TableShape[]): string => list.map(tableName).sort().join();
    if (names(tables) === names(expected)) {
      return { tables, snapshot: rows[0]?.snapshot ?? '', takenAt: (rows[0]?.now ?? new Date()).toISOString() };
    }
    await leader.query('rollback');
    if (attempt === 3) {
      throw new AppError('BACKUP_FAILED', 'Tables were made or dropped while the backup began, three times in a row.', {
        hint: 'Take it when no migration runs.',
      });
    }
  }
}

/**
 * Lets another session read what the leader sees. It takes its locks now, or not at all: later it could wait behind somebody who waits for the
 * leader's locks, and the leader for it, which PostgreSQL can not see as a deadlock.
 * @returns false when somebody waits for one of the tables already; the others then read alone.
 */
export async function joinSnapshot(session: Client, snapshot: string, tables: readonly TableShape[]): Promise<boolean> {
  await session.query('begin isolation level repeatable read read only');
  await session.query(`set transaction snapshot '${snapshot}'`);
  await session.query(plainTextSettings);
  if (tables.length === 0) return true;
  try {
    await session.query(`lock table ${tables.map(quotedTable).join(', ')} in access share mode nowait`);
    return true;
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '55P03') throw error;
    await session.query('rollback');
    return false;
  }
}
