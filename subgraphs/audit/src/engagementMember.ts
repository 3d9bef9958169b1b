import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { EngagementMemberResolvers } from './__generated__/resolvers.js';
import { engagementMembers } from './tables.js';
import type { EngagementMemberRow } from './tables.js';

/** Who works on an engagement, in the order they joined it. */
export const membersByEngagementId = defineLoader<string, EngagementMemberRow[]>(async (engagementIds, context) => {
  const rows = await context.read
    .db('audit:membersByEngagementId')
    .select()
    .from(engagementMembers)
    .where(isAnyOf(engagementMembers.engagementId, engagementIds))
    .orderBy(engagementMembers.createdAt, engagementMembers.id);
  return alignMany(engagementIds, rows, (row) => row.engagementId);
});

/** The fields of a membership that are not columns of its row. */
export const EngagementMember: EngagementMemberResolvers = {
  person: ({ personId }) => ({ id: personId }),
};
