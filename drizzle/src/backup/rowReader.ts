import { Readable } from 'node:stream';
import { AppError } from '@bailiwick/kernel/errors';
import type { Connection, Submittable } from 'pg';
import { CopyRows, pieceBytes } from './copyRows.js';

/** What pg calls on a query, by name. */
interface CopyQuery extends Submittable {
  handleError(error: Error): void;
  handleCommandComplete(message: { text?: string }): void;
  handleReadyForQuery(): void;
}

type Listener = (chunk: Buffer) => void;

/**
 * A query for pg that gives the CSV of `COPY (SELECT <a 64-bit number>, …) TO STDOUT (FORMAT csv, HEADER)` without its first column, in large pieces. It
 * takes the bytes off the socket itself while the rows come: pg would make an object of each.
 */
export class RowReader extends Readable implements CopyQuery {
  readonly #text: string;
  readonly #onBytes: (bytes: number) => void;
  readonly #rows = new CopyRows((piece) => this.#give(piece));
  #connection: Connection | undefined;
  /** How pg listens to the socket, while it does not. */
  #theirs: Listener | undefined;
  #told: number | undefined;
  #tellFree: () => void = () => undefined;
  /** When the session can take its next statement: every row has come, and the server has said so. Never for a COPY that failed. */
  readonly isFree = new Promise<void>((resolve) => (this.#tellFree = resolve));

  constructor(text: string, onBytes: (bytes: number) => void) {
    super({ highWaterMark: 2 * pieceBytes });
    this.#text = text;
    this.#onBytes = onBytes;
  }

  /**
   * Once the stream has ended: how many rows came, and the sum of their numbers.
   * @throws BACKUP_FAILED when the server counted others.
   */
  result(): { rows: number; sum: string } {
    const { rows, sum } = this.#rows;
    if (rows !== this.#told) {
      throw new AppError(
        'BACKUP_FAILED',
        `The server has sent ${this.#told ?? 'an unknown number of'} rows, and ${rows} have come.`,
        {
          hint: 'Look at what stands between here and the server, a connection pooler for example, then take it again.',
        },
      );
    }
    return { rows, sum: String(sum) };
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    [this.#theirs] = connection.stream.listeners('data') as Listener[];
    if (this.#theirs) connection.stream.off('data', this.#theirs);
    connection.stream.on('data', this.#take);
    connection.query(this.#text);
  }

  override _read(): void {
    if (this.#theirs) this.#connection?.stream.resume();
  }

  handleError(error: Error): void {
    this.#handBack();
    this.destroy(error);
  }

  handleCommandComplete({ text = '' }: { text?: string }): void {
    this.#told = Number(/^COPY (\d+)/.exec(text)?.[1]);
  }

  handleReadyForQuery(): void {
    this.push(null);
    this.#tellFree();
  }

  #give(piece: Buffer): void {
    if (!this.push(piece)) this.#connection?.stream.pause();
  }

  readonly #take = (chunk: Buffer): void => {
    this.#onBytes(chunk.length);
    const after = this.#rows.take(chunk);
    if (after) this.#handBack(after);
  };

  /** What follows the rows is for pg to read: the end of the statement, or an error. */
  #handBack(after?: Buffer): void {
    const theirs = this.#theirs;
    if (!theirs || !this.#connection) return;
    const { stream } = this.#connection;
    this.#theirs = undefined;
    stream.off('data', this.#take);
    stream.on('data', theirs);
    stream.resume();
    if (after) theirs(after);
  }
}
