import type { Pool, PoolClient } from 'pg';
import { Session, textualTimes } from './session.js';
import type { Statements } from './statements.js';
import type { LabelledDatabase, ReadTransaction } from './transaction.js';

/** The reads of one operation: one READ ONLY transaction, so that everything in an answer is of one moment. */
export class ReadSession implements ReadTransaction {
  readonly #pool: Pool;
  readonly #personId: string;
  readonly #statements: Statements;
  readonly #session: Session;
  #client: Promise<PoolClient> | undefined;
  #isClosed = false;

  constructor(pool: Pool, personId: string, statements: Statements) {
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
    this.#statements.begin(client, 'read', this.#personId);
    return client;
  }

  /** Ends the transaction and gives the connection back. Harmless when nothing was read, or when called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A connection that never came has already failed the read that asked for it.
    const client = await this.#client?.catch(() => undefined);
    if (client === undefined) return;
    if (this.#session.failure === undefined && this.#session.underWay === 0) {
      // Nothing was written and nobody waits for it: it ends in the exchange in which the next one on the connection begins.
      this.#statements.endLater(client);
      client.release(this.#statements.isOutdated(client));
      return;
    }
    // What failed may have been the connection, and what nobody waits for any more may fail yet: an error in one field of an answer leaves its siblings reading.
    try {
      await this.#statements.end(client, 'commit');
      client.release(this.#session.mustEnd ?? this.#statements.isOutdated(client));
    } catch (error) {
      client.release(error as Error);
    }
  }
}
