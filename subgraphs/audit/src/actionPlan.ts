import { parseId } from '@bailiwick/kernel/postgres';
import { loaderByParent } from '@bailiwick/kernel/graphql';
import { connect } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { eq, inArray, lte, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { ActionPlanFilter, ActionPlanResolvers, QueryResolvers } from './__generated__/resolvers.js';
import { recommendationOf } from './recommendation/loaders.js';
import { referenceTo } from './references.js';
import { actionPlans } from './tables.js';

/** The day it is due, and what has no day after all that have one. The index action_plans_target_date is on this very expression. */
const dueDay = sql`coalesce(${actionPlans.targetDate}, 'infinity'::date)`;

/** How action plans are paged through, wherever a connection of them stands; `name` is the field. */
export function actionPlanConnection(name: string): ConnectionSpec<typeof actionPlans> {
  return {
    name,
    subgraph: 'audit',
    table: actionPlans,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [actionPlans.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [actionPlans.createdAt], direction: 'asc' },
      TARGET_DATE_ASC: { columns: [dueDay], direction: 'asc' },
      TARGET_DATE_DESC: { columns: [dueDay], direction: 'desc' },
    },
  };
}

/** The conditions of a client's filter. Throws BAD_USER_INPUT for what is not an id. */
export function actionPlanConditions(filter: ActionPlanFilter | null | undefined): SQL[] {
  if (!filter) return [];
  const { status, recommendationId, ownerPersonId, dueBy } = filter;
  const conditions: SQL[] = [];
  if (status) conditions.push(inArray(actionPlans.status, status));
  if (recommendationId != null) {
    conditions.push(eq(actionPlans.recommendationId, parseId(recommendationId, 'filter.recommendationId')));
  }
  if (ownerPersonId != null) conditions.push(eq(actionPlans.ownerPersonId, parseId(ownerPersonId, 'filter.ownerPersonId')));
  if (dueBy != null) conditions.push(lte(dueDay, dueBy));
  return conditions;
}

/** What is being done about a recommendation, the oldest first. */
export const actionPlansByRecommendationId = loaderByParent({
  label: 'audit:actionPlansByRecommendationId',
  table: actionPlans,
  by: actionPlans.recommendationId,
  orderBy: [actionPlans.createdAt, actionPlans.id],
});

const allActionPlans = actionPlanConnection('actionPlans');

/** The root field that reads action plans. */
export const actionPlanQueries: QueryResolvers = {
  actionPlans: (_root, args, context) => connect(context, allActionPlans, args, actionPlanConditions(args.filter)),
};

/** The fields of an action plan that are not columns of its row. */
export const ActionPlan: ActionPlanResolvers = {
  ownerPerson: ({ ownerPersonId }) => referenceTo(ownerPersonId),
  recommendation: recommendationOf,
};
