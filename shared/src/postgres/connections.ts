import pg from 'pg';
import type { PoolClient } from 'pg';
import { BundlingSocket } from './bundlingSocket.js';
import { Connection } from './connection.js';

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
  /** Called with the text of every statement that is sent: for tests that count them. */
  onStatement?: (text: string) => void;
}

/** The driver keeps the text of each statement that it ever prepared on a connection, so no connection lives for ever. In seconds. */
const longestLife = 3_600;

/** The connections of one service. */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #known = new WeakMap<PoolClient, Connection>();
  /** Rises when a prepared statement turns out to be stale. What older connections prepared may be stale as well. */
  #generation = 1;

  constructor(options: DatabaseOptions) {
    this.#onStatement = options.onStatement;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.connectionTimeout ?? 5_000,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: longestLife,
      statement_timeout: options.statementTimeout ?? 15_000,
      idle_in_transaction_session_timeout: 60_000,
      options: '-c timezone=UTC -c datestyle=ISO',
      stream: () => new BundlingSocket(),
      // Loaders of one operation send their statements at the same time on its one connection.
      pipeline: true,
    });
    // A connection that dies while idle is replaced at the next use; without a listener the process would end.
    this.#pool.on('error', () => undefined);
    // One that dies while nothing runs on it fails the next statement. The listener has to be there before the connection is handed out:
    // the server's last words can come in the same packet as the end of its greeting.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** A connection for one transaction. */
  async take(): Promise<Connection> {
    const client = await this.#pool.connect();
    let connection = this.#known.get(client);
    if (connection === undefined) {
      connection = new Connection(client, this.#generation, this.#onStatement);
      this.#known.set(client, connection);
    }
    return connection;
  }

  /** Takes a connection back, and closes it where it can't be used again: it is lost, or what it prepared no longer fits the tables. */
  giveBack(connection: Connection, isLost: boolean): void {
    connection.transaction = undefined;
    if (connection.isStale && connection.generation === this.#generation) this.#generation += 1;
    connection.client.release(isLost || connection.generation < this.#generation);
  }

  /** Waits for what is under way and closes every connection. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}
