import type { ClientBase } from 'pg';
import type { TargetTable } from './catalogue.js';
import { checkRows, checkUniqueKeys } from './checks.js';
import type { Mapping, TargetSpec } from './mappingSchema.js';
import { resolveOwnReferences } from './ownReferences.js';
import type { Progress } from './progress.js';
import { mergeRepeats, rejectRepeats, uniteRows } from './repeats.js';
import type { ImportReport } from './report.js';
import type { RowTable } from './rowTable.js';
import { createRowTable, dropRejected } from './rowTable.js';
import { missingColumns } from './sourceFiles.js';
import { quoteName } from './sql.js';
import type { StagedSource } from './staging.js';
import type { FeedPlan, FeedPlanOptions } from './transform.js';
import { keyExpressions, planFeed, stageRange } from './transform.js';
import { pageCount, writeRows } from './writeRows.js';

/** A target with the feeds whose files are there: a column that only an absent file would fill is left alone. */
export interface TargetPlan {
  number: number;
  target: TargetSpec;
  isPartial: boolean;
  table: TargetTable;
  feeds: Omit<FeedPlanOptions, 'aliasTableOf' | 'hasEarlierRejects'>[];
}

/**
 * Plans every target, and leaves out those of which no file is there.
 * Throws SOURCE_INVALID naming all the columns that a file lacks.
 */
export function planTargets(
  order: TargetSpec[],
  tables: Map<string, TargetTable>,
  mapping: Mapping,
  staged: StagedSource[],
): TargetPlan[] {
  const missing = new Map<StagedSource, Set<string>>();
  const plans = order.flatMap((target, t): TargetPlan[] => {
    const table = tables.get(target.table);
    if (!table) return [];
    const feeds = target.feeds.flatMap((feed, feedNumber) => {
      const source = staged.find((each) => each.source === feed.from);
      const spec = mapping.sources[feed.from];
      if (!source || !spec) return [];
      const options = {
        target,
        targetNumber: t + 1,
        table,
        tables,
        feed,
        feedNumber,
        source,
        chainParent: spec.chain?.parent,
        quotedEmpty: spec.quotedEmpty,
      };
      const plan = planFeed({ ...options, aliasTableOf: () => undefined, hasEarlierRejects: false });
      for (const name of plan.missing) missing.set(source, (missing.get(source) ?? new Set()).add(name));
      return [options];
    });
    if (feeds.length === 0) return [];
    const present = { ...target, feeds: feeds.map((options) => options.feed) };
    return [{ number: t + 1, target: present, isPartial: feeds.length < target.feeds.length, table, feeds }];
  });
  for (const [source, names] of missing) throw missingColumns(source.file, [...names], source.header);
  return plans;
}

export interface TargetContext {
  tables: Map<string, TargetTable>;
  /** Tables of united ids, by target table; filled as targets are imported. */
  aliases: Map<string, string>;
  isMending: boolean;
  progress: Progress;
}

/** Turns the staged rows into rows of one target table: typed, united or merged, checked, written. Returns the counts. */
export async function importTarget(
  client: ClientBase,
  plan: TargetPlan,
  context: TargetContext,
): Promise<ImportReport['targets'][number]> {
  const rowTable = await createRowTable(client, plan.number, plan.target, plan.table);
  for (const options of plan.feeds) rowTable.feeds.push(await fill(client, options, context));
  await client.query(`analyze ${rowTable.rows}`);
  const before = await rejectedCount(client);
  await dropProblemRows(client, rowTable);
  if (plan.target.unite) {
    const aliases = await uniteRows(client, rowTable, keyExpressions(plan.table, plan.target.key ?? []));
    context.aliases.set(plan.target.table, aliases);
  }
  await replaceAliases(client, rowTable, context.aliases);
  if (plan.target.repeats === 'merge') await mergeRepeats(client, rowTable, context.isMending || plan.isPartial);
  else await rejectRepeats(client, rowTable);
  if (rowTable.final !== rowTable.rows) await client.query(`analyze ${rowTable.final}`);
  const tableHasRows = ((await client.query(`select from ${quoteName(plan.target.table)} limit 1`)).rowCount ?? 0) > 0;
  await checkRows(client, rowTable);
  await resolveOwnReferences(client, rowTable);
  await checkUniqueKeys(client, rowTable, tableHasRows);
  const written = await writeRows(client, rowTable, tableHasRows, context.progress);
  context.progress.end();
  return { name: plan.target.name, table: plan.target.table, ...written, rejected: (await rejectedCount(client)) - before };
}

async function fill(client: ClientBase, options: TargetPlan['feeds'][number], context: TargetContext): Promise<FeedPlan> {
  const earlier = await client.query('select from pg_temp.rejected where source = $1 limit 1', [options.source.number]);
  const plan = planFeed({
    ...options,
    aliasTableOf: (table) => context.aliases.get(table),
    hasEarlierRejects: (earlier.rowCount ?? 0) > 0,
  });
  await convertRows(client, options, plan, context.progress);
  return plan;
}

/** Staged rows converted by one statement. */
const chunkRows = 100_000;

/** Runs the feed's statement, piece by piece when there are many rows, so that progress can be seen. */
async function convertRows(
  client: ClientBase,
  { target, source }: TargetPlan['feeds'][number],
  plan: FeedPlan,
  progress: Progress,
): Promise<void> {
  progress.begin(`Checking ${target.name}`, source.rows);
  if (source.rows <= chunkRows) {
    await client.query(plan.insert);
    return;
  }
  const pages = await pageCount(client, quoteName(source.table));
  const step = Math.max(1, Math.ceil((pages * chunkRows) / source.rows));
  for (let page = 0; page < pages; page += step) {
    const text = plan.insert.text.replace(stageRange, `and s.ctid >= '(${page},0)' and s.ctid < '(${page + step},0)'`);
    await client.query(text, plan.insert.values);
    const done = Math.min(source.rows, Math.round((source.rows * (page + step)) / pages));
    progress.advance(Math.round((source.rows * step) / pages), done);
  }
  progress.end();
}

async function dropProblemRows(client: ClientBase, rowTable: RowTable): Promise<void> {
  for (const feed of rowTable.feeds) {
    const problems = await client.query(
      `select from ${rowTable.rows} where _feed = ${feed.feed} and _problems is not null limit 1`,
    );
    if (problems.rowCount) await client.query(feed.reject);
  }
  await dropRejected(client, rowTable);
}

/** A reference to a row that was united with another means that other. */
async function replaceAliases(client: ClientBase, rowTable: RowTable, aliases: Map<string, string>): Promise<void> {
  for (const key of rowTable.table.foreignKeys) {
    const [column, aliasTable] = [key.columns[0] ?? '', aliases.get(key.table)];
    if (!aliasTable || key.columns.length > 1 || !rowTable.columns.includes(column)) continue;
    await client.query(
      `update ${rowTable.rows} r set ${quoteName(column)} = a.id from ${aliasTable} a where r.${quoteName(column)} = a.alias`,
    );
  }
}

async function rejectedCount(client: ClientBase): Promise<number> {
  const counted = await client.query<{ count: string }>('select count(*) as count from pg_temp.rejected');
  return Number(counted.rows[0]?.count ?? 0);
}
