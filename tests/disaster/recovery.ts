import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { differences, stateOf } from '@bailiwick/database/drill/state';
import type { State } from '@bailiwick/database/drill/state';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { makeArchivedDatabase } from '../support/archivedDatabase.js';

/** A server with an archive and a base backup, and what tests of `db recover` do with it. */
export class Recovery {
  /** Another one after the server was stopped and started. */
  database: ScratchDatabase;
  /** The state that every recovery must bring back. */
  readonly whole: State;

  constructor(database: ScratchDatabase, whole: State) {
    this.database = database;
    this.whole = whole;
  }

  get conflicts(): string {
    return join(this.database.dataDir, '..', 'conflicts.csv');
  }

  /** Runs the command in this process, on the scratch database. */
  async db(...args: string[]) {
    let [stdout, stderr] = ['', ''];
    const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
    const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
    try {
      const exitCode = await runProgram([...args, '--data-dir', this.database.dataDir]);
      return { exitCode, stdout, stderr };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  async recover(schema: string, ...more: string[]) {
    return this.db('recover', '--schema', schema, '--confirm', 'bailiwick', '--conflicts', this.conflicts, ...more);
  }

  async sql<Row extends object>(...statements: string[]): Promise<Row[]> {
    return withSession(this.database.operatorUrl, 'tests', async (client) => {
      let rows: Row[] = [];
      for (const statement of statements) ({ rows } = await client.query<Row>(statement));
      return rows;
    });
  }

  /** Approved and done. */
  async lose(statement: string): Promise<void> {
    await withSession(this.database.operatorUrl, 'tests', async (client) => {
      await approveStatement(client, statement, 'a test');
      await client.query(statement);
    });
  }

  /** What differs from the whole state. */
  async missing(): Promise<string[]> {
    return differences(this.whole, await stateOf(this.database.operatorUrl));
  }
}

export async function openRecovery(): Promise<Recovery> {
  const database = await makeArchivedDatabase();
  return new Recovery(database, await stateOf(database.operatorUrl));
}
