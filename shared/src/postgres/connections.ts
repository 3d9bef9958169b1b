import pg from 'pg';
import type { PoolClient } from 'pg';
import { Client } from './client.js';
import { Connection } from './connection.js';
import { Shares } from './shares.js';

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
  /** Milliseconds for all reads of one operation, beginning with the first. Default: 20,000. */
  operationTimeout?: number;
  /** Milliseconds to wait for a connection, whether a new one or one that others use. */
  connectionTimeout?: number;
  /** Seconds after which a connection is closed when it is given back. Default: an hour. */
  longestLife?: number;
  /** Called with the text of every statement that is sent: for tests that count them. */
  onStatement?: (text: string) => void;
}

/** The driver keeps the text of each statement that it ever prepared on a connection, so no connection lives for ever. In seconds. */
const longestLife = 3_600;

/** Milliseconds that the driver waits longer for an answer than the server works on it. No answer by then means that the connection went silent. */
const answerGrace = 5_000;

/** Milliseconds that a closing pool waits for what is under way. */
const closeWithin = 5_000;

/** Milliseconds after which a statement counts as slow. */
const slowAfter = 500;

/**
 * Settings of each connection, one statement each: a server that does not know one ignores it. A statement waits 2.5 s for a lock. A running statement
 * ends within a second after its client is gone (https://www.postgresql.org/docs/current/runtime-config-connection.html).
 */
const sessionSettings = [`set lock_timeout = '2500ms'`, `set client_connection_check_interval = '1s'`];

/** Milliseconds in which the server notices that a client is gone. */
const noticedWithin = 1_000;

/** The connections of one service. */
export class Connections {
  /** Milliseconds for all reads of one operation. */
  readonly operationTimeout: number;
  readonly #pool: pg.Pool;
  readonly #size: number;
  readonly #shares: Shares;
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #known = new WeakMap<PoolClient, Connection>();
  readonly #open = new Set<Client>();
  readonly #taken = new Set<Connection>();
  /** Rises when a prepared statement turns out to be stale. What older connections prepared may be stale as well. */
  #generation = 1;

  constructor(options: DatabaseOptions) {
    const { statementTimeout = 15_000, connectionTimeout = 5_000, poolSize = 10 } = options;
    this.operationTimeout = options.operationTimeout ?? 20_000;
    this.#size = poolSize;
    this.#shares = new Shares(Math.ceil(poolSize / 2), connectionTimeout);
    this.#onStatement = options.onStatement;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: poolSize,
      connectionTimeoutMillis: connectionTimeout,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: options.longestLife ?? longestLife,
      statement_timeout: statementTimeout,
      query_timeout: statementTimeout + answerGrace,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: '-c timezone=UTC -c datestyle=ISO',
      Client: Client as unknown as new () => Client,
      // Loaders of one operation send their statements at the same time on its one connection.
      pipeline: true,
    });
    // A connection that dies while idle is replaced at the next use; without a listener the process would end.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => {
      // One that dies while nothing runs on it fails the next statement. The listener has to be there before the connection is handed out:
      // the server's last words can come in the same packet as the end of its greeting.
      client.on('error', () => undefined);
      this.#open.add(driverClient(client));
      for (const setting of sessionSettings) client.query(setting).catch(() => undefined);
    });
    this.#pool.on('remove', (client) => this.#open.delete(driverClient(client)));
  }

  /** Whether slow statements hold half of the connections, as they do when they wait for a lock. */
  get isCrowded(): boolean {
    const since = performance.now() - slowAfter;
    let slow = 0;
    for (const { busySince } of this.#taken) if (busySince !== undefined && busySince < since) slow += 1;
    return slow >= this.#size / 2;
  }

  /**
   * Takes a connection for one transaction of a person, who can hold half of them at the same time. Throws TOO_MANY_REQUESTS when that person's
   * other requests hold them for too long.
   */
  async takeFor(personId: string): Promise<Connection> {
    await this.#shares.take(personId);
    try {
      const connection = await this.take();
      connection.personId = personId;
      return connection;
    } catch (error) {
      this.#shares.give(personId);
      throw error;
    }
  }

  /** Takes a connection for nobody. */
  async take(): Promise<Connection> {
    const client = await this.#pool.connect();
    let connection = this.#known.get(client);
    if (connection === undefined) {
      connection = new Connection(client, this.#generation, this.#onStatement);
      this.#known.set(client, connection);
    }
    this.#taken.add(connection);
    return connection;
  }

  /** Takes a connection back, and cuts it off where it can't be used again: it is lost, or what it prepared no longer fits the tables. */
  giveBack(connection: Connection, isLost: boolean): void {
    const { client, personId } = connection;
    connection.transaction = undefined;
    connection.personId = undefined;
    this.#taken.delete(connection);
    if (connection.isStale && connection.generation === this.#generation) this.#generation += 1;
    const isWorking = connection.busySince !== undefined;
    // The driver would wait for the statements that are under way.
    if (isLost) driverClient(client).cut();
    const giveUp = (): void => {
      client.release(isLost || connection.generation < this.#generation);
      if (personId !== undefined) this.#shares.give(personId);
    };
    // The server works on for a moment. Whoever hangs up again and again must not have more of it at work than the pool has places.
    if (isLost && isWorking) setTimeout(giveUp, noticedWithin);
    else giveUp();
  }

  /** Waits some seconds for what is under way, and closes every connection. */
  async close(): Promise<void> {
    const deadline = setTimeout(() => {
      for (const client of this.#open) client.cut();
    }, closeWithin);
    try {
      await this.#pool.end();
    } finally {
      clearTimeout(deadline);
    }
  }
}

/** The pool makes its clients of our class; its types don't say so. */
function driverClient(client: PoolClient): Client {
  return client as unknown as Client;
}
