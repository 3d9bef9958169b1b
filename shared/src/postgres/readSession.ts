import type { BuildQuery, Tables } from './connection.js';
import type { Connections } from './connections.js';
import { labelledDatabase } from './labelled.js';
import type { LabelledDatabase } from './labelled.js';
import { Transaction } from './transaction.js';

/** The reads of one operation: one READ ONLY transaction, so that everything in an answer is of one moment. */
export class ReadSession {
  readonly #connections: Connections;
  readonly #personId: string;
  #opened: Promise<Transaction> | undefined;
  #isClosed = false;

  constructor(connections: Connections, personId: string) {
    this.#connections = connections;
    this.#personId = personId;
  }

  /** Drizzle in this transaction; `label` is `<subgraph>:<loader>`. */
  db(label: string): LabelledDatabase {
    return labelledDatabase(label, async (statement, values) => (await this.#transaction()).query(statement, values));
  }

  /** Runs a query that is built once for each connection and key. `tables` are those of the subgraph. */
  async execute<Result>(
    key: string,
    tables: Tables,
    build: BuildQuery<Result>,
    values: Record<string, unknown>,
  ): Promise<Result> {
    return (await this.#transaction()).execute(key, tables, build, values);
  }

  /** Takes a connection at the first statement. */
  async #transaction(): Promise<Transaction> {
    if (this.#isClosed) throw new Error('A read came after its session had been closed; await every loader.');
    this.#opened ??= this.#connections.take().then((connection) => new Transaction(connection, 'read', this.#personId));
    return this.#opened;
  }

  /** Ends the transaction and gives the connection back. Harmless when nothing was read, or when called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A connection that never came has already failed the read that asked for it.
    const transaction = await this.#opened?.catch(() => undefined);
    if (transaction === undefined) return;
    const { isClean } = transaction;
    const isLost = transaction.end('commit').then(
      () => false,
      () => true,
    );
    // Nothing was written, so nobody waits for COMMIT: what comes next on the connection follows it. A statement that nobody waits for any
    // more keeps the connection until it is answered; a failure may have been the connection's.
    this.#connections.giveBack(transaction.connection, isClean ? false : await isLost);
  }
}
