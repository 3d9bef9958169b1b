import type { Node } from 'libpg-query';
import { parseSql, scanSql } from './parse.js';
import type { ParsedStatement, Token } from './parse.js';
import { as } from './walk.js';

export interface BodyStatement {
  readonly node: Node;
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly toUnits: (bytes: number) => number;
}

export interface Body {
  readonly statements: readonly BodyStatement[];
  /** Where in the file SQL is run that is put together at run time; no parser can see that. */
  readonly dynamic: readonly number[];
}

/** What stands as text in a DO block or a routine, read statement by statement. Undefined for any other statement. */
export function readBody({ node, tokens }: ParsedStatement): Body | undefined {
  const block = as(node, 'DoStmt');
  const routine = as(node, 'CreateFunctionStmt');
  const options = (block?.args ?? routine?.options ?? []).flatMap((option) => as(option, 'DefElem') ?? []);
  const written = options.find(({ defname }) => defname === 'as')?.arg;
  const text = as(written, 'String')?.sval ?? as(as(written, 'List')?.items?.[0], 'String')?.sval;
  if (text === undefined) return undefined;
  const language = as(options.find(({ defname }) => defname === 'language')?.arg, 'String')?.sval ?? (block ? 'plpgsql' : 'sql');
  const token = tokens.find((one) => one.isString && one.text.includes(text)) ?? tokens.find(({ isString }) => isString);
  const inside = token?.text.indexOf(text) ?? -1;
  // Where quotes are doubled or escaped, positions in the body are not those in the file; its beginning then stands for all of it.
  const toFile = (offset: number) =>
    inside < 0 ? (token?.start ?? tokens[0]?.start ?? 0) : (token?.start ?? 0) + inside + offset;
  try {
    if (language.toLowerCase() === 'sql') return { statements: parsedAt(text, toFile), dynamic: [] };
    if (language.toLowerCase() !== 'plpgsql') return { statements: [], dynamic: [toFile(0)] };
    const words = scanSql(text).filter(({ isComment }) => !isComment);
    return { statements: readBlock(text, words, toFile), dynamic: findDynamic(words).map(toFile) };
  } catch {
    return { statements: [], dynamic: [toFile(0)] };
  }
}

function parsedAt(text: string, toFile: (offset: number) => number): BodyStatement[] {
  const { statements, toUnits } = parseSql(text);
  return statements.map(({ node, tokens, start }) => ({
    node,
    tokens: tokens.map((token) => ({ ...token, start: toFile(token.start) })),
    start: toFile(start),
    toUnits: (bytes) => toFile(toUnits(bytes)),
  }));
}

/** Words of PL/pgSQL after which a statement of SQL can begin. */
const opens = new Set(['begin', 'then', 'else', 'query', 'in', 'for', 'is', '>>', ':=', '=']);

function readBlock(text: string, words: readonly Token[], toFile: (offset: number) => number): BodyStatement[] {
  const found: BodyStatement[] = [];
  let part: Token[] = [];
  let brackets = 0;
  for (const word of words) {
    if (word.text === '(') brackets++;
    if (word.text === ')') brackets--;
    if (brackets <= 0 && (word.text === ';' || word.text.toLowerCase() === 'loop')) {
      found.push(...readPart(text, part, toFile));
      part = [];
      brackets = 0;
    } else part.push(word);
  }
  return [...found, ...readPart(text, part, toFile)];
}

/** PL/pgSQL has no grammar here: the first place from which PostgreSQL's parser can read the rest is where the statement begins. */
function readPart(text: string, part: readonly Token[], toFile: (offset: number) => number): BodyStatement[] {
  const end = part.at(-1)?.end ?? 0;
  for (const [index, word] of part.entries()) {
    const before = part[index - 1]?.text.toLowerCase();
    if (before !== undefined && !opens.has(before)) continue;
    const first = word.text.toLowerCase();
    const next = part[index + 1];
    if (first === 'execute' && next?.isString) {
      const literal = next.text.replace(/^[eE]?'|'$|^\$\w*\$|\$\w*\$$/g, '').replaceAll("''", "'");
      try {
        return parsedAt(literal, () => toFile(next.start));
      } catch {
        return [];
      }
    }
    let source = text.slice(word.start, end);
    let shift = word.start;
    if (['perform', 'return'].includes(first)) source = source.replace(/^perform/i, 'select ').replace(/^return/i, 'select');
    else if (before === ':=' || before === '=') {
      source = `select ${source}`;
      shift -= 'select '.length;
    }
    try {
      const statements = parsedAt(source, (offset) => toFile(Math.max(offset + shift, word.start)));
      if (statements.length > 0) return statements;
    } catch {
      // Not here; perhaps after the next word that can open one.
    }
  }
  return [];
}

function findDynamic(words: readonly Token[]): number[] {
  return words.flatMap((word, index) => {
    if (word.text.toLowerCase() !== 'execute') return [];
    const next = words[index + 1];
    const after = next?.text.toLowerCase() ?? '';
    const before = words[index - 1]?.text.toLowerCase() ?? '';
    const isNoCommand = ['on', ',', 'function', 'procedure'].includes(after) || ['grant', 'revoke', ','].includes(before);
    return isNoCommand ? [] : [word.start];
  });
}
