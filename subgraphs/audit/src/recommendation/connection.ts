import { parseId } from '@bailiwick/kernel/postgres';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { eq, inArray, lte, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { RecommendationFilter } from '../__generated__/resolvers.js';
import { recommendations } from '../tables.js';

/** The day it is due, and what has no day after all that have one. The index recommendations_target_date is on this very expression. */
const dueDay = sql`coalesce(${recommendations.targetDate}, 'infinity'::date)`;

/** How recommendations are paged through; `name` is the field. */
export function recommendationConnection(name: string): ConnectionSpec<typeof recommendations> {
  return {
    name,
    subgraph: 'audit',
    table: recommendations,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [recommendations.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [recommendations.createdAt], direction: 'asc' },
      TARGET_DATE_ASC: { columns: [dueDay], direction: 'asc' },
      TARGET_DATE_DESC: { columns: [dueDay], direction: 'desc' },
    },
  };
}

/** The conditions of a client's filter. Throws BAD_USER_INPUT for what is not an id. */
export function recommendationConditions(filter: RecommendationFilter | null | undefined): SQL[] {
  if (!filter) return [];
  const { status, priority, findingId, ownerPersonId, ownerUnitId, dueBy } = filter;
  const conditions: SQL[] = [];
  if (status) conditions.push(inArray(recommendations.status, status));
  if (priority) conditions.push(inArray(recommendations.priority, priority));
  if (findingId != null) conditions.push(eq(recommendations.findingId, parseId(findingId, 'filter.findingId')));
  if (ownerPersonId != null) {
    conditions.push(eq(recommendations.ownerPersonId, parseId(ownerPersonId, 'filter.ownerPersonId')));
  }
  if (ownerUnitId != null) {
    const unit = parseId(ownerUnitId, 'filter.ownerUnitId');
    conditions.push(sql`${recommendations.ownerUnitId} = any((select identity.org_unit_and_descendants(${unit}))::uuid[])`);
  }
  if (dueBy != null) conditions.push(lte(dueDay, dueBy));
  return conditions;
}
