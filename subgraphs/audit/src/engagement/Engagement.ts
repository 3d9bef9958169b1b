import { reference, referenceBy, related } from '@bailiwick/kernel/graphql';
import { connectionOf } from '@bailiwick/kernel/pagination';
import { eq } from 'drizzle-orm';
import type { EngagementResolvers } from '../__generated__/resolvers.js';
import { findingConnection } from '../finding/connection.js';
import { engagementMembers, engagements, engagementsRelations, findings, workpapers } from '../tables.js';
import { engagementById } from './engagementById.js';

/** The fields of an engagement that are not columns of its row. */
export const Engagement: EngagementResolvers = {
  __resolveReference: referenceBy(engagementById),
  lead: reference(engagements, 'leadId'),
  orgUnit: reference(engagements, 'orgUnitId'),
  createdBy: reference(engagements, 'createdBy'),
  members: related(engagementsRelations, 'members', { orderBy: [engagementMembers.createdAt, engagementMembers.id] }),
  workpapers: related(engagementsRelations, 'workpapers', { orderBy: [workpapers.createdAt, workpapers.id] }),
  findings: connectionOf(findingConnection('Engagement.findings', 'few'), (engagement) => eq(findings.engagementId, engagement)),
};
