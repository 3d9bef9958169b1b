/** One statement of an SQL text. */
export interface Statement {
  readonly text: string;
  /** Where its first word stands in the whole text, in UTF-16 units. */
  readonly offset: number;
  /** Its first words in lower case, at most four. */
  readonly words: readonly string[];
}

/** What matters for finding the end of a statement (PostgreSQL: "SQL Syntax, Lexical Structure"; psql's psqlscan.l). A quote that is doubled within
 * quotes ends one token and begins the next, which cuts the same; a loop with a choice in it would run out of stack on a long literal. */
const token =
  /--[^\n]*|\/\*|[eE]'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'|'[^']*'|"[^"]*"|\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|[();]|\s+|[^]/giy;

/**
 * Cuts an SQL text into its statements, so that an error without a position can still name the statement it came from.
 * Knows strings, quoted names, dollar quotes, nested comments, brackets, and the bodies of BEGIN ATOMIC routines.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let words: string[] = [];
  let brackets = 0;
  let blocks = 0;
  const finish = (end: number) => {
    if (start >= 0) statements.push({ text: sql.slice(start, end), offset: start, words });
    start = -1;
    words = [];
    brackets = 0;
    blocks = 0;
  };
  token.lastIndex = 0;
  for (let match = token.exec(sql); match; match = token.exec(sql)) {
    const [text] = match;
    if (text.startsWith('--') || /^\s/.test(text)) continue;
    if (text === '/*') {
      token.lastIndex = endOfComment(sql, match.index);
      continue;
    }
    if (text === ';' && brackets === 0 && blocks === 0) {
      finish(match.index + 1);
      continue;
    }
    if (start < 0) start = match.index;
    if (/^\$.*\$$/.test(text)) {
      const end = sql.indexOf(text, token.lastIndex);
      token.lastIndex = end < 0 ? sql.length : end + text.length;
    } else if (text === '(') brackets++;
    else if (text === ')') brackets = Math.max(0, brackets - 1);
    else if (/^[a-z_\u0080-\uffff]/i.test(text) && !text.endsWith("'")) {
      const word = text.toLowerCase();
      if (words.length < 4) words.push(word);
      if (isRoutine(words)) {
        if (word === 'begin' || (word === 'case' && blocks > 0)) blocks++;
        else if (word === 'end' && blocks > 0) blocks--;
      }
    }
  }
  finish(sql.length);
  return statements;
}

function isRoutine([first, second, third, fourth]: readonly string[]): boolean {
  if (first !== 'create') return false;
  const kind = second === 'or' && third === 'replace' ? fourth : second;
  return kind === 'function' || kind === 'procedure';
}

/** Comments nest in PostgreSQL, other than in the standard's younger relatives. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  for (let match = marks.exec(sql); match; match = marks.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
