import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { CustomTypesConfig, PoolClient, QueryArrayConfig, QueryResult } from 'pg';
import { sqlState } from './sqlState.js';
import { isStalePreparation, Statements } from './statements.js';

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

/** Beside that, reads with statements that were built before. */
export interface ReadTransaction extends Transaction {
  /** Runs a labelled statement; returns its rows as lists of values. Dates and times stay text, as in Drizzle's own rows. */
  rows(text: string, values: unknown[]): Promise<unknown[][]>;
}

/** Beside that, writes that nobody waits for before the end. */
export interface WriteTransaction extends Transaction {
  /**
   * Sends a statement that Drizzle built, at once: whatever is sent next leaves behind it without waiting for its answer, COMMIT too. Where it
   * fails everything is rolled back, and `write` throws what `explain` makes of the failure. Returns rows as `ReadTransaction.rows` does.
   */
  send(label: string, statement: BuiltStatement, explain?: (failure: unknown) => unknown): Promise<unknown[][]>;
}

/** What `toSQL()` of Drizzle's builders returns. */
export interface BuiltStatement {
  readonly sql: string;
  readonly params: unknown[];
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
    const session = new Session(() => client, statements);
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
      void toCome(begin(client, 'begin', personId, statements));
      const result = await work({
        db: (label) => session.db(label),
        send: (label, statement, explain) => toCome(session.send(client, label, statement, explain)),
      });
      committed = statements.send(client, 'commit');
      committed.catch(() => undefined);
      for (const answer of sent) await answer;
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement failed and `work` went on.
      if ((await committed) !== 'COMMIT') throw session.failure;
      return result;
    } catch (error) {
      // Once COMMIT is sent there is nothing to roll back.
      await (committed ?? statements.send(client, 'rollback')).catch((failure: Error) => (broken = failure));
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
    await this.#pool.query('/* kernel:ping */ select 1');
  }
}

/** The reads of one operation: one READ ONLY transaction, so that everything in an answer is of one moment. */
export class ReadSession implements ReadTransaction {
  readonly #pool: pg.Pool;
  readonly #personId: string;
  readonly #statements: Statements;
  readonly #session: Session;
  #client: Promise<PoolClient> | undefined;
  #isClosed = false;

  constructor(pool: pg.Pool, personId: string, statements: Statements) {
    this.#pool = pool;
    this.#personId = personId;
    this.#statements = statements;
    this.#session = new Session(() => this.#connected(), statements);
  }

  db(label: string): LabelledDatabase {
    return this.#session.db(label);
  }

  async rows(text: string, values: unknown[]): Promise<unknown[][]> {
    const { rows } = await this.#session.query({ text, rowMode: 'array', types: textualTimes }, values);
    return rows as unknown[][];
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
    begin(client, 'begin isolation level repeatable read read only', this.#personId, this.#statements).catch(() => undefined);
    return client;
  }

  /** Ends the transaction and gives the connection back. Harmless when nothing was read, or when called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A connection that never came has already failed the read that asked for it.
    const client = await this.#client?.catch(() => undefined);
    if (client === undefined) return;
    if (this.#session.failure === undefined) {
      // Nothing was written and nobody waits for it: it costs whoever is next on the connection no packet of its own.
      this.#statements.sendWithNext(client, 'commit').catch(() => undefined);
      client.release(this.#statements.isOutdated(client));
      return;
    }
    // What failed may have been the connection.
    try {
      await this.#statements.send(client, 'commit');
      client.release(this.#session.mustEnd ?? this.#statements.isOutdated(client));
    } catch (error) {
      client.release(error as Error);
    }
  }
}

const asText = (value: string): string => value;
/** Timestamps, dates and intervals, and lists of them: their text has the microseconds, a JavaScript Date does not. */
const timeTypes = new Set([1082, 1114, 1184, 1186, 1115, 1182, 1185, 1187, 1231]);
const textualTimes: CustomTypesConfig = {
  getTypeParser: (oid, format) => (timeTypes.has(oid) ? asText : pg.types.getTypeParser(oid, format)) as never,
};

const setPerson = "/* kernel:person */ select set_config('app.person_id', $1, true)";

async function begin(client: PoolClient, statement: string, personId: string, statements: Statements): Promise<void> {
  await Promise.all([statements.send(client, statement), statements.query(client, { text: setPerson }, [personId])]);
}

async function firstFailure(answers: readonly Promise<unknown>[], otherwise: unknown): Promise<unknown> {
  const failed = (await Promise.allSettled(answers)).find(({ status }) => status === 'rejected');
  return failed?.status === 'rejected' ? failed.reason : otherwise;
}

type Connect = () => PoolClient | Promise<PoolClient>;

/** The statements of one transaction, whoever sends them. */
class Session {
  /** What failed first. PostgreSQL refuses every statement after it, with an error that says nothing but that. */
  failure: unknown;
  /** Why the connection can not be used again: what it prepared no longer fits the tables. */
  mustEnd: Error | undefined;
  readonly #connect: Connect;
  readonly #statements: Statements;

  constructor(connect: Connect, statements: Statements) {
    this.#connect = connect;
    this.#statements = statements;
  }

  db(label: string): LabelledDatabase {
    return drizzle(new LabelledClient(this, label) as unknown as PoolClient);
  }

  async query(config: QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    return this.#run(await this.#connect(), config, values);
  }

  /** On the connection that it has, before it returns. */
  async send(
    client: PoolClient,
    label: string,
    { sql, params }: BuiltStatement,
    explain: (failure: unknown) => unknown = (failure) => failure,
  ): Promise<unknown[][]> {
    const text = `/* ${label} */ ${sql}`;
    try {
      const { rows } = await this.#run(client, { text, rowMode: 'array', types: textualTimes }, params);
      return rows as unknown[][];
    } catch (failure) {
      throw explain(failure);
    }
  }

  async #run(client: PoolClient, config: QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    try {
      return await this.#statements.query(client, config, values);
    } catch (error) {
      // After a failure the server refuses what follows, and does not know what it was to prepare.
      const state = sqlState(error);
      if (this.failure !== undefined && (state === '25P02' || state === '26000')) throw this.failure as Error;
      this.failure ??= error;
      if (isStalePreparation(error)) {
        this.mustEnd = error as Error;
        this.#statements.forget();
      }
      throw error;
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
