import { parseId } from '@bailiwick/kernel/ids';
import type { OrgUnitResolvers } from '../__generated__/resolvers.js';
import { orgUnitById } from './loaders.js';
import { ancestorsByOrgUnitId, childrenByOrgUnitId, descendantsByOrgUnitId, parseDepth } from './tree.js';

/** The fields of an org unit that are not columns of its row. */
export const OrgUnit: OrgUnitResolvers = {
  // async, because what a reference resolver throws at once fails its neighbours too.
  __resolveReference: async ({ id }, context) => orgUnitById(context).load(parseId(id, 'representations')),
  parent: ({ parentId }, _args, context) => (parentId === null ? null : orgUnitById(context).load(parentId)),
  children: ({ id }, _args, context) => childrenByOrgUnitId(context).load(id),
  ancestors: ({ id }, _args, context) => ancestorsByOrgUnitId(context).load(id),
  descendants: ({ id }, { maxDepth }, context) => descendantsByOrgUnitId(context, parseDepth(maxDepth)).load(id),
};
