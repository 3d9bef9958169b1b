import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { PartyResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { parties } from './tables.js';

/** The parties of a case, by name. */
export const partiesByCaseId = loaderByParent({
  label: 'case-management:partiesByCaseId',
  table: parties,
  by: parties.caseId,
  also: ['caseId'],
  orderBy: [parties.name, parties.id],
});

/** The fields of a party that are not columns of its row. */
export const Party: PartyResolvers = {
  legalCase: caseOf,
};
