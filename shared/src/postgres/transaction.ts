import type { QueryResult } from 'pg';
import type { BuildQuery, Connection, Tables } from './connection.js';
import { labelledDatabase } from './labelled.js';
import type { LabelledDatabase, Statement } from './labelled.js';
import { isStalePreparation } from './sqlState.js';

export type TransactionKind = 'read' | 'write';

const beginnings: Record<TransactionKind, string> = {
  // Shows one moment, so that everything in an answer is of that moment.
  read: 'begin isolation level repeatable read read only',
  write: 'begin',
};
/** For a reader, who waits only for a lock that keeps everybody out of a table. */
const hardlyWait = `set local lock_timeout = '100ms'`;
const enter = '/* kernel:person */ select identity.enter($1)';

/** One transaction of one person on one connection. It begins with its first statement. */
export class Transaction {
  readonly connection: Connection;
  /** The first failure. PostgreSQL refuses every statement after it, and says nothing but that. */
  failure: unknown;
  readonly #kind: TransactionKind;
  readonly #personId: string;
  readonly #isCrowded: boolean;
  #begun: Promise<unknown> | undefined;
  #underWay = 0;
  #isOver = false;

  /** `isCrowded`: others hold many connections with slow statements, so it does not wait for locks. */
  constructor(connection: Connection, kind: TransactionKind, personId: string, isCrowded = false) {
    this.connection = connection;
    this.#isCrowded = isCrowded;
    this.#kind = kind;
    this.#personId = personId;
    connection.transaction = this;
  }

  /** Whether every statement was answered, and none failed. */
  get isClean(): boolean {
    return this.#underWay === 0 && this.failure === undefined;
  }

  /** Drizzle in this transaction; `label` is `<subgraph>:<operation>`. */
  db(label: string): LabelledDatabase {
    return labelledDatabase(label, (statement, values) => this.query(statement, values));
  }

  /** Runs a query that is built once for each connection and key. `tables` are those of the subgraph. */
  execute<Result>(key: string, tables: Tables, build: BuildQuery<Result>, values: Record<string, unknown>): Promise<Result> {
    return this.connection.prepared(key, tables, build).execute(values);
  }

  async query(statement: Statement, values?: unknown[]): Promise<QueryResult> {
    if (this.#isOver) throw new Error('A statement came after its transaction had ended; await every statement.');
    const begun = (this.#begun ??= this.#begin());
    this.#underWay += 1;
    try {
      const result = await this.connection.query(statement, values);
      // Where BEGIN failed, the statement ran outside of any transaction, and as nobody.
      await begun;
      return result;
    } catch (error) {
      const cause = await begun.then(
        () => error,
        (failed: unknown) => failed,
      );
      this.failure ??= cause;
      if (isStalePreparation(this.failure)) this.connection.isStale = true;
      throw this.failure;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Ends the transaction. Returns the command that the server reports as done: ROLLBACK for a COMMIT after a failure. */
  async end(command: 'commit' | 'rollback'): Promise<string> {
    this.#isOver = true;
    return this.#begun === undefined ? command.toUpperCase() : this.connection.command(command);
  }

  /** Sends both at once; the first statement follows without waiting for their answers. */
  #begin(): Promise<unknown> {
    const begun = Promise.all([
      this.connection.command(beginnings[this.#kind]),
      ...(this.#isCrowded ? [this.connection.command(hardlyWait)] : []),
      this.connection.query({ text: enter }, [this.#personId]),
    ]);
    begun.catch(() => undefined);
    return begun;
  }
}
