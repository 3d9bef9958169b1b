import { parseId } from '@bailiwick/kernel/postgres';
import { connect, isFoundBy } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { eq, isNotNull, isNull } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { OrgUnitFilter, QueryResolvers } from '../__generated__/resolvers.js';
import { orgUnits } from '../tables.js';
import { orgUnitByCode, orgUnitById } from './loaders.js';

const allOrgUnits: ConnectionSpec<typeof orgUnits> = {
  name: 'orgUnits',
  subgraph: 'shared',
  table: orgUnits,
  defaultOrder: 'NAME_ASC',
  orders: {
    NAME_ASC: { columns: [orgUnits.name], direction: 'asc' },
    NAME_DESC: { columns: [orgUnits.name], direction: 'desc' },
    CODE_ASC: { columns: [orgUnits.code], direction: 'asc' },
    CODE_DESC: { columns: [orgUnits.code], direction: 'desc' },
  },
};

/** The root fields that read org units. */
export const orgUnitQueries: QueryResolvers = {
  orgUnit: (_root, { id }, context) => orgUnitById(context).load(parseId(id, 'id')),

  orgUnitByCode: (_root, { code }, context) => orgUnitByCode(context).load(code),

  orgUnits: (_root, args, context) => connect(context, allOrgUnits, args, orgUnitConditions(args.filter)),
};

function orgUnitConditions(filter: OrgUnitFilter | null | undefined): SQL[] {
  if (!filter) return [];
  const { text, unitType, parentId, isRoot, isActive } = filter;
  const conditions: SQL[] = [];
  if (text != null) conditions.push(isFoundBy('identity.search_org_unit_ids', orgUnits.id, text, 'filter.text'));
  if (unitType != null) conditions.push(eq(orgUnits.unitType, unitType));
  if (parentId != null) conditions.push(eq(orgUnits.parentId, parseId(parentId, 'filter.parentId')));
  if (isRoot != null) conditions.push(isRoot ? isNull(orgUnits.parentId) : isNotNull(orgUnits.parentId));
  if (isActive != null) conditions.push(eq(orgUnits.isActive, isActive));
  return conditions;
}
