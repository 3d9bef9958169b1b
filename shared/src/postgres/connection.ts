import { createHash } from 'node:crypto';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { LRUCache } from 'lru-cache';
import type { PoolClient, QueryResult } from 'pg';
import { asClient } from './labelled.js';
import type { RunStatement, Statement } from './labelled.js';
import { sqlState } from './sqlState.js';

/** The tables and relations of a subgraph, as Drizzle takes them: what its tables.ts exports. */
export type Tables = Record<string, unknown>;

/** A query of Drizzle that is built, and takes the values of its placeholders. */
export interface PreparedQuery<Result> {
  execute(values: Record<string, unknown>): Promise<Result>;
}

/** Builds a query. The name that it gives to Drizzle's `prepare` is its label. */
export type BuildQuery<Result> = (db: NodePgDatabase<Tables>) => PreparedQuery<Result>;

/** Statements that stay prepared on each connection. With row policies a plan takes up to a hundred kilobytes of the server's memory. */
const statementsKept = 200;

/**
 * One connection of a service. It keeps each statement prepared, and gives up the least recently used one when there are too many.
 * It also keeps the built queries of Drizzle, because Drizzle binds a built query to the connection it runs on.
 */
export class Connection {
  /** The transaction that runs on it now. */
  transaction: { readonly query: RunStatement } | undefined;
  /** Whether a migration changed a table under a prepared statement. The connection can't be used again then. */
  isStale = false;
  /** The person whose share of the connections it is part of. */
  personId: string | undefined;
  /** The moment of `performance.now()` since which the server works on its statements; undefined when all are answered. */
  busySince: number | undefined;
  readonly client: PoolClient;
  readonly generation: number;
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #queries = new LRUCache<string, PreparedQuery<unknown>>({ max: statementsKept });
  readonly #names = new LRUCache<string, string>({
    max: statementsKept,
    dispose: (name, _text, reason) => {
      if (reason === 'evict') this.#deallocate(name);
    },
  });
  #named = 0;
  #unanswered = 0;
  #database: NodePgDatabase<Tables> | undefined;

  constructor(client: PoolClient, generation: number, onStatement: ((text: string) => void) | undefined) {
    this.client = client;
    this.generation = generation;
    this.#onStatement = onStatement;
  }

  /** The query with this key, built at its first use on this connection. */
  prepared<Result>(key: string, tables: Tables, build: BuildQuery<Result>): PreparedQuery<Result> {
    let query = this.#queries.get(key) as PreparedQuery<Result> | undefined;
    if (query === undefined) {
      query = build((this.#database ??= this.#open(tables)));
      this.#queries.set(key, query);
    }
    return query;
  }

  /** Sends a statement under a prepared name. Does not wait for what was sent before it: the driver pipelines. */
  async query(statement: Statement, values?: unknown[]): Promise<QueryResult> {
    this.#onStatement?.(statement.text);
    try {
      return await this.#answered(this.client.query({ ...statement, name: this.#nameOf(statement.text) }, values));
    } catch (error) {
      // For the log: the text without the values, which are people's data.
      if (sqlState(error) !== undefined) (error as { query?: string }).query ??= statement.text;
      throw error;
    }
  }

  /** Sends BEGIN, COMMIT or ROLLBACK. Returns the command that the server reports as done. */
  async command(text: string): Promise<string> {
    this.#onStatement?.(text);
    const { command } = await this.#answered(this.client.query(text));
    return command;
  }

  async #answered(query: Promise<QueryResult>): Promise<QueryResult> {
    this.#unanswered += 1;
    this.busySince ??= performance.now();
    try {
      return await query;
    } finally {
      this.#unanswered -= 1;
      this.busySince = this.#unanswered === 0 ? undefined : performance.now();
    }
  }

  #open(tables: Tables): NodePgDatabase<Tables> {
    const client = asClient((statement, values) => {
      const text = `/* ${statement.name} */ ${statement.text}`;
      return this.transaction!.query({ ...statement, text }, values);
    });
    return drizzle(client, { schema: tables });
  }

  #nameOf(text: string): string {
    let name = this.#names.get(text);
    if (name === undefined) {
      // The number, because the driver refuses a second text under a name that it knows. The hash, so that a connection pooler between us
      // and the server can't take one statement for another.
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
      name = `bailiwick_${(this.#named += 1)}_${hash}`;
      this.#names.set(text, name);
    }
    return name;
  }

  #deallocate(name: string): void {
    // In a transaction that has failed the server refuses it, and the statement stays until the connection closes.
    this.client.query(`deallocate "${name}"`).catch(() => undefined);
  }
}
