import pg from 'pg';
import type { PoolClient } from 'pg';
import { ReadSession } from './readSession.js';
import { Session } from './session.js';
import { isConnectionLost, sqlState } from './sqlState.js';
import { Statements } from './statements.js';
import type { WriteTransaction } from './transaction.js';

export type { ReadSession };
export type { BuiltStatement, LabelledDatabase, ReadTransaction, Transaction, WriteTransaction } from './transaction.js';

/** What a service may tune of its database. */
export interface DatabaseOptions {
  /** A postgres:// URL of the service's app role. */
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections at the most; each operation holds one while it reads. */
  poolSize?: number;
  /** Milliseconds after which the server ends a statement. */
  statementTimeout?: number;
  /** Milliseconds to wait for a connection, whether a new one or one that others use. */
  connectionTimeout?: number;
  /** Called with the text of every statement that is sent, or, a COMMIT that nobody waits for, is about to be: for tests that count them. */
  onStatement?: (text: string) => void;
}

/** The connections of one service. Every statement goes through a transaction that carries the person's id. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #statements: Statements;

  constructor(options: DatabaseOptions) {
    this.#statements = new Statements(options.onStatement);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.connectionTimeout ?? 5_000,
      idleTimeoutMillis: 60_000,
      statement_timeout: options.statementTimeout ?? 15_000,
      idle_in_transaction_session_timeout: 60_000,
      options: '-c timezone=UTC -c datestyle=ISO',
      // Loaders of one operation run at the same time on its one connection. pg 9 refuses that without pipelining.
      pipeline: true,
    });
    // A connection that dies while idle is replaced at the next use; without a listener the process would end.
    this.#pool.on('error', () => undefined);
    // One that dies while nothing runs on it fails the next statement. The listener has to be there before the connection is handed out:
    // the server's last words can come in the same packet as the end of its greeting.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Opens nothing yet: the transaction begins with the first statement. The caller closes it, whatever happened. */
  read(personId: string): ReadSession {
    return new ReadSession(this.#pool, personId, this.#statements);
  }

  /**
   * Runs `work` in one transaction as the person, commits it, and returns what it returned. Whatever it throws rolls everything back.
   * A deadlock or serialization failure (SQLSTATE 40P01, 40001) is tried again, three times in all; `work` must therefore do nothing outside.
   */
  async write<Result>(personId: string, work: (tx: WriteTransaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#writeOnce(personId, work);
      } catch (error) {
        const state = sqlState(error);
        if (attempt >= 3 || (state !== '40P01' && state !== '40001')) throw error;
      }
    }
  }

  async #writeOnce<Result>(personId: string, work: (tx: WriteTransaction) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    const statements = this.#statements;
    let isOver = false;
    const connected = (): PoolClient => {
      if (isOver) throw new Error('A statement came after its transaction had ended; await every statement that is not sent.');
      return client;
    };
    statements.begin(client, 'write', personId);
    const session = new Session(connected, statements);
    const sent: Promise<unknown>[] = [];
    // Awaited in their order before the end; until then no failure may count as unhandled. Each fails all that are sent after it as well.
    const toCome = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      answer.catch(() => undefined);
      sent.push(answer);
      return answer;
    };
    let committed: Promise<string> | undefined;
    let broken: Error | undefined;
    try {
      const result = await work({
        db: (label) => session.db(label),
        send: (label, statement, explain) => toCome(session.send(connected(), label, statement, explain)),
      });
      isOver = true;
      committed = statements.end(client, 'commit');
      committed.catch(() => undefined);
      for (const answer of sent) await answer;
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement failed and `work` went on.
      if ((await committed) !== 'COMMIT') throw session.failure;
      return result;
    } catch (error) {
      isOver = true;
      // Once COMMIT is sent there is nothing to roll back.
      await (committed ?? statements.end(client, 'rollback')).catch((failure: Error) => {
        // A COMMIT that the server refuses, as for a deferred constraint, has rolled back.
        if (isConnectionLost(failure)) broken = failure;
      });
      // What came after a failed statement knows less of it than the statement itself.
      throw sqlState(error) === undefined ? error : await firstFailure(sent, error);
    } finally {
      client.release(broken ?? session.mustEnd ?? statements.isOutdated(client));
    }
  }

  /** Waits for what is under way and closes every connection. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Asks the server for a sign of life; rejects when there is none. */
  async ping(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await this.#statements.query(client, { text: '/* kernel:ping */ select 1' });
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
}

async function firstFailure(answers: readonly Promise<unknown>[], otherwise: unknown): Promise<unknown> {
  const failed = (await Promise.allSettled(answers)).find(({ status }) => status === 'rejected');
  return failed?.status === 'rejected' ? failed.reason : otherwise;
}
