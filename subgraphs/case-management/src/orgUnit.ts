import { referenceById } from '@bailiwick/kernel/graphql';
import { connecting, parentId } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { OrgUnitResolvers } from './__generated__/resolvers.js';
import { legalCaseConditions, legalCaseConnection } from './legalCase/connection.js';
import { legalCases } from './tables.js';

const casesOfUnit = legalCaseConnection('OrgUnit.legalCases');

/** What this subgraph adds to an org unit. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceById,
  legalCases: connecting(casesOfUnit, (args) => [eq(legalCases.orgUnitId, parentId), ...legalCaseConditions(args.filter)]),
};
