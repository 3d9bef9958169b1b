import { referenceById } from '@bailiwick/kernel/graphql';
import { connecting, parentId } from '@bailiwick/kernel/pagination';
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
  ledEngagements: connecting(ledEngagements, (args) => [
    eq(engagements.leadId, parentId),
    ...engagementConditions(args.filter, 'few'),
  ]),
  actionPlans: connecting(actionPlansOfPerson, (args) => [
    eq(actionPlans.ownerPersonId, parentId),
    ...actionPlanConditions(args.filter),
  ]),
};
