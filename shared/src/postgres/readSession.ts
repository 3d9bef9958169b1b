import { AppError } from '../errors/AppError.js';
import type { BuildQuery, Tables } from './connection.js';
import type { Connections } from './connections.js';
import { labelledDatabase } from './labelled.js';
import type { LabelledDatabase } from './labelled.js';
import { Transaction } from './transaction.js';

/** The reads of one operation: one READ ONLY transaction, so that everything in an answer is of one moment. */
export class ReadSession {
  readonly #connections: Connections;
  readonly #personId: string;
  readonly #signal: AbortSignal | undefined;
  #opened: Promise<Transaction> | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** Why the reads were ended before their time. */
  #reason: AppError | undefined;
  #isClosed = false;

  constructor(connections: Connections, personId: string, signal?: AbortSignal) {
    this.#connections = connections;
    this.#personId = personId;
    this.#signal = signal;
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

  async #transaction(): Promise<Transaction> {
    if (this.#signal?.aborted) throw hungUp();
    if (this.#reason !== undefined) throw this.#reason;
    if (this.#isClosed) throw new Error('A read came after its session had been closed; await every loader.');
    return (this.#opened ??= this.#begin());
  }

  /** Takes a connection at the first statement. */
  async #begin(): Promise<Transaction> {
    const limit = this.#connections.operationTimeout;
    this.#deadline = setTimeout(() => void this.#cancel(tooLong(limit)), limit);
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    const connection = await this.#connections.takeFor(this.#personId);
    if (this.#reason !== undefined) {
      this.#connections.giveBack(connection, false);
      throw this.#reason;
    }
    return new Transaction(connection, 'read', this.#personId, this.#connections.isCrowded);
  }

  readonly #onAbort = (): void => void this.#cancel(hungUp());

  /** Cuts the connection off, so that the server ends what runs on it. Statements under way fail with the reason. */
  async #cancel(reason: AppError): Promise<void> {
    this.#reason ??= reason;
    const transaction = await this.#end();
    if (transaction === undefined) return;
    transaction.failure ??= reason;
    this.#connections.giveBack(transaction.connection, true);
  }

  /** Closes the session. Returns the transaction that is left to end, if there is one. */
  async #end(): Promise<Transaction | undefined> {
    if (this.#isClosed) return undefined;
    this.#isClosed = true;
    clearTimeout(this.#deadline);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    // A connection that never came has already failed the read that asked for it.
    return this.#opened?.catch(() => undefined);
  }

  /** Ends the transaction and gives the connection back. Harmless when nothing was read, or when called again. */
  async close(): Promise<void> {
    const transaction = await this.#end();
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

function hungUp(): AppError {
  return new AppError('CANCELLED', 'The caller hung up before the answer was complete.', {
    hint: 'Send the query again, and wait for its answer.',
  });
}

function tooLong(limit: number): AppError {
  return new AppError('TIMED_OUT', `The reads of this operation took longer than ${limit / 1_000} s.`, {
    hint: 'Ask for a smaller page, narrow the filter, or send the parts as operations of their own.',
  });
}
