import type { ReadRow, RequestContext } from '@bailiwick/kernel/graphql';
import { AppError } from '@bailiwick/kernel/errors';
import {
  alignMany,
  defineLoader,
  Loader,
  loaderByParent,
  neededColumns,
  RecentlyUsed,
  rememberRows,
  rowReader,
} from '@bailiwick/kernel/graphql';
import { desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { orgUnits } from '../tables.js';
import type { OrgUnitRow } from '../tables.js';
import { orgUnitById } from './loaders.js';

/** The units directly below a unit, by name. */
export const childrenByOrgUnitId = loaderByParent({
  label: 'shared:childrenByOrgUnitId',
  table: orgUnits,
  by: orgUnits.parentId,
  orderBy: [orgUnits.name, orgUnits.id],
});

/** A walk through the tree, from some units to others. */
interface Walk {
  label: string;
  /** The SQL of which unit was found from which. `$1` are the ids that it starts from. */
  found: string;
  orderBy: (PgColumn | SQL)[];
}

// The database refuses a cycle. The CYCLE clauses are for the one that came in past its triggers: a query must end then, too.

const above: Walk = {
  label: 'shared:ancestorsByOrgUnitId',
  found: `(
    with recursive above (start_id, id, distance) as (
      select o.id, o.parent_id, 1 from unnest((select $1::uuid[])) as start(id) join org_units o on o.id = start.id
      union all
      select a.start_id, o.parent_id, a.distance + 1 from above a join org_units o on o.id = a.id
    ) cycle id set is_cycle using path
    select start_id, id, distance from above where not is_cycle and id <> start_id
  ) as found`,
  orderBy: [desc(sql`found.distance`)],
};

/** `$2` is the number of levels. */
const below: Walk = {
  label: 'shared:descendantsByOrgUnitId',
  found: `(
    with recursive below (start_id, id, depth) as (
      select start.id, start.id, 0 from unnest((select $1::uuid[])) as start(id)
      union all
      select b.start_id, o.id, b.depth + 1 from below b join org_units o on o.parent_id = b.id where b.depth < $2
    ) cycle id set is_cycle using path
    select start_id, id, depth from below where not is_cycle and depth > 0
  ) as found`,
  orderBy: [sql`found.depth`, orgUnits.name, orgUnits.id],
};

/** All units above a unit, from the top down to its parent. */
export const ancestorsByOrgUnitId = defineLoader<OrgUnitRow[]>((ids, context) => readUnits(context, above, ids));

/** All units below a unit, level by level, by name within a level; at most `maxDepth` levels, all of them without it. */
export function descendantsByOrgUnitId(
  context: RequestContext,
  { maxDepth }: { maxDepth?: number | null },
): Loader<OrgUnitRow[]> {
  const levels = parseDepth(maxDepth) ?? 2_147_483_647;
  return context.loader(
    `shared:descendantsByOrgUnitId ${levels}`,
    () => new Loader((ids) => readUnits(context, below, ids, [levels])),
  );
}

/** By walk and columns. Drizzle's building of one each time was a tenth of the processor time that a tree costs its process. */
const statements = new RecentlyUsed<{ text: string; row: ReadRow }>(200);

async function readUnits(
  context: RequestContext,
  { label, found, orderBy }: Walk,
  ids: readonly string[],
  further: readonly number[] = [],
): Promise<OrgUnitRow[][]> {
  const columns = neededColumns(context, orgUnits);
  const { text, row } = statements.get([label, ...Object.keys(columns)].join(' '), () => {
    const selected = { startId: sql<string>`found.start_id`.as('start_id'), ...columns };
    const { sql: built, params } = new QueryBuilder()
      .select(selected)
      .from(sql.raw(found))
      .innerJoin(orgUnits, eq(orgUnits.id, sql`found.id`))
      .orderBy(...orderBy)
      .toSQL();
    if (params.length > 0) throw new Error(`The statement ${label} has parameters of its own.`);
    return { text: `/* ${label} */ ${built}`, row: rowReader(selected) };
  });
  const values = await context.read.rows(text, [ids, ...further]);
  const rows = values.map(row) as (OrgUnitRow & { startId: string })[];
  // Whoever asks for their parents, mostly finds them among them.
  rememberRows(context, orgUnitById, rows);
  return alignMany(ids, rows, ({ startId }) => startId);
}

const deepest = 32;

/** Checks `maxDepth`, in levels. Throws BAD_USER_INPUT unless it is absent or 1 to 32. */
function parseDepth(maxDepth: number | null | undefined): number | undefined {
  if (maxDepth == null) return undefined;
  if (maxDepth < 1 || maxDepth > deepest) {
    throw new AppError('BAD_USER_INPUT', `"maxDepth" is ${maxDepth}.`, {
      field: 'maxDepth',
      hint: `Ask for 1 to ${deepest} levels, or leave it out for all of them.`,
    });
  }
  return maxDepth;
}
