import type { Node, ParseResult, ScanResult } from 'libpg-query';

/** A word, string, sign or comment; where it stands counts in UTF-16 units. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isComment: boolean;
  readonly isString: boolean;
}

export interface ParsedStatement {
  readonly node: Node;
  /** Its first word and its end, in UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** Without comments. */
  readonly tokens: readonly Token[];
}

export interface ParsedSql {
  readonly statements: readonly ParsedStatement[];
  readonly tokens: readonly Token[];
  /** Turns a location of the parser (bytes) into UTF-16 units. */
  readonly toUnits: (bytes: number) => number;
}

/** What PostgreSQL's parser says to a text that it can't read. */
export class SqlSyntaxError extends Error {
  /** In UTF-16 units. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'SqlSyntaxError';
    this.offset = offset;
  }
}

interface Parser {
  readonly parseSync: (sql: string) => ParseResult;
  readonly scanSync: (sql: string) => ScanResult;
}

let parser: Parser | undefined;

/** Loads the parser, 1.7 MB of WebAssembly, which only checking needs. Await it before parseSql. */
export async function loadParser(): Promise<void> {
  if (parser) return;
  const { loadModule, parseSync, scanSync } = await import('libpg-query');
  await loadModule();
  parser = { parseSync, scanSync };
}

/** Byte offsets of UTF-8 as offsets of the string. */
function unitsOf(sql: string): (bytes: number) => number {
  if (!/[^\0-\x7f]/.test(sql)) return (bytes) => Math.min(bytes, sql.length);
  const units: number[] = [];
  let unit = 0;
  for (const character of sql) {
    const code = character.codePointAt(0) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let byte = 0; byte < length; byte++) units.push(unit);
    unit += character.length;
  }
  return (bytes) => units[bytes] ?? sql.length;
}

/**
 * Parses with PostgreSQL's own grammar.
 * @throws SqlSyntaxError and nothing else.
 */
export function parseSql(sql: string): ParsedSql {
  if (!parser) throw new Error('loadParser() comes first.');
  const nul = sql.indexOf('\0');
  // To the parser, which is written in C, the text would end there and the rest pass unseen.
  if (nul >= 0) throw new SqlSyntaxError('the text holds a NUL character', nul);
  const toUnits = unitsOf(sql);
  if (sql.trim() === '') return { statements: [], tokens: [], toUnits };
  const tree = attempt(sql, parser.parseSync);
  const tokens = scanSql(sql, toUnits);
  const words = tokens.filter(({ isComment }) => !isComment);
  let next = 0;
  const statements = (tree.stmts ?? []).flatMap(({ stmt, stmt_location: at = 0, stmt_len: length }) => {
    const from = toUnits(at);
    const end = length ? toUnits(at + length) : sql.length;
    const own: Token[] = [];
    for (let word = words[next]; word && word.start < end; word = words[++next]) if (word.start >= from) own.push(word);
    return stmt ? [{ node: stmt, start: own[0]?.start ?? from, end, tokens: own }] : [];
  });
  return { statements, tokens, toUnits };
}

/**
 * The words of a text, comments among them.
 * @throws SqlSyntaxError.
 */
export function scanSql(sql: string, toUnits = unitsOf(sql)): Token[] {
  if (!parser) throw new Error('loadParser() comes first.');
  if (sql.trim() === '') return [];
  // The scanner's JSON breaks on control characters; a blank in their place keeps every position.
  const clean = sql.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, ' ');
  return attempt(clean, parser.scanSync).tokens.map(({ start, end, tokenName }) => ({
    start: toUnits(start),
    end: toUnits(end),
    text: sql.slice(toUnits(start), toUnits(end)),
    isComment: /COMMENT/.test(tokenName),
    isString: /^(U|X|B)?SCONST$|^USCONST$/.test(tokenName),
  }));
}

function attempt<T>(sql: string, read: (sql: string) => T): T {
  try {
    return read(sql);
  } catch (error) {
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition: number } };
    if (sqlDetails) {
      const before = Array.from(sql).slice(0, sqlDetails.cursorPosition).join('');
      throw new SqlSyntaxError(message, Math.min(before.length, sql.length));
    }
    if (error instanceof SyntaxError) throw new SqlSyntaxError('the text can not be cut into words', 0);
    throw new SqlSyntaxError(`the text nests too deeply to be read (${message})`, 0);
  }
}
