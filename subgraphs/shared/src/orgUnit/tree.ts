import type { RequestContext } from '@bailiwick/kernel/graphql';
import { flatColumns, selectionOf, withRelations } from '@bailiwick/kernel/graphql';
import type { ReadRow } from '@bailiwick/kernel/graphql';
import { AppError } from '@bailiwick/kernel/errors';
import { asc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { orgUnits } from '../tables.js';

/** A walk through the tree, from many units at once. */
interface Walk {
  readonly name: string;
  /** The SQL of which unit was found from which: `start_id`, `id`, and `distance`. */
  readonly found: (starts: SQL) => SQL;
  readonly orderBy: SQL[];
}

// The database refuses a cycle. The CYCLE clauses are for one that came in past its triggers: a query must end then as well.

const above: Walk = {
  name: 'ancestorsByOrgUnitId',
  found: (starts) => sql`(
    with recursive above (start_id, id, distance) as (
      select o.id, o.parent_id, 1 from ${starts} join org_units o on o.id = start.id
      union all
      select a.start_id, o.parent_id, a.distance + 1 from above a join org_units o on o.id = a.id
    ) cycle id set is_cycle using path
    select start_id, id, distance from above where not is_cycle and id <> start_id
  ) as found`,
  orderBy: [sql`found.distance desc`],
};

const below = (levels: number): Walk => ({
  name: 'descendantsByOrgUnitId',
  found: (starts) => sql`(
    with recursive below (start_id, id, distance) as (
      select start.id, start.id, 0 from ${starts}
      union all
      select b.start_id, o.id, b.distance + 1 from below b join org_units o on o.parent_id = b.id where b.distance < ${levels}::int
    ) cycle id set is_cycle using path
    select start_id, id, distance from below where not is_cycle and distance > 0
  ) as found`,
  orderBy: [sql`found.distance`, asc(orgUnits.name), asc(orgUnits.id)],
});

/** All units above a unit, from the top down to its parent. */
export function ancestors(context: RequestContext, info: GraphQLResolveInfo, id: string): Promise<ReadRow[]> {
  return unitsOf(context, info, above, '', id);
}

/** All units below a unit, level by level, by name within a level; at most `maxDepth` levels, all of them without it. */
export function descendants(
  context: RequestContext,
  info: GraphQLResolveInfo,
  id: string,
  maxDepth: number | null | undefined,
): Promise<ReadRow[]> {
  const levels = parseDepth(maxDepth);
  return unitsOf(context, info, below(levels), String(levels), id);
}

/** Loads the units that a walk finds from a unit, for all units that are asked for at once. `variant` tells walks of one name apart. */
function unitsOf(context: RequestContext, info: GraphQLResolveInfo, walk: Walk, variant: string, id: string): Promise<ReadRow[]> {
  const selection = selectionOf(info, orgUnits);
  const loader = context.loader(`${walk.name} ${variant} ${selection.key}`, async (starts) => {
    const db = context.read.db(`${context.subgraph}:${walk.name}`);
    const found: (ReadRow & { startId: string })[] = await db
      .select({ startId: sql<string>`found.start_id`, ...(flatColumns(orgUnits, selection) as { id: typeof orgUnits.id }) })
      .from(walk.found(sql`unnest((select ${sql.param(starts)}::uuid[])) as start(id)`))
      .innerJoin(orgUnits, eq(orgUnits.id, sql`found.id`))
      .orderBy(...walk.orderBy);
    const units = await withRelations(context, walk.name, orgUnits, selection, found);
    const byStart = new Map<string, ReadRow[]>(starts.map((start) => [start, []]));
    for (const [index, { startId }] of found.entries()) byStart.get(startId)!.push(units[index]!);
    return starts.map((start) => byStart.get(start)!);
  });
  return loader.load(id);
}

const deepest = 32;
/** PostgreSQL's largest integer. */
const allLevels = 2_147_483_647;

/** Checks `maxDepth`, in levels. Throws BAD_USER_INPUT unless it is absent or 1 to 32. */
function parseDepth(maxDepth: number | null | undefined): number {
  if (maxDepth == null) return allLevels;
  if (maxDepth < 1 || maxDepth > deepest) {
    throw new AppError('BAD_USER_INPUT', `"maxDepth" is ${maxDepth}.`, {
      field: 'maxDepth',
      hint: `Ask for 1 to ${deepest} levels, or leave it out for all of them.`,
    });
  }
  return maxDepth;
}
