import { parseId } from '@bailiwick/kernel/postgres';
import { connect } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { legalCaseConditions, legalCaseConnection } from './connection.js';
import { legalCaseById, legalCaseByNumber } from './loaders.js';

const allLegalCases = legalCaseConnection('legalCases');

/** The root fields that read cases. */
export const legalCaseQueries: QueryResolvers = {
  legalCase: (_root, { id }, context) => legalCaseById(context).load(parseId(id, 'id')),

  legalCaseByNumber: (_root, { caseNumber }, context) => legalCaseByNumber(context).load(caseNumber),

  legalCases: (_root, args, context) => connect(context, allLegalCases, args, legalCaseConditions(args.filter)),
};
