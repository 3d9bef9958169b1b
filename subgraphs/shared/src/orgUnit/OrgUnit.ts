import { loading, referenceBy } from '@bailiwick/kernel/graphql';
import type { OrgUnitResolvers } from '../__generated__/resolvers.js';
import { orgUnitById } from './loaders.js';
import { ancestorsByOrgUnitId, childrenByOrgUnitId, descendantsByOrgUnitId } from './tree.js';

/** The fields of an org unit that are not columns of its row. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceBy(orgUnitById),
  parent: loading(orgUnitById, ({ parentId }) => parentId),
  children: loading(childrenByOrgUnitId, ({ id }) => id),
  ancestors: loading(ancestorsByOrgUnitId, ({ id }) => id),
  descendants: loading(descendantsByOrgUnitId, ({ id }) => id),
};
