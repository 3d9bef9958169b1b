import { createHash } from 'node:crypto';
import type { PoolClient, QueryArrayConfig, QueryConfig, QueryResult } from 'pg';
import { boundaries, queryBehind } from './exchange.js';
import type { BoundaryAhead } from './exchange.js';
import { bundleWrites } from './packets.js';
import { sqlState } from './sqlState.js';

/** A statement that came so often is worth keeping prepared on a connection. */
const preparedFrom = 2;
/** Texts kept prepared on each connection. With row policies, a plan takes some ten to a hundred kilobytes of the server's memory. */
const preparedAtMost = 200;
/** Texts whose uses are counted. */
const countedAtMost = 2_000;
/** How long the end of a transaction waits for what comes after it on its connection, in milliseconds. */
const endsWithin = 10;

/** What of transactions is not sent yet on a connection. */
interface Unsent {
  /** Ends the last transaction if nothing comes; undefined when it has ended. */
  end?: NodeJS.Timeout | undefined;
  /** Begins the next one. */
  begin?: readonly BoundaryAhead[] | undefined;
}

/**
 * How the statements of one service reach a connection: those that come again are prepared once for each connection and then only bound.
 * With that and fewer columns, a page of cases costs the server half of what it did (docs/performance.md).
 */
export class Statements {
  readonly #onStatement: ((text: string) => void) | undefined;
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #generationOf = new WeakMap<PoolClient, number>();
  readonly #unsent = new WeakMap<PoolClient, Unsent>();
  #generation = 1;

  /** `onStatement` is told the text of every statement that is sent; of a COMMIT that goes with what comes next, when it is decided on. */
  constructor(onStatement: ((text: string) => void) | undefined) {
    this.#onStatement = onStatement;
  }

  /** Begins a transaction of a person. Nothing is sent before its first statement, and then all together. */
  begin(client: PoolClient, kind: 'read' | 'write', personId: string): void {
    this.#unsentOf(client).begin = [
      { boundary: boundaries[kind], values: [] },
      { boundary: boundaries.person, values: [personId] },
    ];
  }

  query(client: PoolClient, config: QueryConfig | QueryArrayConfig, values?: unknown[]): Promise<QueryResult> {
    const ahead = this.#takeUnsent(client);
    this.#onStatement?.(config.text);
    bundleWrites(client);
    if (!this.#generationOf.has(client)) this.#generationOf.set(client, this.#generation);
    const name = this.#nameOf(config.text);
    const named = name === undefined ? config : { ...config, name };
    return ahead.length > 0 ? queryBehind(client, ahead, named, values) : client.query(named, values);
  }

  /** Sends COMMIT or ROLLBACK, and returns the command that the server reports as done. A transaction without a statement counts as ended as wanted. */
  async end(client: PoolClient, text: 'commit' | 'rollback'): Promise<string> {
    if (this.#neverBegan(client)) return text.toUpperCase();
    this.#onStatement?.(text);
    return this.#send(client, text);
  }

  /**
   * Commits a transaction whose outcome nobody waits for: with the first statement of the next one on the connection, or alone when none has
   * come within ten milliseconds.
   */
  endLater(client: PoolClient): void {
    if (this.#neverBegan(client)) return;
    this.#onStatement?.('commit');
    const unsent = this.#unsentOf(client);
    unsent.end = setTimeout(() => {
      unsent.end = undefined;
      // A connection that was closed meanwhile has ended it.
      this.#send(client, 'commit').catch(() => undefined);
    }, endsWithin);
  }

  async #send(client: PoolClient, text: string): Promise<string> {
    bundleWrites(client);
    const { command } = await client.query(text);
    return command;
  }

  /** Whether a transaction ends without a statement: then it has not begun, and there is nothing to end. */
  #neverBegan(client: PoolClient): boolean {
    const unsent = this.#unsent.get(client);
    if (unsent?.begin === undefined) return false;
    unsent.begin = undefined;
    return true;
  }

  #unsentOf(client: PoolClient): Unsent {
    let unsent = this.#unsent.get(client);
    if (unsent === undefined) this.#unsent.set(client, (unsent = {}));
    return unsent;
  }

  /** What has to go before the next statement. */
  #takeUnsent(client: PoolClient): readonly BoundaryAhead[] {
    const unsent = this.#unsent.get(client);
    if (unsent?.end === undefined && unsent?.begin === undefined) return [];
    const { end, begin = [] } = unsent;
    clearTimeout(end);
    unsent.end = unsent.begin = undefined;
    if (this.#onStatement) for (const { boundary } of begin) this.#onStatement(boundary.text);
    return end === undefined ? begin : [{ boundary: boundaries.commit, values: [] }, ...begin];
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
