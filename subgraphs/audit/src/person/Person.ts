import { referenceById } from '@bailiwick/kernel/graphql';
import { connectionOf } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { PersonResolvers } from '../__generated__/resolvers.js';
import { actionPlanConnection } from '../actionPlan/connection.js';
import { engagementConnection } from '../engagement/connection.js';
import { actionPlans, engagements } from '../tables.js';

/** What this subgraph adds to a person. */
export const Person: PersonResolvers = {
  __resolveReference: referenceById,
  ledEngagements: connectionOf(engagementConnection('Person.ledEngagements', 'few'), (person) => eq(engagements.leadId, person)),
  actionPlans: connectionOf(actionPlanConnection('Person.actionPlans'), (person) => eq(actionPlans.ownerPersonId, person)),
};
