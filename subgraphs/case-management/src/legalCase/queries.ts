import { rowBy } from '@bailiwick/kernel/graphql';
import { rootConnection } from '@bailiwick/kernel/pagination';
import { parseId } from '@bailiwick/kernel/postgres';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { legalCases } from '../tables.js';
import { legalCaseConnection } from './connection.js';
import { legalCaseById } from './legalCaseById.js';
import { legalCaseTransitions } from './legalCaseTransitions.js';

const legalCaseByNumber = rowBy('legalCaseByNumber', legalCases, 'caseNumber');

/** The root fields that read cases. */
export const queries: QueryResolvers = {
  legalCase: async (_root, { id }, context, info) => legalCaseById(context, info, parseId(id, 'id')),
  legalCaseByNumber: (_root, { caseNumber }, context, info) => legalCaseByNumber(context, info, caseNumber),
  legalCaseTransitions,
  legalCases: rootConnection(legalCaseConnection('legalCases')),
};
