import { equalsId, isOneOf, isUntil } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { sql } from 'drizzle-orm';
import type { ActionPlanFilter } from '../__generated__/resolvers.js';
import { actionPlans } from '../tables.js';

/** The day it is due, and what has no day after all that have one. The index action_plans_target_date is on this very expression. */
const dueDay = sql`coalesce(${actionPlans.targetDate}, 'infinity'::date)`;

/** How action plans are paged through, wherever a connection of them stands; `name` is the field. */
export function actionPlanConnection(name: string): ConnectionSpec<ActionPlanFilter> {
  return {
    name,
    table: actionPlans,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [actionPlans.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [actionPlans.createdAt], direction: 'asc' },
      TARGET_DATE_ASC: { columns: [dueDay], direction: 'asc' },
      TARGET_DATE_DESC: { columns: [dueDay], direction: 'desc' },
    },
    filters: {
      status: isOneOf(actionPlans.status),
      recommendationId: equalsId(actionPlans.recommendationId),
      ownerPersonId: equalsId(actionPlans.ownerPersonId),
      dueBy: isUntil(dueDay),
    },
  };
}
