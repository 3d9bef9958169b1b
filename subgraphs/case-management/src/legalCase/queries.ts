import { parseId } from '@bailiwick/kernel/ids';
import { connect } from '@bailiwick/kernel/pagination/connection';
import { eq } from 'drizzle-orm';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { legalCases } from '../tables.js';
import { legalCaseConditions, legalCaseConnection } from './connection.js';
import { legalCaseById } from './loaders.js';

const allLegalCases = legalCaseConnection('legalCases');

/** The root fields that read cases. */
export const legalCaseQueries: QueryResolvers = {
  legalCase: (_root, { id }, context) => legalCaseById(context).load(parseId(id, 'id')),

  async legalCaseByNumber(_root, { caseNumber }, context) {
    const [found] = await context.read
      .db('case-management:legalCaseByNumber')
      .select()
      .from(legalCases)
      .where(eq(legalCases.caseNumber, caseNumber));
    return found ?? null;
  },

  legalCases: (_root, args, context) => connect(context, allLegalCases, args, legalCaseConditions(args.filter)),
};
