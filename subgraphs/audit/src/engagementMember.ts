import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { EngagementMemberResolvers } from './__generated__/resolvers.js';
import { engagementMembers } from './tables.js';

/** Who works on an engagement, in the order they joined it. */
export const membersByEngagementId = loaderByParent({
  label: 'audit:membersByEngagementId',
  table: engagementMembers,
  by: engagementMembers.engagementId,
  orderBy: [engagementMembers.createdAt, engagementMembers.id],
});

/** The fields of a membership that are not columns of its row. */
export const EngagementMember: EngagementMemberResolvers = {
  person: ({ personId }) => ({ id: personId }),
};
