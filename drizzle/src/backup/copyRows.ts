/** Compression works on pieces of this size; each is one hop to a thread and back, so a row alone would be far too small. */
export const pieceBytes = 256 * 1024;

/** Bytes that mean something here. */
const sign = { zero: 0x30, minus: 0x2d, comma: 0x2c, backslash: 0x5c, dot: 0x2e } as const;
/** First bytes of the messages that come during a COPY; the last four are no rows: its begin, parameters, notices. */
const code = { row: 0x64, copyOut: 0x48, parameter: 0x53, notice: 0x4e, notification: 0x41 } as const;
const isAround = (byte: number | undefined): boolean =>
  byte === code.copyOut || byte === code.parameter || byte === code.notice || byte === code.notification;

/** Code and length of a message. */
const headBytes = 5;
/** What of a row must be there to begin with it: a 64-bit number with its sign and comma, and `\.` with its line end. */
const beginBytes = 21 + 3;
/** A number is read in two parts, which stay exact when those of a few thousand rows are added. */
const lowerDigits = 9;
const lowerBase = 1_000_000_000n;

/**
 * Takes apart what a server sends for `COPY (SELECT <a 64-bit number>, …) TO STDOUT (FORMAT csv, HEADER)`: the CSV without its first column, and the sum
 * of that column. Each row is a message of its own (PostgreSQL: "Message Formats", CopyData), and there are millions: each is looked at once, and copied
 * once, to its place in a large piece.
 */
export class CopyRows {
  readonly #onPiece: (piece: Buffer) => void;
  /** The begin of a message that is not understood yet. */
  #rest: Buffer | undefined;
  /** Bytes of a message that are still to come, and whether they are a row's. */
  #left = 0;
  #isRow = false;
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  #messages = 0;
  #upper = 0;
  #lower = 0;
  #sum = 0n;

  constructor(onPiece: (piece: Buffer) => void) {
    this.#onPiece = onPiece;
  }

  /** Without the header. */
  get rows(): number {
    return Math.max(0, this.#messages - 1);
  }

  get sum(): bigint {
    return this.#sum;
  }

  /** @returns what comes after the last row, from there on: the COPY has ended, or failed. Undefined while it goes on. */
  take(received: Buffer): Buffer | undefined {
    const chunk = this.#rest ? Buffer.concat([this.#rest, received]) : received;
    this.#rest = undefined;
    let at = this.#message(chunk, 0);
    let after: Buffer | undefined;
    while (chunk.length - at >= headBytes) {
      const from = at + headBytes;
      this.#isRow = chunk[at] === code.row;
      if (!this.#isRow && !isAround(chunk[at])) {
        after = chunk.subarray(at);
        this.#pass();
        break;
      }
      const length = chunk.readUInt32BE(at + 1) - 4;
      if (this.#isRow && chunk.length - from < Math.min(length, beginBytes)) break;
      this.#left = length;
      at = this.#message(chunk, this.#isRow ? this.#number(chunk, from) : from);
    }
    this.#sum += BigInt(this.#upper) * lowerBase + BigInt(this.#lower);
    this.#upper = this.#lower = 0;
    if (!after && at < chunk.length) this.#rest = chunk.subarray(at);
    return after;
  }

  /** Takes the number that a row begins with; the header begins with its name. @returns where the rest of the row begins. */
  #number(chunk: Buffer, from: number): number {
    let comma = from;
    while (chunk[comma] !== sign.comma) comma++;
    if (this.#messages++ > 0) this.#add(chunk, from, comma);
    const begin = comma + 1;
    this.#left -= begin - from;
    // A line that is nothing but `\.` ends a COPY … FROM. PostgreSQL quotes it in a table of one column; with the number before it, it was none.
    if (this.#left === 3 && chunk[begin] === sign.backslash && chunk[begin + 1] === sign.dot) {
      this.#keep(Buffer.from('"\\."\n'), 0, 5);
      this.#left = 0;
      return begin + 3;
    }
    return begin;
  }

  #add(chunk: Buffer, from: number, end: number): void {
    const isNegative = chunk[from] === sign.minus;
    let [upper, lower] = [0, 0];
    let at = isNegative ? from + 1 : from;
    for (; at < end - lowerDigits; at++) upper = upper * 10 + (chunk[at] as number) - sign.zero;
    for (; at < end; at++) lower = lower * 10 + (chunk[at] as number) - sign.zero;
    this.#upper += isNegative ? -upper : upper;
    this.#lower += isNegative ? -lower : lower;
  }

  /** Takes what is left of a message, or as much of it as the chunk has. @returns where that ends. */
  #message(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.#left);
    this.#left -= end - from;
    if (this.#isRow) this.#keep(chunk, from, end);
    return end;
  }

  #keep(chunk: Buffer, from: number, end: number): void {
    for (let at = from; at < end;) {
      const size = Math.min(end - at, pieceBytes - this.#filled);
      chunk.copy(this.#piece, this.#filled, at, at + size);
      this.#filled += size;
      at += size;
      if (this.#filled === pieceBytes) this.#pass();
    }
  }

  #pass(): void {
    if (this.#filled === 0) return;
    this.#onPiece(this.#piece.subarray(0, this.#filled));
    this.#piece = Buffer.allocUnsafeSlow(pieceBytes);
    this.#filled = 0;
  }
}
