import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { AppError, findAppError } from '@bailiwick/kernel/errors';
import { Option } from 'commander';
import type { Command } from 'commander';
import { checkFiles } from '../check/checkFile.js';
import type { FileReport, Source } from '../check/checkFile.js';
import { refusalOf } from '../check/refuse.js';
import { asText } from '../check/report.js';
import { asSarif } from '../check/sarif.js';
import { readDatabaseConfig } from '../config.js';
import { connectToRunningServer } from '../embedded/server.js';
import { migrationsFolder } from '../migrate/files.js';
import { appliedMigrations } from '../migrate/history.js';
import type { AppliedMigration } from '../migrate/history.js';
import { embeddedDatabase } from '../operator.js';
import { withSession } from '../setup/connect.js';
import { AlreadyTold, tellStep } from './output.js';

interface CheckFlags {
  format: 'text' | 'json' | 'sarif';
  json?: boolean;
  dataDir?: string;
}

/** `db check`: holds migrations against the rules, with PostgreSQL's own parser. Starts no server and changes nothing. */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description("find what would lose data, lock out readers or reach into another team's schema, before it runs")
    .argument('[files...]', 'SQL files, or folders of them (default: all migrations)')
    .addOption(new Option('--format <format>', 'how to print what is found').choices(['text', 'json', 'sarif']).default('text'))
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (files: string[], { format, json, dataDir }: CheckFlags) => {
      const sources = await readSources(files);
      tellStep(`Checking ${sources.length} ${sources.length === 1 ? 'file' : 'files'}.`);
      const { applied, notes } = await askDatabase(dataDir);
      const reports = await checkFiles(sources, applied);
      const refusal = refusalOf(reports);
      process.stdout.write(`${print(json ? 'json' : format, reports, notes, refusal)}\n`);
      if (!refusal) return;
      if (json || format !== 'text') process.stderr.write(`${refusal.code}: ${refusal.message}\nHint: ${refusal.hint ?? ''}\n`);
      throw new AlreadyTold(refusal.exitCode);
    });
}

function print(
  format: CheckFlags['format'],
  reports: readonly FileReport[],
  notes: readonly string[],
  refusal?: AppError,
): string {
  if (format === 'text') return asText(reports, notes);
  if (format === 'sarif') return JSON.stringify(asSarif(reports), null, 2);
  const error = refusal && { code: refusal.code, message: refusal.message, hint: refusal.hint };
  return JSON.stringify({ files: reports, notes, ...(error && { error }) }, null, 2);
}

async function readSources(named: readonly string[]): Promise<Source[]> {
  const paths = await Promise.all((named.length ? named : [migrationsFolder]).map(async (path) => expand(path)));
  return Promise.all(
    paths.flat().map(async (path) => {
      const bytes = await readFile(path).catch((error: unknown) => unreadable(path, error));
      let sql: string;
      try {
        sql = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw new AppError('SQL_INVALID', `${path} is not written in UTF-8.`, { hint: 'Save it in UTF-8.', cause: error });
      }
      const fromHere = relative(process.cwd(), path);
      return {
        path: fromHere.startsWith('..') ? path : fromHere,
        name: basename(path),
        sql,
        checksum: createHash('sha256').update(bytes).digest('hex'),
      };
    }),
  );
}

async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => unreadable(path, error));
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith('.sql') && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
}

function unreadable(path: string, cause: unknown): never {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'does not exist' : `can not be read: ${code}`;
  throw new AppError('BAD_USER_INPUT', `${path} ${reason}.`, { hint: 'Name SQL files or folders that exist.', cause });
}

/** What has been applied, where a database can be asked without starting one. */
async function askDatabase(dataDir: string | undefined): Promise<{ applied: AppliedMigration[]; notes: string[] }> {
  try {
    const config = readDatabaseConfig();
    const running = config.databaseUrl ? undefined : await connectToRunningServer(dataDir ?? config.dataDir);
    const url = config.databaseUrl ?? running?.operatorUrl(embeddedDatabase);
    if (!url) return { applied: [], notes: ['No database is running here, so edited-after-applied was not tested.'] };
    return { applied: await withSession(url, 'check', appliedMigrations), notes: [] };
  } catch (error) {
    const known = findAppError(error);
    if (!known || known.code === 'CONFIG_INVALID') throw error;
    return { applied: [], notes: [`edited-after-applied was not tested: ${known.message}`] };
  }
}
