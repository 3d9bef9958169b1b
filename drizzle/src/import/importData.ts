import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, findAppError } from '@bailiwick/kernel/errors';
import { explainDatabaseError } from '@bailiwick/kernel/postgres';
import type { Client, ClientBase } from 'pg';
import { connect } from '../setup/connect.js';
import type { TargetTable } from './catalogue.js';
import { followChains } from './chain.js';
import { checkMapping } from './checkMapping.js';
import { takeImportLock } from './lock.js';
import type { Mapping } from './mappingSchema.js';
import { insertionOrder } from './order.js';
import type { Progress } from './progress.js';
import { silentProgress } from './progress.js';
import { isRejectsHeader, stageRejectsFile, writeRejects } from './rejectsFile.js';
import type { ImportReport } from './report.js';
import { countRejects } from './report.js';
import type { SourceFile } from './sourceFiles.js';
import { fileName, findSources, readHeader } from './sourceFiles.js';
import { quoteName } from './sql.js';
import type { StagedSource } from './staging.js';
import { stageFile } from './staging.js';
import { importTarget, planTargets } from './target.js';

export interface ImportOptions {
  /** URL of a superuser: row policies are for people, not for the operator. */
  operatorUrl: string;
  mapping: Mapping;
  /** The folder of the CSV files, or a rejects file that was mended. */
  from: string;
  isDryRun?: boolean;
  /** Leaves the database as it was when any row is rejected. */
  allOrNothing?: boolean;
  /** Where rejected rows are written. Without it they are only counted. */
  rejectsFile?: string;
  progress?: Progress;
}

/** How many rejects a report quotes, each of another kind. */
const exampleCount = 8;

/**
 * Imports CSV files after a mapping, in one transaction: everything that is not rejected, or nothing.
 * Throws SOURCE_INVALID and MAPPING_INVALID for files and mappings that can not be used, LOCK_HELD while another import runs,
 * IMPORT_REJECTED with `allOrNothing` when rows were rejected, CONFLICT when the database refuses a row in the end.
 */
export async function importData(options: ImportOptions): Promise<ImportReport> {
  const started = performance.now();
  const { mapping, progress = silentProgress } = options;
  const sources = await sourcesOf(options);
  const client = await connect(options.operatorUrl, `import ${mapping.name}`);
  try {
    await requireOperator(client);
    await begin(client);
    await takeImportLock(client);
    const tables = await checkMapping(client, mapping);
    await checkRequirements(client, mapping, tables);
    const report = await run(client, options, sources, tables, progress);
    const isRefused = options.allOrNothing === true && report.rejectedRows > 0;
    await client.query(options.isDryRun || isRefused ? 'rollback' : 'commit');
    if (isRefused) throw refusal(report);
    return { ...report, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw explained(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Sources {
  files: SourceFile[];
  absent: string[];
  /** Set when `from` is a rejects file. */
  rejects: SourceFile | undefined;
}

async function sourcesOf({ mapping, from }: ImportOptions): Promise<Sources> {
  if (!existsSync(from)) {
    throw new AppError('SOURCE_INVALID', `${from} does not exist.`, {
      hint: 'Give the folder of the CSV files with --from, or a rejects file that was mended.',
    });
  }
  if (statSync(from).isDirectory()) return { ...(await findSources(mapping, from)), rejects: undefined };
  const file = fileName(from);
  const header = await readHeader(from, file, ',');
  const [source, spec] = Object.entries(mapping.sources)[0] ?? [];
  if (!source || !spec) throw new AppError('MAPPING_INVALID', `The mapping ${mapping.name} has no source.`);
  const found: SourceFile = { source, spec, file, path: resolve(from), bytes: statSync(from).size, header };
  if (isRejectsHeader(header)) return { files: [], absent: [], rejects: { ...found, spec: { ...spec, delimiter: ',' } } };
  if (Object.keys(mapping.sources).length === 1) return { files: [found], absent: [], rejects: undefined };
  throw new AppError('SOURCE_INVALID', `${file} is no rejects file, and ${mapping.name} reads several files.`, {
    hint: `Give the folder that has ${Object.values(mapping.sources)
      .map((each) => each.file[0])
      .join(', ')}.`,
  });
}

/** Row policies would hide rows from anybody else, and an import that can not see what is there would do harm. */
async function requireOperator(client: Client): Promise<void> {
  const role = await client.query<{ name: string; may: boolean }>(
    'select rolname as name, rolsuper or rolbypassrls as may from pg_roles where rolname = current_user',
  );
  if (role.rows[0]?.may) return;
  throw new AppError('PRIVILEGE_MISSING', `Role ${role.rows[0]?.name} can not import: row policies apply to it.`, {
    hint: 'Import as the operator: name a superuser in DATABASE_URL.',
  });
}

async function begin(client: Client): Promise<void> {
  // A platform that can not notice a closed connection refuses the setting; there, a killed import ends with its running statement.
  await client.query(`set client_connection_check_interval = '2s'`).catch(() => undefined);
  await client.query('begin read write');
  // A database that sets session_replication_role for everybody would let rows in that no foreign key was asked about.
  await client.query(`set local session_replication_role = origin; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local jit = off;
    set local work_mem = '64MB'; set local client_min_messages = 'warning';
    set local search_path = pg_catalog, pg_temp`);
  await client.query(
    `create temp table rejected (n bigserial, source int not null, line bigint not null, target int not null, csv_column text, value text,
       reason text not null, code text not null) on commit drop`,
  );
  await client.query('create index on pg_temp.rejected (source, line)');
}

async function checkRequirements(client: ClientBase, mapping: Mapping, tables: Map<string, TargetTable>): Promise<void> {
  for (const requirement of mapping.requires) {
    if (!tables.has(requirement.table)) continue;
    const tests = Object.keys(requirement.where).map((name, i) => `${quoteName(name)}::text = $${i + 1}`);
    const found = await client.query(
      `select from ${quoteName(requirement.table)} where ${tests.join(' and ')} limit 1`,
      Object.values(requirement.where),
    );
    if (found.rowCount) continue;
    throw new AppError(
      'SOURCE_INVALID',
      `${mapping.name} refers to rows that ${requirement.mapping} brings, and the database does not have them.`,
      {
        hint: `Import them first: npm run db -- import ${requirement.mapping} --from <folder>.`,
      },
    );
  }
}

async function run(
  client: Client,
  options: ImportOptions,
  sources: Sources,
  tables: Map<string, TargetTable>,
  progress: Progress,
): Promise<ImportReport> {
  const { mapping } = options;
  const staged = await stage(client, mapping, sources, progress);
  const plans = planTargets(insertionOrder(mapping, tables), tables, mapping, staged);
  const targets: ImportReport['targets'] = [];
  const aliases = new Map<string, string>();
  for (const plan of plans) {
    targets.push(await importTarget(client, plan, { tables, aliases, isMending: sources.rejects !== undefined, progress }));
  }
  const counts = await countRejects(client, staged);
  const rejectsFile = options.rejectsFile !== undefined && counts.rejectedRows > 0 ? options.rejectsFile : null;
  if (rejectsFile !== null) await writeRejects(client, staged, rejectsFile);
  return {
    mapping: mapping.name,
    isDryRun: options.isDryRun ?? false,
    sources: staged.map(({ source, file, rows }) => ({ source, file, rows })),
    targets,
    ...counts,
    examples: await examples(client, staged),
    rejectsFile,
    absent: sources.absent,
    leftOut: mapping.leftOut,
    seconds: 0,
  };
}

async function stage(client: Client, mapping: Mapping, sources: Sources, progress: Progress): Promise<StagedSource[]> {
  const staged: StagedSource[] = [];
  if (sources.rejects) {
    progress.begin(`Reading ${sources.rejects.file}`, sources.rejects.bytes);
    staged.push(...(await stageRejectsFile(client, mapping, sources.rejects, progress)));
    progress.end();
  }
  for (const [i, file] of sources.files.entries()) {
    progress.begin(`Reading ${file.file}`, file.bytes);
    staged.push(await stageFile(client, file, i + 1, progress));
    progress.end();
  }
  for (const source of staged) {
    const chain = mapping.sources[source.source]?.chain;
    if (chain) await followChains(client, source, chain);
  }
  return staged;
}

async function examples(client: ClientBase, staged: StagedSource[]): Promise<ImportReport['examples']> {
  const found = await client.query<{ source: number; line: string; csv_column: string; reason: string; code: string }>(
    `select source, line, csv_column, reason, code from (
       select distinct on (source, code, csv_column) * from (select distinct on (source, line) * from pg_temp.rejected order by source, line, n) e
       order by source, code, csv_column, line) e
     order by source, line limit $1`,
    [exampleCount],
  );
  return found.rows.map((row) => ({
    file: staged.find((source) => source.number === row.source)?.file ?? '',
    line: Number(row.line),
    column: row.csv_column,
    reason: row.reason,
    code: row.code,
  }));
}

function refusal(report: ImportReport): AppError {
  const first = report.examples[0];
  const example = first ? ` The first is ${first.file}, line ${first.line}: ${first.reason}` : '';
  const rows = report.rejectedRows === 1 ? '1 row was' : `${report.rejectedRows} rows were`;
  return new AppError(
    'IMPORT_REJECTED',
    `${rows} rejected, and the import takes all or nothing: nothing was changed.${example}`,
    {
      hint: report.rejectsFile
        ? `Every rejected row is in ${report.rejectsFile}.`
        : 'Name a file with --rejects to see every rejected row.',
    },
  );
}

/** What PostgreSQL refuses in the end (a trigger, a row that somebody else wrote meanwhile) is told in its own words. */
function explained(error: unknown): unknown {
  const known = findAppError(error);
  if (known) return known;
  const { code, message, detail } = error as { code?: string; message?: string; detail?: string };
  if (typeof code === 'string' && code.startsWith('54')) {
    return new AppError('SOURCE_INVALID', `A file is beyond a limit of PostgreSQL: ${message}. Nothing was changed.`, {
      hint: 'Leave the columns out that the mapping does not name, or shorten the values.',
      cause: error,
    });
  }
  if (code === '53100') {
    return new AppError('SERVICE_UNAVAILABLE', `The disk of the database is full: ${message}. Nothing was changed.`, {
      hint: 'Free some space there and run the import again. While it runs, it needs about three times the size of the files.',
      cause: error,
    });
  }
  if (typeof code !== 'string' || !/^(23|40)/.test(code)) return explainDatabaseError(error) ?? error;
  return new AppError(
    'CONFLICT',
    `The database refused the import: ${message}${detail ? ` (${detail})` : ''}. Nothing was changed.`,
    {
      hint: 'Run the import again; if it says the same, mend the row that is named.',
      cause: error,
    },
  );
}
