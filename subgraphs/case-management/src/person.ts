import { referenceById } from '@bailiwick/kernel/execution/resolveEach';
import { connectEach, parentId } from '@bailiwick/kernel/pagination/connection';
import type { PersonResolvers } from './__generated__/resolvers.js';
import { isAssigned, legalCaseConditions, legalCaseConnection } from './legalCase/connection.js';

const assignedCases = legalCaseConnection('Person.assignedCases');

/** What this subgraph adds to a person. */
export const Person: PersonResolvers = {
  __resolveReference: referenceById,
  assignedCases: ({ id }, args, context) =>
    connectEach(context, assignedCases, args, id, [isAssigned(parentId), ...legalCaseConditions(args.filter)]),
};
