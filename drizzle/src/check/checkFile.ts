import { createHash } from 'node:crypto';
import type { RangeVar } from 'libpg-query';
import type { AppliedMigration } from '../migrate/history.js';
import { bailiwicks } from '../setup/credentials.js';
import { readBody } from './bodies.js';
import { readLifts } from './lifts.js';
import { loadParser, parseSql, SqlSyntaxError } from './parse.js';
import type { ParsedSql, ParsedStatement, Token } from './parse.js';
import type { CheckedFile, Finding, Rule, Statement } from './rule.js';
import { rules } from './rules.js';
import { findAll, written } from './walk.js';

export interface Source {
  /** As it is to be named in what is told. */
  readonly path: string;
  /** With `.sql`, without folder. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file's bytes; by default of the text. */
  readonly checksum?: string;
}

/** A place in a file: line and column from 1, in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The line itself. */
  readonly text: string;
}

export interface Problem extends Place {
  readonly rule: string;
  readonly consequence: string;
  readonly safe: string;
}

export interface FileReport {
  readonly path: string;
  readonly problems: readonly Problem[];
  /** What a lift let pass, with its reason. */
  readonly lifted: readonly (Problem & { readonly reason: string })[];
  readonly notes: readonly string[];
  /** PostgreSQL's words, when the file can't be parsed; nothing else is then known of it. */
  readonly syntaxError?: Place & { readonly message: string };
}

/** Line and column of an offset in UTF-16 units. */
export function placeIn(sql: string, offset: number): Place {
  const lineStart = sql.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = sql.indexOf('\n', offset);
  return {
    line: sql.slice(0, lineStart).split('\n').length,
    column: Array.from(sql.slice(lineStart, offset)).length + 1,
    text: sql.slice(lineStart, lineEnd < 0 ? sql.length : lineEnd).trimEnd(),
  };
}

/**
 * Holds every rule against every file. Looks at nothing but its arguments.
 * @param applied what a database has recorded, where one was asked.
 * @returns one report a file, in the same order. A file that does not parse has `syntaxError`; nothing is thrown for it.
 */
export async function checkFiles(sources: readonly Source[], applied: readonly AppliedMigration[] = []): Promise<FileReport[]> {
  await loadParser();
  return sources.map((source) => checkSource(source, applied));
}

function checkSource(source: Source, applied: readonly AppliedMigration[]): FileReport {
  const { path, sql } = source;
  let parsed: ParsedSql;
  try {
    parsed = parseSql(sql);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    const syntaxError = { ...placeIn(sql, error.offset), message: error.message };
    return { path, problems: [], lifted: [], notes: [], syntaxError };
  }
  const { file, dynamic } = describe(source, parsed, applied);
  const found = rules.flatMap((rule) => [
    ...(rule.checkFile?.(file) ?? []).map((finding) => ({
      ...problem(sql, rule, finding, finding.offset ?? 0),
      reason: undefined,
    })),
    ...file.statements.flatMap((statement) =>
      (rule.check?.(statement, file) ?? []).map((finding) => ({
        ...problem(sql, rule, finding, statement.place(finding.at)),
        reason: liftOf(file, parsed, statement, rule),
      })),
    ),
  ]);
  found.sort((a, b) => a.line - b.line || a.column - b.column);
  const [first] = dynamic;
  const notes =
    first === undefined
      ? []
      : [
          `${path}:${placeIn(sql, first).line}: SQL that is put together at run time (EXECUTE, or a language other than SQL and PL/pgSQL) can't be seen here; npm run db -- plan sees it.`,
        ];
  return {
    path,
    problems: found.filter(({ reason }) => reason === undefined).map(({ reason: _, ...one }) => one),
    lifted: found.flatMap(({ reason, ...one }) => (reason === undefined ? [] : [{ ...one, reason }])),
    notes,
  };
}

function problem(sql: string, rule: Rule, { consequence, safe }: Finding, offset: number): Problem {
  return { rule: rule.id, ...placeIn(sql, offset), consequence, safe };
}

function liftOf(file: CheckedFile, { statements }: ParsedSql, statement: Statement, rule: Rule): string | undefined {
  const outer = statements.findLast(({ start }) => start <= statement.start)?.start ?? statement.start;
  return file.lifts.find((lift) => lift.statement === outer && lift.reason !== '' && lift.rules.includes(rule.id))?.reason;
}

function describe({ path, name, sql, checksum }: Source, parsed: ParsedSql, applied: readonly AppliedMigration[]) {
  const dynamic: number[] = [];
  const statements = parsed.statements.flatMap((one): Statement[] => {
    const text = sql.slice(one.start, one.end);
    const outer: Statement = {
      node: one.node,
      text,
      start: one.start,
      place: placer(one.tokens, one.start, parsed.toUnits),
    };
    const body = readBody(one);
    dynamic.push(...(body?.dynamic ?? []));
    return [outer, ...(body?.statements ?? []).map((inner) => innerStatement(sql, inner))];
  });
  const made = new Set(
    statements.flatMap(({ node }) => [
      ...findAll(node, 'CreateStmt').map(({ relation }) => written(relation)),
      ...findAll(node, 'CreateTableAsStmt').map(({ into }) => written(into?.rel)),
    ]),
  );
  const file: CheckedFile = {
    path,
    name,
    sql,
    checksum: checksum ?? createHash('sha256').update(sql).digest('hex'),
    owner: bailiwicks.find((owner) => new RegExp(`^\\d+_${owner}_`).test(name)),
    applied: applied.find((one) => `${one.name}.sql` === name),
    statements,
    lifts: readLifts(sql, parsed),
    isNew: (table: RangeVar | undefined) => made.has(written(table)),
  };
  return { file, dynamic };
}

interface Inner extends Pick<ParsedStatement, 'node' | 'start' | 'tokens'> {
  readonly toUnits: (bytes: number) => number;
}

function innerStatement(sql: string, { node, start, tokens, toUnits }: Inner): Statement {
  const text = sql.slice(start, start + tokens.reduce((end, token) => Math.max(end, token.start + token.text.length - start), 0));
  return { node, text: text.replace(/;\s*$/, ''), start, place: placer(tokens, start, toUnits) };
}

function placer(tokens: readonly Token[], start: number, toUnits: (bytes: number) => number): Statement['place'] {
  return (at) => {
    if (typeof at === 'number' && at >= 0) return toUnits(at);
    if (typeof at !== 'string') return start;
    const plain = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase());
    return tokens.find(({ text }) => plain(text) === at)?.start ?? start;
  };
}
