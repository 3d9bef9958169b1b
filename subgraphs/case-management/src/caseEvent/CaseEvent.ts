import { related } from '@bailiwick/kernel/graphql';
import type { CaseEventResolvers } from '../__generated__/resolvers.js';
import { caseEventsRelations } from '../tables.js';

/** The fields of an event that are not columns of its row. */
export const CaseEvent: CaseEventResolvers = {
  legalCase: related(caseEventsRelations, 'legalCase'),
};
