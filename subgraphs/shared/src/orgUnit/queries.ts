import { rowBy } from '@bailiwick/kernel/graphql';
import { equals, equalsId, isFoundBy, rootConnection } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { parseId } from '@bailiwick/kernel/postgres';
import { isNotNull, isNull } from 'drizzle-orm';
import type { OrgUnitFilter, QueryResolvers } from '../__generated__/resolvers.js';
import { orgUnits } from '../tables.js';
import { orgUnitById } from './orgUnitById.js';

const orgUnitByCode = rowBy('orgUnitByCode', orgUnits, 'code');

const allOrgUnits: ConnectionSpec<OrgUnitFilter> = {
  name: 'orgUnits',
  table: orgUnits,
  defaultOrder: 'NAME_ASC',
  orders: {
    NAME_ASC: { columns: [orgUnits.name], direction: 'asc' },
    NAME_DESC: { columns: [orgUnits.name], direction: 'desc' },
    CODE_ASC: { columns: [orgUnits.code], direction: 'asc' },
    CODE_DESC: { columns: [orgUnits.code], direction: 'desc' },
  },
  filters: {
    text: isFoundBy('identity.search_org_unit_ids', orgUnits.id),
    unitType: equals(orgUnits.unitType),
    parentId: equalsId(orgUnits.parentId),
    isRoot: { choose: (isRoot) => (isRoot ? isNull(orgUnits.parentId) : isNotNull(orgUnits.parentId)) },
    isActive: equals(orgUnits.isActive),
  },
};

/** The root fields that read org units. */
export const queries: QueryResolvers = {
  orgUnit: async (_root, { id }, context, info) => orgUnitById(context, info, parseId(id, 'id')),
  orgUnitByCode: (_root, { code }, context, info) => orgUnitByCode(context, info, code),
  orgUnits: rootConnection(allOrgUnits),
};
