/** A piece of a plain dump, in the order of the file. Texts carry one byte a character (latin1): which letters they are, the dump's encoding says. */
export type DumpPart =
  | { readonly kind: 'statement'; readonly text: string; readonly line: number }
  /** A comment between statements, without its dashes. */
  | { readonly kind: 'comment'; readonly text: string; readonly line: number }
  /** A command of psql, with its backslash; `isInside` when it stands in the middle of a statement. */
  | { readonly kind: 'meta'; readonly text: string; readonly line: number; readonly isInside: boolean }
  /** `COPY … FROM stdin`; its rows follow in pieces of whole lines, and then its end. */
  | { readonly kind: 'copy'; readonly text: string; readonly line: number }
  | { readonly kind: 'rows'; readonly bytes: Buffer; readonly lines: number }
  /** `isWhole` is false when the file ends within the rows. */
  | { readonly kind: 'copyEnd'; readonly isWhole: boolean; readonly line: number }
  /** The file ends within a statement, a quote or a comment. */
  | { readonly kind: 'cutOff'; readonly text: string; readonly line: number };

/** Longer statements are not held in memory. */
const longestStatement = 64 * 1024 * 1024;
/** Rows are passed on line by line, as long as lines are not longer than this. */
const longestLine = 16 * 1024 * 1024;

/** A statement is longer than what is held in memory. */
export class StatementTooLong extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`A statement is longer than ${longestStatement} bytes.`);
    this.line = line;
  }
}

const token = /['"$;()\\]|--|\/\*|[A-Za-z_\x80-\xff][\w$\x80-\xff]*|\d[\w.]*/g;
const dollarQuote = /\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$/y;
/** What a single quote ends in: in plain strings the next quote (a doubled one ends one string and begins the next, which cuts the same). */
const escapedEnd = /\\[^]|''|'/g;
const copyFromStdin = /^copy\b(?:[^"']|"[^"]*"|'[^']*')*?\bfrom\s+stdin\b/i;
const backslashesEscape = /^set\s+(?:session\s+)?standard_conforming_strings\s*(?:=|\bto\b)\s*'?(off|on)\b/i;

type Within =
  { readonly end: 'quote' | 'escaped' | 'name' | 'comment' | 'block' } | { readonly end: 'dollar'; readonly tag: string };

/**
 * Cuts a plain dump (the output of pg_dump and pg_dumpall) as psql does, from pieces of any size, and holds one statement or one line at a time.
 * (PostgreSQL: "SQL Syntax, Lexical Structure"; "psql"; "COPY", text format.)
 */
export class DumpScanner {
  #text = '';
  /** Where the next token is looked for. */
  #position = 0;
  /** Where the statement begins; -1 between statements. */
  #start = -1;
  #startLine = 1;
  #line = 1;
  /** Up to where lines are counted. */
  #counted = 0;
  #within: Within | undefined;
  #depth = 0;
  #words: string[] = [];
  #brackets = 0;
  #blocks = 0;
  #inCopy = false;
  #held: Buffer = Buffer.alloc(0);
  #isLineBegun = false;
  #escapesPlainQuotes = false;
  #parts: DumpPart[] = [];

  push(bytes: Buffer): DumpPart[] {
    this.#parts = [];
    if (this.#inCopy) this.#readRows(bytes, false);
    else {
      this.#text += bytes.toString('latin1');
      this.#readSql(false);
    }
    return this.#parts;
  }

  end(): DumpPart[] {
    this.#parts = [];
    if (this.#inCopy) this.#readRows(Buffer.alloc(0), true);
    if (!this.#inCopy) this.#readSql(true);
    return this.#parts;
  }

  /** What stands between pushes: for tests of flat memory. */
  get heldBytes(): number {
    return this.#text.length + this.#held.length;
  }

  #lineAt(position: number): number {
    for (let at = this.#text.indexOf('\n', this.#counted); at >= 0 && at < position; at = this.#text.indexOf('\n', at + 1)) {
      this.#line++;
      this.#counted = at + 1;
    }
    return this.#line;
  }

  #readSql(isEnd: boolean): void {
    while (!this.#inCopy) {
      const isPast = this.#within ? this.#leave(isEnd) : this.#step(isEnd);
      if (!isPast) break;
    }
    if (this.#inCopy) return;
    if (isEnd) this.#finishFile();
    else this.#trim();
  }

  /** Drops what is done with. */
  #trim(): void {
    const keepFrom = this.#start >= 0 ? this.#start : this.#position;
    this.#lineAt(keepFrom);
    this.#text = this.#text.slice(keepFrom);
    this.#position -= keepFrom;
    this.#counted = Math.max(0, this.#counted - keepFrom);
    if (this.#start >= 0) this.#start = 0;
    if (this.#text.length > longestStatement) throw new StatementTooLong(this.#startLine);
  }

  #finishFile(): void {
    const rest = this.#start >= 0 ? this.#text.slice(this.#start).trimEnd() : '';
    if (rest !== '' || (this.#within && this.#within.end !== 'comment')) {
      this.#parts.push({ kind: 'cutOff', text: rest, line: this.#start >= 0 ? this.#startLine : this.#lineAt(this.#position) });
    }
    this.#text = '';
  }

  /** Looks for the end of a quote or comment. Returns false when more must be read. */
  #leave(isEnd: boolean): boolean {
    const within = this.#within;
    const text = this.#text;
    if (!within) return true;
    const past = (position: number): boolean => {
      this.#position = position;
      this.#within = undefined;
      return true;
    };
    const wait = (position: number): boolean => {
      this.#position = Math.max(this.#position, position);
      return false;
    };
    switch (within.end) {
      case 'quote': {
        const at = text.indexOf("'", this.#position);
        return at < 0 ? wait(text.length) : past(at + 1);
      }
      case 'name': {
        const at = text.indexOf('"', this.#position);
        return at < 0 ? wait(text.length) : past(at + 1);
      }
      case 'dollar': {
        const at = text.indexOf(within.tag, this.#position);
        return at < 0 ? wait(text.length - within.tag.length + 1) : past(at + within.tag.length);
      }
      case 'comment': {
        const at = text.indexOf('\n', this.#position);
        if (at < 0 && !isEnd) return false;
        const end = at < 0 ? text.length : at;
        if (this.#start < 0) {
          const comment = text.slice(this.#position, end).trim();
          this.#parts.push({ kind: 'comment', text: comment, line: this.#lineAt(this.#position) });
        }
        return past(end);
      }
      case 'escaped': {
        escapedEnd.lastIndex = this.#position;
        for (let match = escapedEnd.exec(text); match; match = escapedEnd.exec(text)) {
          // The next character may make it a doubled one.
          if (match[0] === "'" && match.index === text.length - 1 && !isEnd) return wait(match.index);
          if (match[0] === "'") return past(match.index + 1);
          this.#position = escapedEnd.lastIndex;
        }
        return wait(text.endsWith('\\') ? text.length - 1 : text.length);
      }
      case 'block': {
        const marks = /\/\*|\*\//g;
        marks.lastIndex = this.#position;
        for (let match = marks.exec(text); match; match = marks.exec(text)) {
          this.#depth += match[0] === '/*' ? 1 : -1;
          this.#position = marks.lastIndex;
          if (this.#depth === 0) return past(this.#position);
        }
        return wait(text.length - 1);
      }
    }
  }

  /** Takes one token outside of quotes. Returns false when more must be read. */
  #step(isEnd: boolean): boolean {
    const text = this.#text;
    token.lastIndex = this.#position;
    const match = token.exec(text);
    // The last character may be the first half of a token.
    const safe = isEnd ? text.length : text.length - 1;
    const at = match?.index ?? Math.max(this.#position, safe);
    if (this.#start < 0) this.#beginAt(this.#position, at);
    if (!match) {
      this.#position = at;
      return false;
    }
    const [found] = match;
    const end = at + found.length;
    if (end === text.length && !isEnd && !/^[;()"]$/.test(found)) {
      this.#position = at;
      return false;
    }
    if (found === '\\') return this.#metaCommand(at, isEnd);
    if (found !== '--' && found !== ';' && found !== '/*' && this.#start < 0) this.#begin(at);
    this.#position = end;
    const first = found.charCodeAt(0);
    if (found === '--') this.#within = { end: 'comment' };
    else if (found === '/*') {
      this.#within = { end: 'block' };
      this.#depth = 1;
    } else if (found === "'") this.#within = { end: this.#escapesPlainQuotes ? 'escaped' : 'quote' };
    else if (found === '"') this.#within = { end: 'name' };
    else if (found === '$') return this.#dollar(at, isEnd);
    else if (found === '(') this.#brackets++;
    else if (found === ')') this.#brackets = Math.max(0, this.#brackets - 1);
    else if (found === ';') {
      if (this.#brackets === 0 && this.#blocks === 0) this.#finish(end);
    } else if (first > 57) {
      if (end < text.length && text[end] === "'" && /^e$/i.test(found)) {
        this.#position = end + 1;
        this.#within = { end: 'escaped' };
      }
      this.#word(found);
    }
    return true;
  }

  /** A statement begins at the first thing that is neither space nor comment, be it a sign that no token knows. */
  #beginAt(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const code = this.#text.charCodeAt(at);
      if (code > 32 && code !== 0xfeff) return this.#begin(at);
    }
  }

  #begin(at: number): void {
    this.#start = at;
    this.#startLine = this.#lineAt(at);
  }

  #dollar(at: number, isEnd: boolean): boolean {
    dollarQuote.lastIndex = at;
    const [tag] = dollarQuote.exec(this.#text) ?? [];
    if (tag) {
      this.#within = { end: 'dollar', tag };
      this.#position = at + tag.length;
      return true;
    }
    if (!isEnd && /^\$[\w\x80-\xff]*$/.test(this.#text.slice(at, at + 70))) {
      this.#position = at;
      return false;
    }
    return true;
  }

  #word(word: string): void {
    if (this.#words.length < 4) this.#words.push(word.toLowerCase());
    const [first, second, third, fourth] = this.#words;
    if (first !== 'create') return;
    const kind = second === 'or' && third === 'replace' ? fourth : second;
    if (kind !== 'function' && kind !== 'procedure') return;
    // BEGIN ATOMIC bodies hold whole statements.
    const lower = word.toLowerCase();
    if (lower === 'begin' || (lower === 'case' && this.#blocks > 0)) this.#blocks++;
    else if (lower === 'end' && this.#blocks > 0) this.#blocks--;
  }

  #metaCommand(at: number, isEnd: boolean): boolean {
    const end = this.#text.indexOf('\n', at);
    if (end < 0 && !isEnd) {
      this.#position = at;
      return false;
    }
    const past = end < 0 ? this.#text.length : end + 1;
    const text = this.#text.slice(at, past).trimEnd();
    this.#parts.push({ kind: 'meta', text, line: this.#lineAt(at), isInside: this.#start >= 0 });
    this.#position = past;
    return true;
  }

  #finish(end: number): void {
    const text = this.#start < 0 ? '' : this.#text.slice(this.#start, end);
    const line = this.#startLine;
    this.#lineAt(end);
    this.#start = -1;
    this.#words = [];
    this.#brackets = 0;
    this.#blocks = 0;
    if (text === '' || text === ';') return;
    const strings = backslashesEscape.exec(text)?.[1];
    if (strings) this.#escapesPlainQuotes = strings.toLowerCase() === 'off';
    if (!copyFromStdin.test(text.slice(0, 100_000))) {
      this.#parts.push({ kind: 'statement', text, line });
      return;
    }
    this.#parts.push({ kind: 'copy', text, line });
    this.#inCopy = true;
    this.#isLineBegun = true;
    const rest = Buffer.from(this.#text.slice(end), 'latin1');
    this.#text = '';
    [this.#position, this.#counted] = [0, 0];
    this.#held = Buffer.alloc(0);
    this.#readRows(rest, false);
  }

  /** While `#isLineBegun` is set, what comes belongs to the line of the COPY statement itself. */
  #readRows(bytes: Buffer, isEnd: boolean): void {
    let data = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = Buffer.alloc(0);
    if (this.#isLineBegun) {
      const end = data.indexOf(10);
      if (end < 0 && !isEnd) {
        this.#held = data;
        return;
      }
      data = data.subarray(end < 0 ? data.length : end + 1);
      this.#line++;
      this.#isLineBegun = false;
    }
    const end = endOfRows(data, isEnd);
    if (end) {
      this.#pass(data.subarray(0, end.at));
      this.#line++;
      this.#parts.push({ kind: 'copyEnd', isWhole: true, line: this.#line });
      this.#inCopy = false;
      this.#text = data.toString('latin1', end.past);
      this.#readSql(false);
      return;
    }
    const whole = data.lastIndexOf(10) + 1;
    const passed = data.length - whole > longestLine ? data.length : whole;
    this.#pass(data.subarray(0, passed));
    this.#held = data.subarray(passed);
    if (!isEnd) return;
    this.#parts.push({ kind: 'copyEnd', isWhole: false, line: this.#line });
    this.#inCopy = false;
    this.#held = Buffer.alloc(0);
  }

  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    let lines = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
    this.#line += lines;
    this.#parts.push({ kind: 'rows', bytes, lines });
  }
}

/** Where the line `\.` stands, and where it is past. A row that begins with these two is never alone on its line. */
function endOfRows(data: Buffer, isEnd: boolean): { at: number; past: number } | undefined {
  for (let at = data[0] === 92 && data[1] === 46 ? 0 : next(data, 0); at >= 0; at = next(data, at)) {
    const after = data[at + 2] === 13 ? at + 3 : at + 2;
    if (data[after] === 10) return { at, past: after + 1 };
    if (after >= data.length && isEnd) return { at, past: after };
  }
  return undefined;
}

function next(data: Buffer, from: number): number {
  const found = data.indexOf('\n\\.', from, 'latin1');
  return found < 0 ? -1 : found + 1;
}
