import { loading, referenceBy } from '@bailiwick/kernel/graphql';
import { connecting, parentId } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { EngagementResolvers } from '../__generated__/resolvers.js';
import { membersByEngagementId } from '../engagementMember.js';
import { findingConditions, findingConnection } from '../finding/connection.js';
import { referenceTo } from '../references.js';
import { findings } from '../tables.js';
import { workpapersByEngagementId } from '../workpaper.js';
import { engagementById } from './loaders.js';

const findingsOfEngagement = findingConnection('Engagement.findings');

/** The fields of an engagement that are not columns of its row. */
export const Engagement: EngagementResolvers = {
  __resolveReference: referenceBy(engagementById),
  lead: ({ leadId }) => referenceTo(leadId),
  orgUnit: ({ orgUnitId }) => referenceTo(orgUnitId),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
  members: loading(membersByEngagementId, ({ id }) => id),
  workpapers: loading(workpapersByEngagementId, ({ id }) => id),
  findings: connecting(findingsOfEngagement, (args) => [
    eq(findings.engagementId, parentId),
    ...findingConditions(args.filter, 'few'),
  ]),
};
