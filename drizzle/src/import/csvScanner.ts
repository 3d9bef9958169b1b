import { AppError } from '@bailiwick/kernel/errors';
import { firstBadByte, unfinishedBytes } from './utf8.js';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;
const LETTER_T = 0x74;
const NULL = '\\N';

/** Where the scanner stands within a field. */
const atStart = 0;
const inPlain = 1;
const inQuotes = 2;
const afterQuote = 3;

export interface CsvScannerOptions {
  /** The file's name, for messages. */
  file: string;
  /** One ASCII character. */
  delimiter: string;
  /** How many fields the header has. */
  fieldCount: number;
}

/**
 * Turns the bytes of a CSV file (RFC 4180) into PostgreSQL's COPY text format, chunk by chunk and byte by byte, so that memory stays flat.
 * Each record becomes: its line number, its fields, and a note when it has too few or too many fields, else NULL.
 * An unquoted empty field is NULL (`\N`), a quoted one is the empty text. Blank lines and the header are passed over.
 * Throws SOURCE_INVALID for what can not be trusted: bytes that are not UTF-8, an unclosed quote, a file cut off in its last record.
 */
export class CsvScanner {
  /** Records read so far, without the header. */
  records = 0;

  readonly #options: CsvScannerOptions;
  readonly #delimiter: number;
  #state = atStart;
  #line = 1;
  #recordLine = 1;
  #field = 0;
  #pendingCr = false;
  #inHeader = true;
  #isBlank = true;
  #isFirstChunk = true;
  #position = 0;
  #surplusBytes = 0;
  #carry = Buffer.alloc(0);
  #out = Buffer.allocUnsafe(0);
  #used = 0;

  constructor(options: CsvScannerOptions) {
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
  }

  /** Takes the next bytes of the file, returns those of the COPY stream. */
  push(chunk: Buffer): Buffer {
    let bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    if (this.#isFirstChunk && bytes.length >= 3) {
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
        bytes = bytes.subarray(3);
        this.#position = 3;
      }
    }
    const whole = bytes.length - unfinishedBytes(bytes);
    this.#carry = Buffer.from(bytes.subarray(whole));
    const text = bytes.subarray(0, whole);
    if (text.length > 0) this.#isFirstChunk = false;
    this.#refuseBadBytes(text);
    this.#out = Buffer.allocUnsafe(text.length * 2 + 4096);
    this.#used = 0;
    this.#scan(text);
    this.#position += text.length;
    return this.#out.subarray(0, this.#used);
  }

  /** Ends the file: returns the bytes of a last record that no newline ends. */
  end(): Buffer {
    if (this.#carry.length > 0) this.#refuseBadBytes(this.#carry);
    this.#out = Buffer.allocUnsafe(4096);
    this.#used = 0;
    this.#pendingCr = false;
    if (this.#state === inQuotes) {
      throw new AppError(
        'SOURCE_INVALID',
        `${this.#options.file} ends inside a quoted value that begins in the record of line ${this.#recordLine}.`,
        {
          hint: 'The file is cut off, or a quote is not closed there: export it again.',
        },
      );
    }
    const isOpen = this.#field > 0 || this.#state !== atStart;
    if (isOpen && !this.#inHeader && this.#field + 1 < this.#options.fieldCount) {
      throw new AppError(
        'SOURCE_INVALID',
        `${this.#options.file} is cut off: its last record, on line ${this.#recordLine}, has ${this.#field + 1} of ${this.#options.fieldCount} fields and no end of line.`,
        { hint: 'Export the file again.' },
      );
    }
    if (isOpen) this.#endRecord();
    return this.#out.subarray(0, this.#used);
  }

  #refuseBadBytes(bytes: Buffer): void {
    const nul = bytes.indexOf(0);
    const bad = firstBadByte(bytes);
    if (nul < 0 && bad < 0) return;
    const at = bad < 0 || (nul >= 0 && nul < bad) ? nul : bad;
    let line = this.#line;
    for (let i = 0; i < at; i++) if (bytes[i] === LF) line++;
    const value = (bytes[at] ?? 0).toString(16).padStart(2, '0').toUpperCase();
    throw new AppError(
      'SOURCE_INVALID',
      `${this.#options.file} is not UTF-8 text: byte 0x${value} at position ${this.#position + at} (line ${line}) is no part of a character.`,
      { hint: 'Save the file as UTF-8 and import it again, for example with: iconv -f WINDOWS-1252 -t UTF-8.' },
    );
  }

  #scan(bytes: Buffer): void {
    const delimiter = this.#delimiter;
    let i = 0;
    while (i < bytes.length) {
      const byte = bytes[i] as number;
      if (this.#state === inQuotes) {
        if (byte === QUOTE) {
          this.#state = afterQuote;
          i++;
        } else i = this.#quotedRun(bytes, i);
        continue;
      }
      if (this.#pendingCr) {
        this.#pendingCr = false;
        if (byte !== LF && this.#inHeader) {
          throw new AppError(
            'SOURCE_INVALID',
            `${this.#options.file} ends its lines with carriage returns alone, as very old systems did.`,
            {
              hint: "Save the file with line feeds and import it again, for example with: tr '\\r' '\\n'.",
            },
          );
        }
        // Behind the header, a lone carriage return is a character of the value, and after a closing quote a fault like any other.
        if (byte !== LF) this.#openPlain();
        if (byte !== LF) this.#put(CR);
      }
      if (byte === delimiter) {
        this.#endField();
        this.#field++;
        this.#isBlank = false;
        i++;
      } else if (byte === LF) {
        this.#endRecord();
        this.#line++;
        this.#recordLine = this.#line;
        i++;
      } else if (byte === CR) {
        this.#pendingCr = true;
        i++;
      } else if (byte === QUOTE && this.#state !== inPlain) {
        this.#openQuotes();
        i++;
      } else {
        this.#openPlain();
        i = this.#plainRun(bytes, i);
      }
    }
  }

  /** A value up to the next quote. */
  #quotedRun(bytes: Buffer, from: number): number {
    let i = from;
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) break;
      if (byte === LF) this.#line++;
      this.#put(byte);
    }
    return i;
  }

  /** A value up to the next delimiter or end of line. A quote within an unquoted value is a character like any other: 5" pipe. */
  #plainRun(bytes: Buffer, from: number): number {
    const delimiter = this.#delimiter;
    let i = from;
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte === delimiter || byte === LF || byte === CR) break;
      this.#put(byte);
    }
    return i;
  }

  #openQuotes(): void {
    if (this.#state === afterQuote) this.#put(QUOTE);
    else this.#beginField();
    this.#state = inQuotes;
    this.#isBlank = false;
  }

  #openPlain(): void {
    if (this.#state === afterQuote) {
      throw new AppError(
        'SOURCE_INVALID',
        `${this.#options.file} has text after a closing quote on line ${this.#line}, in the record that begins on line ${this.#recordLine}.`,
        { hint: 'A quote within a quoted value is written twice: "". Mend the line, or export the file again.' },
      );
    }
    if (this.#state === atStart) this.#beginField();
    this.#state = inPlain;
    this.#isBlank = false;
  }

  /** Before the first byte of a field: the line number opens a record, a tab divides fields. */
  #beginField(): void {
    if (this.#inHeader || this.#field >= this.#options.fieldCount) return;
    if (this.#field === 0) this.#write(String(this.#recordLine));
    this.#write('\t');
  }

  #endField(): void {
    if (this.#state === atStart && !this.#inHeader && this.#field < this.#options.fieldCount) {
      this.#beginField();
      this.#write(NULL);
    }
    this.#state = atStart;
  }

  #endRecord(): void {
    const { fieldCount } = this.#options;
    const fields = this.#field + 1;
    if (this.#isBlank) return;
    this.#endField();
    if (!this.#inHeader) {
      for (let missing = fields; missing < fieldCount; missing++) this.#write(`\t${NULL}`);
      if (fields < fieldCount) this.#write(`\tshort ${fields}\n`);
      else if (this.#surplusBytes > 0) this.#write(`\tlong ${fields}\n`);
      else this.#write(`\t${NULL}\n`);
      this.records++;
    }
    this.#inHeader = false;
    this.#field = 0;
    this.#isBlank = true;
    this.#surplusBytes = 0;
  }

  /** A byte of a value, escaped as COPY's text format wants it. */
  #put(byte: number): void {
    if (this.#inHeader) return;
    if (this.#field >= this.#options.fieldCount) {
      this.#surplusBytes++;
      return;
    }
    if (this.#used + 2 > this.#out.length) this.#grow();
    const out = this.#out;
    if (byte > BACKSLASH || (byte > CR && byte < BACKSLASH)) out[this.#used++] = byte;
    else {
      const escaped =
        byte === BACKSLASH ? BACKSLASH : byte === LF ? LETTER_N : byte === CR ? LETTER_R : byte === TAB ? LETTER_T : 0;
      if (escaped !== 0) out[this.#used++] = BACKSLASH;
      out[this.#used++] = escaped === 0 ? byte : escaped;
    }
  }

  #write(text: string): void {
    while (this.#used + text.length > this.#out.length) this.#grow();
    this.#used += this.#out.write(text, this.#used, 'latin1');
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#out.length * 2);
    this.#out.copy(larger, 0, 0, this.#used);
    this.#out = larger;
  }
}
