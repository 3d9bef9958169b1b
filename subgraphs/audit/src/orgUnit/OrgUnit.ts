import { referenceById } from '@bailiwick/kernel/graphql';
import { connectionOf } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { OrgUnitResolvers } from '../__generated__/resolvers.js';
import { engagementConnection } from '../engagement/connection.js';
import { findingConnection, isOfEngagementWhere } from '../finding/connection.js';
import { engagements } from '../tables.js';

/** What this subgraph adds to an org unit. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceById,
  engagements: connectionOf(engagementConnection('OrgUnit.engagements', 'few'), (unit) => eq(engagements.orgUnitId, unit)),
  findings: connectionOf(findingConnection('OrgUnit.findings', 'few'), (unit) =>
    isOfEngagementWhere(eq(engagements.orgUnitId, unit)),
  ),
};
