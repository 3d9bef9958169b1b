import { equalsId, isOneOf, isUnitOrBelow, isUntil } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { sql } from 'drizzle-orm';
import type { RecommendationFilter } from '../__generated__/resolvers.js';
import { recommendations } from '../tables.js';

/** The day it is due, and what has no day after all that have one. The index recommendations_target_date is on this very expression. */
const dueDay = sql`coalesce(${recommendations.targetDate}, 'infinity'::date)`;

/** How recommendations are paged through; `name` is the field. */
export function recommendationConnection(name: string): ConnectionSpec<RecommendationFilter> {
  return {
    name,
    table: recommendations,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [recommendations.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [recommendations.createdAt], direction: 'asc' },
      TARGET_DATE_ASC: { columns: [dueDay], direction: 'asc' },
      TARGET_DATE_DESC: { columns: [dueDay], direction: 'desc' },
    },
    filters: {
      status: isOneOf(recommendations.status),
      priority: isOneOf(recommendations.priority),
      findingId: equalsId(recommendations.findingId),
      ownerPersonId: equalsId(recommendations.ownerPersonId),
      ownerUnitId: isUnitOrBelow(recommendations.ownerUnitId),
      dueBy: isUntil(dueDay),
    },
  };
}
