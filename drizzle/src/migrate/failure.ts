import type { DatabaseError } from 'pg';
import { AppError } from '@bailiwick/kernel/errors';
import type { ErrorCode } from '@bailiwick/kernel/errors';
import { guardStates } from '@bailiwick/kernel/postgres';
import type { Statement } from './statements.js';

/** Whether the server itself said no, and not the network. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'severity' in error && 'code' in error;
}

/**
 * Where in a text a statement's error stands.
 * @param position the server's, in characters from 1; without one, the statement's first word.
 * @returns line and column from 1, and the line itself.
 */
export function locate(sql: string, statement: Statement, position: number | undefined) {
  const before =
    position === undefined
      ? ''
      : Array.from(statement.text)
          .slice(0, position - 1)
          .join('');
  const offset = statement.offset + before.length;
  const lineStart = sql.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = sql.indexOf('\n', offset);
  const text = sql.slice(lineStart, lineEnd < 0 ? sql.length : lineEnd).trimEnd();
  return { line: sql.slice(0, lineStart).split('\n').length, column: Array.from(sql.slice(lineStart, offset)).length + 1, text };
}

const ownHints: Record<string, string> = {
  '25001': 'A file runs in one transaction. Leave out what can not run in one (CONCURRENTLY, VACUUM).',
  '42501': "A file touches only its owner's schema. Give the change to the team that owns the object.",
  '58P01': "Install the server's contrib package (Debian: postgresql-contrib), which brings the extension.",
  '0A000': "If an extension is missing: install the server's contrib package (Debian: postgresql-contrib).",
  '55P03': 'Somebody else holds a lock on the table. Try again when they have finished.',
};

/**
 * The error of a statement in a file, with file, line, column, the line and a caret under it.
 * @param aftermath one sentence that says what is now the state of the database.
 */
export function statementFailure(
  code: ErrorCode,
  file: string,
  sql: string,
  statement: Statement | undefined,
  error: DatabaseError,
  aftermath: string,
): AppError {
  const position = error.position === undefined ? undefined : Number(error.position);
  const sentence = `${error.message.replace(/\.$/, '')} (SQLSTATE ${error.code}).`;
  const lines: string[] = [];
  if (statement) {
    const { line, column, text } = locate(sql, statement, position);
    const gutter = String(line).padStart(5);
    lines.push(`${file}:${line}:${column}: ${sentence}`);
    lines.push(`${gutter} | ${text}`, `${' '.repeat(gutter.length)} | ${text.slice(0, column - 1).replace(/[^\t]/g, ' ')}^`);
  } else lines.push(`${file}: ${sentence}`);
  if (error.detail) lines.push(`Detail: ${error.detail}`);
  if (error.where) lines.push(`Context: ${error.where.split('\n').slice(0, 3).join(' / ')}`);
  lines.push(aftermath);
  const hint = [error.hint, ownHints[error.code ?? '']].filter(Boolean).join(' ');
  return new AppError(guardStates[error.code ?? ''] ?? code, lines.join('\n'), {
    hint: hint || 'Mend the file and run this again.',
    cause: error,
  });
}
