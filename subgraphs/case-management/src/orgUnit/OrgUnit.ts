import { referenceById } from '@bailiwick/kernel/graphql';
import { connectionOf } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { OrgUnitResolvers } from '../__generated__/resolvers.js';
import { legalCaseConnection } from '../legalCase/connection.js';
import { legalCases } from '../tables.js';

/** What this subgraph adds to an org unit. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceById,
  legalCases: connectionOf(legalCaseConnection('OrgUnit.legalCases'), (unit) => eq(legalCases.orgUnitId, unit)),
};
