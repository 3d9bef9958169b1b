import { AppError } from '@bailiwick/kernel/errors';
import type { Progress } from '../import/progress.js';
import type { DumpSource } from './dumpSource.js';
import { encodingOf } from './encoding.js';
import type { Encoding } from './encoding.js';
import { fullName, shortened, tableOf } from './names.js';
import { DumpScanner, StatementTooLong } from './scanner.js';
import type { DumpPart } from './scanner.js';

/** The part of a dump that is of one database: pg_dumpall writes several, each behind a \connect. */
export interface Section {
  /** Null: the dump does not say of which. */
  readonly database: string | null;
  /** Tables that are created, in order. */
  readonly created: string[];
  /** Rows in COPY blocks, and INSERT statements, of each table. */
  readonly rows: Record<string, number>;
}

export interface Survey {
  readonly sections: Section[];
  /** For example `15.18`; null when the dump does not say. */
  readonly serverVersion: string | null;
  readonly dumpVersion: string | null;
  readonly encoding: string;
  /** Of the SQL, not of the file. */
  readonly sqlBytes: number;
  /** Where it is cut off, as a sentence without its end; null when it is whole. */
  readonly cutOff: string | null;
}

export interface SurveyOptions {
  readonly source: DumpSource;
  /** Instead of what the dump says. */
  readonly encoding?: string;
  readonly progress: Progress;
}

const versionLine = /^Dumped (from database|by pg_dump) version (\d+(?:[.\w]*))/;
const trailers = ['PostgreSQL database dump complete', 'PostgreSQL database cluster dump complete'];
const headers = ['PostgreSQL database dump', 'PostgreSQL database cluster dump'];
export const clientEncoding = /^set\s+(?:session\s+)?client_encoding\s*(?:=|\bto\b)\s*'?([\w-]+)'?/i;
/** psql's commands that only change what psql shows. */
const harmless = /^\\(?:set|unset|echo|qecho|warn|timing|pset|x|a|t|q|encoding)\b/;

/**
 * Reads a whole dump once without a server: whether it is whole, what it holds, and whether it asks for anything that is not done. So what is refused is
 * refused before anything was begun, and what arrives can be counted against what was there.
 * @throws DUMP_INVALID, DUMP_REFUSED.
 */
export async function surveyDump({ source, encoding: given, progress }: SurveyOptions): Promise<Survey> {
  const state = new SurveyState(given);
  progress.begin(`Looking through ${source.path}`, source.bytes);
  await scanDump(
    source,
    (bytes) => progress.advance(bytes, state.rows),
    (part) => state.take(part),
  );
  progress.end();
  return state.result();
}

/** Feeds a dump to the scanner, and its parts to `take`, one after the other. Returns the bytes of SQL. */
export async function scanDump(
  source: DumpSource,
  onBytes: (bytes: number) => void,
  take: (part: DumpPart) => void | Promise<void>,
): Promise<void> {
  const scanner = new DumpScanner();
  try {
    for await (const bytes of source.read(onBytes)) {
      for (const part of scanner.push(bytes)) {
        const taken = take(part);
        if (taken) await taken;
      }
    }
    for (const part of scanner.end()) await take(part);
  } catch (error) {
    if (!(error instanceof StatementTooLong)) throw error;
    throw new AppError(
      'DUMP_REFUSED',
      `The statement that begins in line ${error.line} of ${source.path} is longer than 64 MB.`,
      {
        hint: 'Dump it again without --inserts: rows in COPY blocks can be of any length.',
      },
    );
  }
}

class SurveyState {
  rows = 0;
  readonly #sections: Section[] = [{ database: null, created: [], rows: {} }];
  readonly #given: Encoding | undefined;
  #encoding: Encoding;
  #serverVersion: string | null = null;
  #dumpVersion: string | null = null;
  #restriction: string | undefined;
  #hasHeader = false;
  #isEnded = false;
  #last = '';
  #lastLine = 0;
  #table = '';
  #cutOff: string | null = null;
  #bytes = 0;

  constructor(given: string | undefined) {
    this.#given = given === undefined ? undefined : encodingOf(given);
    this.#encoding = this.#given ?? encodingOf('UTF8');
  }

  get #section(): Section {
    return this.#sections.at(-1) as Section;
  }

  take(part: DumpPart): void {
    switch (part.kind) {
      case 'comment': {
        const [, what, version] = versionLine.exec(part.text) ?? [];
        if (what === 'from database') this.#serverVersion = newer(this.#serverVersion, version);
        else if (what) this.#dumpVersion = newer(this.#dumpVersion, version);
        if (headers.includes(part.text)) [this.#hasHeader, this.#isEnded] = [true, false];
        if (trailers.includes(part.text)) this.#isEnded = true;
        break;
      }
      case 'meta':
        this.#meta(part);
        break;
      case 'statement':
        this.#statement(part);
        break;
      case 'copy': {
        const text = this.#decode(part);
        const table = tableOf('copy', text);
        if (!table) throw refused(part.line, shortened(text), 'is a COPY without a table');
        this.#table = fullName(table);
        this.#section.rows[this.#table] ??= 0;
        this.#isEnded = false;
        this.#bytes += part.text.length;
        break;
      }
      case 'rows':
        this.#section.rows[this.#table] = (this.#section.rows[this.#table] ?? 0) + part.lines;
        this.rows += part.lines;
        this.#bytes += part.bytes.length;
        break;
      case 'copyEnd':
        this.#lastLine = part.line;
        if (!part.isWhole) {
          const rows = (this.#section.rows[this.#table] ?? 0).toLocaleString('en-US');
          this.#cutOff = `it ends within the rows of ${this.#table}, after ${rows} whole ones`;
        }
        break;
      case 'cutOff':
        this.#cutOff ??= `it ends within the statement that begins in line ${part.line}: ${shortened(part.text)}`;
    }
  }

  result(): Survey {
    return {
      sections: this.#sections.filter(({ created, rows }, i) => i === 0 || created.length > 0 || Object.keys(rows).length > 0),
      serverVersion: this.#serverVersion,
      dumpVersion: this.#dumpVersion,
      encoding: this.#encoding.name,
      sqlBytes: this.#bytes,
      cutOff: this.#cutOff ?? (this.#isWhole() ? null : this.#missingEnd()),
    };
  }

  /** Tools of hosts take the comments of pg_dump away; theirs end with RESET ALL. */
  #isWhole(): boolean {
    return this.#isEnded || (!this.#hasHeader && /^reset\s+all\s*;$/i.test(this.#last));
  }

  #missingEnd(): string {
    const bare = this.#section.created.filter((table) => this.#section.rows[table] === undefined);
    const without =
      bare.length > 0 && bare.length < this.#section.created.length
        ? `, and ${bare.length} of its ${this.#section.created.length} tables have no rows: ${bare.slice(0, 5).join(', ')}${bare.length > 5 ? ' …' : ''}`
        : '';
    return `the line "PostgreSQL database dump complete" at its end is missing: the last thing in it, in line ${this.#lastLine}, is ${shortened(this.#last) || 'nothing'}${without}`;
  }

  #statement(part: { text: string; line: number }): void {
    const bytes = part.text;
    this.#bytes += bytes.length;
    this.#last = bytes.slice(0, 200);
    this.#lastLine = part.line;
    if (!/^\s*reset\b/i.test(bytes)) this.#isEnded = false;
    const first = bytes.slice(0, 6).toLowerCase();
    if (first === 'insert') {
      const table = tableOf('insert', this.#decode({ text: bytes.slice(0, 1000), line: part.line }, true));
      if (table) this.#section.rows[fullName(table)] = (this.#section.rows[fullName(table)] ?? 0) + 1;
      this.rows++;
      return;
    }
    const encoding = clientEncoding.exec(bytes)?.[1];
    if (encoding && !this.#given) this.#encoding = encodingOf(encoding);
    if (first === 'create') {
      const table = tableOf('create', this.#decode(part));
      if (table) this.#section.created.push(fullName(table));
    }
    if (/^copy\b/i.test(bytes)) {
      throw refused(part.line, shortened(bytes), 'would read or write a file of the server, or run a program there');
    }
    if (/^load\b/i.test(bytes)) throw refused(part.line, shortened(bytes), 'would load a library into the server');
  }

  #meta({ text, line, isInside }: { text: string; line: number; isInside: boolean }): void {
    this.#lastLine = line;
    if (isInside) throw refused(line, shortened(text), 'stands in the middle of a statement');
    const restrict = /^\\restrict\s+(\S+)$/.exec(text)?.[1];
    if (this.#restriction !== undefined) {
      if (text === `\\unrestrict ${this.#restriction}`) this.#restriction = undefined;
      else throw refused(line, shortened(text), 'is a command of psql where the dump itself forbids them (\\restrict)');
    } else if (restrict !== undefined) this.#restriction = restrict;
    else if (/^\\(?:connect|c)\s/.test(text)) this.#sections.push({ database: connectedTo(text), created: [], rows: {} });
    else if (!harmless.test(text) || text.includes('`')) {
      throw refused(line, shortened(text), 'is a command of psql that could reach outside of the dump');
    }
  }

  #decode({ text, line }: { text: string; line: number }, isCut = false): string {
    const decoded = this.#encoding.decode(text);
    if (decoded !== undefined) return decoded;
    if (isCut) return text;
    throw wrongEncoding(line, this.#encoding.name);
  }
}

/** `\connect -reuse-previous=on "dbname='my db'"`, `\connect template1`. */
export function connectedTo(text: string): string {
  const argument = text.replace(/^\\\w+\s+(?:-reuse-previous=\w+\s+)?/, '').trim();
  const inner = /^"(.*)"$/s.exec(argument)?.[1] ?? argument;
  const named = /^dbname='((?:[^'\\]|\\.)*)'$/s.exec(inner)?.[1];
  return named === undefined ? inner.replaceAll('""', '"') : named.replaceAll(/\\(.)/gs, '$1');
}

export function wrongEncoding(line: number, name: string): AppError {
  return new AppError('DUMP_INVALID', `The dump says that it is encoded in ${name}, and what begins in line ${line} is not.`, {
    hint: 'Say what it is encoded in, for example --encoding LATIN1 or --encoding WIN1252.',
  });
}

function refused(line: number, statement: string, why: string): AppError {
  return new AppError('DUMP_REFUSED', `Line ${line} of the dump, ${statement}, ${why}. Nothing of the dump was run.`, {
    hint: 'A dump of pg_dump has no such line: look at who changed the file. Take it out if it is not needed.',
  });
}

function newer(known: string | null, found: string | undefined): string | null {
  if (found === undefined) return known;
  return known === null || Number.parseInt(found, 10) > Number.parseInt(known, 10) ? found : known;
}
