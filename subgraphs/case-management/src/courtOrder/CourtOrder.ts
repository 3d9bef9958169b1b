import { related } from '@bailiwick/kernel/graphql';
import type { CourtOrderResolvers } from '../__generated__/resolvers.js';
import { courtOrdersRelations } from '../tables.js';

/** The fields of a court order that are not columns of its row. */
export const CourtOrder: CourtOrderResolvers = {
  legalCase: related(courtOrdersRelations, 'legalCase'),
};
