import { rootConnection } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { actionPlanConnection } from './connection.js';

/** The root field that reads action plans. */
export const queries: QueryResolvers = {
  actionPlans: rootConnection(actionPlanConnection('actionPlans')),
};
