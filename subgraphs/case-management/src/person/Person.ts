import { referenceById } from '@bailiwick/kernel/graphql';
import { connectionOf } from '@bailiwick/kernel/pagination';
import type { PersonResolvers } from '../__generated__/resolvers.js';
import { isAssigned, legalCaseConnection } from '../legalCase/connection.js';

/** What this subgraph adds to a person. */
export const Person: PersonResolvers = {
  __resolveReference: referenceById,
  assignedCases: connectionOf(legalCaseConnection('Person.assignedCases'), isAssigned),
};
