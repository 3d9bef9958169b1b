import { referenceById } from '@bailiwick/kernel/execution/resolveEach';
import { connectEach, parentId } from '@bailiwick/kernel/pagination/connection';
import { eq } from 'drizzle-orm';
import type { PersonResolvers } from './__generated__/resolvers.js';
import { actionPlanConditions, actionPlanConnection } from './actionPlan.js';
import { engagementConditions, engagementConnection } from './engagement/connection.js';
import { actionPlans, engagements } from './tables.js';

const ledEngagements = engagementConnection('Person.ledEngagements');
const actionPlansOfPerson = actionPlanConnection('Person.actionPlans');

/** What this subgraph adds to a person. */
export const Person: PersonResolvers = {
  __resolveReference: referenceById,
  ledEngagements: ({ id }, args, context) =>
    connectEach(context, ledEngagements, args, id, [
      eq(engagements.leadId, parentId),
      ...engagementConditions(args.filter, 'few'),
    ]),
  actionPlans: ({ id }, args, context) =>
    connectEach(context, actionPlansOfPerson, args, id, [
      eq(actionPlans.ownerPersonId, parentId),
      ...actionPlanConditions(args.filter),
    ]),
};
