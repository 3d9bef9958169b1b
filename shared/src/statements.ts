import { createHash } from 'node:crypto';
import type { PoolClient, QueryArrayConfig, QueryConfig, QueryResult } from 'pg';
import { bundleWrites, holdWrites } from './packets.js';
import { sqlState } from './sqlState.js';

/** A statement that came so often is worth keeping prepared on a connection. */
const preparedFrom = 2;
/** Texts kept prepared on each connection. With row policies, a plan takes some ten to a hundred kilobytes of the server's memory. */
const preparedAtMost = 200;
/** Texts whose uses are counted. */
const countedAtMost = 2_000;

/**
 * How the statements of one service reach a connection: those that come again are prepared once for each connection and then only bound.
 * With that and fewer columns, a page of cases costs the server half of what it did (docs/performance.md).
 */
export class Statements {
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #generationOf = new WeakMap<PoolClient, number>();
  #generation = 1;

  /** `onStatement` is told the text of every statement that is sent. */
  constructor(onStatement: ((text: string) => void) | undefined) {
    this.#onStatement = onStatement;
  }

  query(client: PoolClient, config: QueryConfig | QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    this.#onStatement?.(config.text);
    bundleWrites(client);
    if (!this.#generationOf.has(client)) this.#generationOf.set(client, this.#generation);
    const name = this.#nameOf(config.text);
    return client.query(name === undefined ? config : { ...config, name }, values);
  }

  /** Sends BEGIN, COMMIT or ROLLBACK, and returns the command that the server reports as done. */
  send(client: PoolClient, text: string): Promise<string> {
    bundleWrites(client);
    return this.#send(client, text);
  }

  /**
   * The same for the end of a transaction whose outcome nobody waits for: it leaves in one packet with what is sent next on the connection, or
   * alone when nothing has come within a millisecond.
   */
  sendWithNext(client: PoolClient, text: string): Promise<string> {
    holdWrites(client);
    return this.#send(client, text);
  }

  async #send(client: PoolClient, text: string): Promise<string> {
    this.#onStatement?.(text);
    const { command } = await client.query(text);
    return command;
  }

  /** Prepares everything anew, under other names, as it comes: what was prepared no longer fits the tables. */
  forget(): void {
    this.#generation += 1;
    this.#names.clear();
  }

  /** Whether the connection keeps what was forgotten since: its memory in the server is only freed with it. */
  isOutdated(client: PoolClient): boolean {
    return (this.#generationOf.get(client) ?? this.#generation) < this.#generation;
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= preparedAtMost) return known;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses >= preparedFrom) {
      // By its text: whatever stands between us and the server can not take one statement for another.
      const name = `bailiwick_${this.#generation}_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
      this.#names.set(text, name);
      this.#uses.delete(text);
      return name;
    }
    if (this.#uses.size >= countedAtMost) this.#uses.clear();
    this.#uses.set(text, uses);
    return undefined;
  }
}

/**
 * Whether a prepared statement no longer fits: a migration changed a column's type under it ("cached plan must not change result type"), or
 * something between us and the server forgot it.
 */
export function isStalePreparation(error: unknown): boolean {
  const state = sqlState(error);
  return state === '26000' || (state === '0A000' && String((error as Error).message).includes('cached plan'));
}
