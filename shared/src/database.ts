import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { PoolClient, QueryArrayConfig, QueryResult } from 'pg';
import { causesOf } from './errors.js';

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

/** Queries of one labelled room of code. The label stands in every statement, so that pg_stat_activity and logs name it. */
export type LabelledDatabase = NodePgDatabase;

/** What reads and writes have in common: a labelled way into one transaction. */
export interface Transaction {
  /** `label` is `<subgraph>:<loader or operation>`. */
  db(label: string): LabelledDatabase;
}

/** The connections of one service. Every statement goes through a transaction that carries the person's id. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #onStatement: ((text: string) => void) | undefined;

  constructor(options: DatabaseOptions) {
    this.#onStatement = options.onStatement;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.connectionTimeout ?? 5_000,
      idleTimeoutMillis: 60_000,
      statement_timeout: options.statementTimeout ?? 15_000,
      idle_in_transaction_session_timeout: 60_000,
      options: '-c timezone=UTC -c datestyle=ISO',
      // Loaders of one operation run at the same time on its one connection. pg 9 refuses that without pipelining; with it, BEGIN,
      // the person's id and the first statement also share one round trip (docs/performance.md has the figures).
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
    return new ReadSession(this.#pool, personId, this.#onStatement);
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
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const opened = begin(client, 'begin', personId, this.#onStatement);
      // Awaited below; until then its failure must not count as unhandled. It fails every statement after it as well.
      opened.catch(() => undefined);
      const session = new Session(() => client, this.#onStatement);
      const result = await work({ db: (label) => session.db(label) });
      await opened;
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement failed and `work` went on.
      if ((await send(client, 'commit', this.#onStatement)) !== 'COMMIT') throw session.failure;
      return result;
    } catch (error) {
      await send(client, 'rollback', this.#onStatement).catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Waits for what is under way and closes every connection. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Asks the server for a sign of life; rejects when there is none. */
  async ping(): Promise<void> {
    await this.#pool.query('/* kernel:ping */ select 1');
  }
}

/** The reads of one operation: one READ ONLY transaction, so that everything in an answer is of one moment. */
export class ReadSession implements Transaction {
  readonly #pool: pg.Pool;
  readonly #personId: string;
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #session: Session;
  #client: Promise<PoolClient> | undefined;
  #isClosed = false;

  constructor(pool: pg.Pool, personId: string, onStatement: ((text: string) => void) | undefined) {
    this.#pool = pool;
    this.#personId = personId;
    this.#onStatement = onStatement;
    this.#session = new Session(() => this.#connected(), onStatement);
  }

  db(label: string): LabelledDatabase {
    return this.#session.db(label);
  }

  #connected(): Promise<PoolClient> {
    if (this.#isClosed)
      throw new Error('A read came after its session had been closed; every loader must be awaited by its resolver.');
    this.#client ??= this.#open();
    return this.#client;
  }

  async #open(): Promise<PoolClient> {
    const client = await this.#pool.connect();
    // Not awaited: the first statement follows in the same round trip. When BEGIN fails the connection is lost, and that statement fails too.
    begin(client, 'begin isolation level repeatable read read only', this.#personId, this.#onStatement).catch(() => undefined);
    return client;
  }

  /** Ends the transaction and gives the connection back. Harmless when nothing was read, or when called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A connection that never came has already failed the read that asked for it.
    const client = await this.#client?.catch(() => undefined);
    if (client === undefined) return;
    try {
      await send(client, 'commit', this.#onStatement);
      client.release();
    } catch (error) {
      client.release(error as Error);
    }
  }
}

async function begin(
  client: PoolClient,
  statement: string,
  personId: string,
  onStatement: ((text: string) => void) | undefined,
): Promise<void> {
  const started = send(client, statement, onStatement);
  const text = "/* kernel:person */ select set_config('app.person_id', $1, true)";
  onStatement?.(text);
  await Promise.all([started, client.query(text, [personId])]);
}

/** Returns the command that the server reports as done. */
async function send(client: PoolClient, statement: string, onStatement: ((text: string) => void) | undefined): Promise<string> {
  onStatement?.(statement);
  const { command } = await client.query(statement);
  return command;
}

type Connect = () => PoolClient | Promise<PoolClient>;

/** The statements of one transaction, whoever sends them. */
class Session {
  /** What failed first. PostgreSQL refuses every statement after it, with an error that says nothing but that. */
  failure: unknown;
  readonly #connect: Connect;
  readonly #onStatement: ((text: string) => void) | undefined;

  constructor(connect: Connect, onStatement: ((text: string) => void) | undefined) {
    this.#connect = connect;
    this.#onStatement = onStatement;
  }

  db(label: string): LabelledDatabase {
    return drizzle(new LabelledClient(this, label) as unknown as PoolClient);
  }

  async query(config: QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    const client = await this.#connect();
    this.#onStatement?.(config.text);
    try {
      return await client.query(config, values);
    } catch (error) {
      this.failure ??= error;
      throw sqlState(error) === '25P02' ? this.failure : error;
    }
  }
}

/** What Drizzle takes for a pg client. A class, because Drizzle reads a plain object as its configuration. */
class LabelledClient {
  readonly #session: Session;
  readonly #label: string;

  constructor(session: Session, label: string) {
    this.#session = session;
    this.#label = label;
  }

  query(config: QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    return this.#session.query({ ...config, text: `/* ${this.#label} */ ${config.text}` }, values);
  }
}

/** The SQLSTATE of an error of the server, also where Drizzle wrapped it; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return findDatabaseError(error)?.code;
}

/** Finds the server's own error in an error or among its causes. */
export function findDatabaseError(error: unknown): pg.DatabaseError | undefined {
  return causesOf(error).find((cause) => cause instanceof pg.DatabaseError);
}
