import { referenceById } from '@bailiwick/kernel/graphql';
import { connecting, parentId } from '@bailiwick/kernel/pagination';
import type { PersonResolvers } from './__generated__/resolvers.js';
import { isAssigned, legalCaseConditions, legalCaseConnection } from './legalCase/connection.js';

const assignedCases = legalCaseConnection('Person.assignedCases');

/** What this subgraph adds to a person. */
export const Person: PersonResolvers = {
  __resolveReference: referenceById,
  assignedCases: connecting(assignedCases, (args) => [isAssigned(parentId), ...legalCaseConditions(args.filter)]),
};
