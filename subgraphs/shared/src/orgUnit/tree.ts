import type { RequestContext } from '@bailiwick/kernel/context';
import { AppError } from '@bailiwick/kernel/errors';
import { Loader } from '@bailiwick/kernel/loader';
import { alignMany, defineLoader, loaderByParent } from '@bailiwick/kernel/loaders';
import { neededColumns } from '@bailiwick/kernel/rows';
import { desc, eq, sql } from 'drizzle-orm';
import { orgUnits } from '../tables.js';
import type { OrgUnitRow } from '../tables.js';

// The database refuses a cycle. The CYCLE clauses are for the one that came in past its triggers: a query must end then, too.

/** The units directly below a unit, by name. */
export const childrenByOrgUnitId = loaderByParent({
  label: 'shared:childrenByOrgUnitId',
  table: orgUnits,
  by: orgUnits.parentId,
  orderBy: [orgUnits.name, orgUnits.id],
});

/** All units above a unit, from the top down to its parent. */
export const ancestorsByOrgUnitId = defineLoader<string, OrgUnitRow[]>(async (ids, context) => {
  const above = sql`(
    with recursive above (start_id, id, distance) as (
      select o.id, o.parent_id, 1 from unnest((select ${sql.param(ids)}::uuid[])) as start(id) join org_units o on o.id = start.id
      union all
      select a.start_id, o.parent_id, a.distance + 1 from above a join org_units o on o.id = a.id
    ) cycle id set is_cycle using path
    select start_id, id, distance from above where not is_cycle and id <> start_id
  ) as above`;
  const rows = await context.read
    .db('shared:ancestorsByOrgUnitId')
    .select({ startId: sql<string>`above.start_id`.as('start_id'), ...neededColumns(context, orgUnits) })
    .from(above)
    .innerJoin(orgUnits, eq(orgUnits.id, sql`above.id`))
    .orderBy(desc(sql`above.distance`));
  return alignMany(ids, rows, (row) => row.startId);
});

/** All units below a unit, level by level, by name within a level; at most `maxDepth` levels, all of them without it. */
export function descendantsByOrgUnitId(context: RequestContext, maxDepth: number | undefined): Loader<string, OrgUnitRow[]> {
  return context.loader(`shared:descendants:${maxDepth ?? 'all'}`, () => new Loader((ids) => readBelow(context, ids, maxDepth)));
}

async function readBelow(context: RequestContext, ids: readonly string[], maxDepth: number | undefined): Promise<OrgUnitRow[][]> {
  const below = sql`(
    with recursive below (start_id, id, depth) as (
      select start.id, start.id, 0 from unnest((select ${sql.param(ids)}::uuid[])) as start(id)
      union all
      select b.start_id, o.id, b.depth + 1 from below b join org_units o on o.parent_id = b.id
      where b.depth < ${maxDepth ?? 2_147_483_647}
    ) cycle id set is_cycle using path
    select start_id, id, depth from below where not is_cycle and depth > 0
  ) as below`;
  const rows = await context.read
    .db('shared:descendantsByOrgUnitId')
    .select({ startId: sql<string>`below.start_id`.as('start_id'), ...neededColumns(context, orgUnits) })
    .from(below)
    .innerJoin(orgUnits, eq(orgUnits.id, sql`below.id`))
    .orderBy(sql`below.depth`, orgUnits.name, orgUnits.id);
  return alignMany(ids, rows, (row) => row.startId);
}

const deepest = 32;

/** Checks `maxDepth`, in levels. Throws BAD_USER_INPUT unless it is absent or 1 to 32. */
export function parseDepth(maxDepth: number | null | undefined): number | undefined {
  if (maxDepth == null) return undefined;
  if (maxDepth < 1 || maxDepth > deepest) {
    throw new AppError('BAD_USER_INPUT', `"maxDepth" is ${maxDepth}.`, {
      field: 'maxDepth',
      hint: `Ask for 1 to ${deepest} levels, or leave it out for all of them.`,
    });
  }
  return maxDepth;
}
