import { referenceBy, related, rowsBy } from '@bailiwick/kernel/graphql';
import type { OrgUnitResolvers } from '../__generated__/resolvers.js';
import { orgUnits, orgUnitsRelations } from '../tables.js';
import { orgUnitById } from './orgUnitById.js';
import { ancestors, descendants } from './tree.js';

const childrenByOrgUnitId = rowsBy('childrenByOrgUnitId', orgUnits, 'parentId', [orgUnits.name, orgUnits.id]);

/** The fields of an org unit that are not columns of its row. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceBy(orgUnitById),
  parent: related(orgUnitsRelations, 'parent'),
  children: ({ id }, _args, context, info) => childrenByOrgUnitId(context, info, id),
  ancestors: ({ id }, _args, context, info) => ancestors(context, info, id),
  descendants: async ({ id }, { maxDepth }, context, info) => descendants(context, info, id, maxDepth),
};
