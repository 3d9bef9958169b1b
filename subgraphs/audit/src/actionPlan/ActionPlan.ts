import { reference, related } from '@bailiwick/kernel/graphql';
import type { ActionPlanResolvers } from '../__generated__/resolvers.js';
import { actionPlans, actionPlansRelations } from '../tables.js';

/** The fields of an action plan that are not columns of its row. */
export const ActionPlan: ActionPlanResolvers = {
  ownerPerson: reference(actionPlans, 'ownerPersonId'),
  recommendation: related(actionPlansRelations, 'recommendation'),
};
