import { related } from '@bailiwick/kernel/graphql';
import type { PartyResolvers } from '../__generated__/resolvers.js';
import { partiesRelations } from '../tables.js';

/** The fields of a party that are not columns of its row. */
export const Party: PartyResolvers = {
  legalCase: related(partiesRelations, 'legalCase'),
};
