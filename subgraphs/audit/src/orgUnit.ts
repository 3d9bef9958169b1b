import { referenceById } from '@bailiwick/kernel/graphql';
import { connecting, parentId } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { OrgUnitResolvers } from './__generated__/resolvers.js';
import { engagementConditions, engagementConnection } from './engagement/connection.js';
import { findingConditions, findingConnection, isOfEngagementWhere } from './finding/connection.js';
import { engagements } from './tables.js';

const engagementsOfUnit = engagementConnection('OrgUnit.engagements');
const findingsOfUnit = findingConnection('OrgUnit.findings');

/** What this subgraph adds to an org unit. */
export const OrgUnit: OrgUnitResolvers = {
  __resolveReference: referenceById,
  engagements: connecting(engagementsOfUnit, (args) => [
    eq(engagements.orgUnitId, parentId),
    ...engagementConditions(args.filter, 'few'),
  ]),
  findings: connecting(findingsOfUnit, (args) => [
    isOfEngagementWhere(eq(engagements.orgUnitId, parentId)),
    ...findingConditions(args.filter, 'few'),
  ]),
};
