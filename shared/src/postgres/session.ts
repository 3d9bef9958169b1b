import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { CustomTypesConfig, PoolClient, QueryArrayConfig, QueryResult } from 'pg';
import { sqlState } from './sqlState.js';
import { isStalePreparation } from './statements.js';
import type { Statements } from './statements.js';
import type { BuiltStatement, LabelledDatabase } from './transaction.js';

const asText = (value: string): string => value;
/** Timestamps, dates and intervals, and lists of them: their text has the microseconds, a JavaScript Date does not. */
const timeTypes = new Set([1082, 1114, 1184, 1186, 1115, 1182, 1185, 1187, 1231]);
/** How `rows` and `send` read values: as Drizzle does, but for times, which stay text. */
export const textualTimes: CustomTypesConfig = {
  getTypeParser: (oid, format) => (timeTypes.has(oid) ? asText : pg.types.getTypeParser(oid, format)) as never,
};

type Connect = () => PoolClient | Promise<PoolClient>;

/** The statements of one transaction, whoever sends them. */
export class Session {
  /** What failed first. PostgreSQL refuses every statement after it, with an error that says nothing but that. */
  failure: unknown;
  /** Why the connection can not be used again: what it prepared no longer fits the tables. */
  mustEnd: Error | undefined;
  /** Statements whose answers have not come yet, or not been asked for: the connection is not there yet. */
  underWay = 0;
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
    this.underWay += 1;
    try {
      return await this.#run(await this.#connect(), config, values);
    } finally {
      this.underWay -= 1;
    }
  }

  /** On the connection that it has, before it returns. Throws, having sent nothing, where a value is no plain one. */
  send(
    client: PoolClient,
    label: string,
    statement: BuiltStatement,
    explain: (failure: unknown) => unknown = (failure) => failure,
  ): Promise<unknown[][]> {
    const odd = statement.params.findIndex((value) => !isPlain(value));
    if (odd >= 0) throw new Error(`Value $${odd + 1} of a statement of ${label} is not plain: ${typeof statement.params[odd]}.`);
    return this.#send(client, label, statement, explain);
  }

  async #send(
    client: PoolClient,
    label: string,
    { sql, params }: BuiltStatement,
    explain: (failure: unknown) => unknown,
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
    let result: QueryResult;
    try {
      result = await this.#statements.query(client, config, values);
    } catch (error) {
      // After a failure the server refuses what follows, and does not know what it was to prepare.
      const state = sqlState(error);
      if (this.failure !== undefined && (state === '25P02' || state === '26000')) throw this.failure as Error;
      this.#note(error, config.text);
      throw error;
    }
    // After a failure a transaction answers nothing. What is answered then was carried out outside of it, because BEGIN itself had failed: as nobody.
    if (this.failure !== undefined) throw this.failure as Error;
    return result;
  }

  #note(failure: unknown, text: string): void {
    this.failure ??= failure;
    // For the log, as Drizzle's own errors have it: the text, without the values, which are people's data.
    if (sqlState(failure) !== undefined) (failure as { query?: string }).query ??= text;
    if (isStalePreparation(failure)) {
      this.mustEnd = failure as Error;
      this.#statements.forget();
    }
  }
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
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
