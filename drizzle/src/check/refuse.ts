import { AppError } from '@bailiwick/kernel/errors';
import type { MigrationFile } from '../migrate/files.js';
import { checkFiles } from './checkFile.js';
import type { FileReport, Source } from './checkFile.js';
import { showLine } from './report.js';
import { loadParser, parseSql } from './parse.js';
import { readLifts } from './lifts.js';

const hint = 'See all of it, with SQL that is safe to paste: npm run db -- check.';

/** The files as check reads them. */
export function sourcesOf(files: readonly MigrationFile[]): Source[] {
  return files.map(({ name, sql, checksum }) => ({ path: `${name}.sql`, name: `${name}.sql`, sql, checksum }));
}

/** What is wrong with the files, in one error: SQL_INVALID when one does not parse, else CHECK_REFUSED; undefined when nothing is. */
export function refusalOf(reports: readonly FileReport[]): AppError | undefined {
  for (const { path, syntaxError } of reports) {
    if (!syntaxError) continue;
    const where = `${path}:${syntaxError.line}:${syntaxError.column}`;
    return new AppError('SQL_INVALID', [`${where}: ${syntaxError.message}.`, ...showLine(syntaxError)].join('\n'), {
      hint: 'Mend the file and run this again.',
    });
  }
  const found = reports.flatMap(({ path, problems }) => problems.map((problem) => ({ path, ...problem })));
  const [first] = found;
  if (!first) return undefined;
  const more = found.length > 1 ? `\nAnd ${found.length - 1} more.` : '';
  const lines = [`${first.path}:${first.line}:${first.column}: ${first.rule}. ${first.consequence}`, ...showLine(first)];
  return new AppError('CHECK_REFUSED', `${lines.join('\n')}${more}`, { hint });
}

/**
 * Refuses files that a rule is hit by, before anything of them runs.
 * @throws CHECK_REFUSED naming the first finding and how many more there are; SQL_INVALID.
 */
export async function refuseFindings(files: readonly MigrationFile[]): Promise<void> {
  if (files.length === 0) return;
  const refusal = refusalOf(await checkFiles(sourcesOf(files)));
  if (refusal) throw new AppError(refusal.code, `${refusal.message}\nNothing was changed.`, { hint: refusal.hint });
}

export interface LiftOfFile {
  readonly file: string;
  readonly rule: string;
  readonly reason: string;
}

/** The rules that these files lift, with their reasons. A file that does not parse counts none: check tells of it. */
export async function liftsOf(files: readonly MigrationFile[]): Promise<LiftOfFile[]> {
  // Most projects have none, and then need no parser.
  const candidates = files.filter(({ sql }) => /lift\s*:/i.test(sql));
  if (candidates.length === 0) return [];
  await loadParser();
  return candidates.flatMap(({ name, sql }) => {
    try {
      return readLifts(sql, parseSql(sql))
        .filter(({ reason, statement }) => reason !== '' && statement !== undefined)
        .flatMap(({ rules, reason }) => rules.map((rule) => ({ file: `${name}.sql`, rule, reason })));
    } catch {
      return [];
    }
  });
}
