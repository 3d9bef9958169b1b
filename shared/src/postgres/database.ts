import { Connections } from './connections.js';
import type { DatabaseOptions } from './connections.js';
import { ReadSession } from './readSession.js';
import { isConnectionLost, sqlState } from './sqlState.js';
import { Transaction } from './transaction.js';

/** The database of one service. Every statement goes through a transaction that carries the person's id. */
export class Database {
  readonly #connections: Connections;

  constructor(options: DatabaseOptions) {
    this.#connections = new Connections(options);
  }

  /**
   * Opens nothing yet: the transaction begins with the first statement. The caller closes it, whatever happened. When `signal` aborts, its
   * statements end with CANCELLED.
   */
  read(personId: string, signal?: AbortSignal): ReadSession {
    return new ReadSession(this.#connections, personId, signal);
  }

  /**
   * Runs `work` in one transaction as the person, commits it, and returns what it returned. Whatever it throws rolls everything back.
   * A deadlock or serialization failure (SQLSTATE 40P01, 40001) is tried again, three times in all; `work` must therefore do nothing outside.
   */
  async write<Result>(personId: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#writeOnce(personId, work);
      } catch (error) {
        const state = sqlState(error);
        if (attempt >= 3 || (state !== '40P01' && state !== '40001')) throw error;
      }
    }
  }

  async #writeOnce<Result>(personId: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const connection = await this.#connections.takeFor(personId);
    const transaction = new Transaction(connection, 'write', personId);
    let isLost = false;
    const end = (command: 'commit' | 'rollback'): Promise<string> =>
      transaction.end(command).catch((error: unknown) => {
        // A COMMIT that the server refuses, as for a deferred constraint, has rolled back.
        isLost = isConnectionLost(error);
        throw error;
      });
    try {
      const result = await work(transaction).catch(async (error: unknown) => {
        await end('rollback').catch(() => undefined);
        throw error;
      });
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement failed and `work` went on.
      if ((await end('commit')) !== 'COMMIT') throw transaction.failure;
      return result;
    } finally {
      this.#connections.giveBack(connection, isLost);
    }
  }

  /** Asks the server for a sign of life; rejects when there is none. */
  async ping(): Promise<void> {
    const connection = await this.#connections.take();
    let isLost = true;
    try {
      await connection.query({ text: '/* kernel:ping */ select 1' });
      isLost = false;
    } finally {
      this.#connections.giveBack(connection, isLost);
    }
  }

  /** Waits for what is under way and closes every connection. */
  async close(): Promise<void> {
    await this.#connections.close();
  }
}
