import { reference } from '@bailiwick/kernel/graphql';
import type { EngagementMemberResolvers } from '../__generated__/resolvers.js';
import { engagementMembers } from '../tables.js';

/** The fields of a membership that are not columns of its row. */
export const EngagementMember: EngagementMemberResolvers = {
  person: reference(engagementMembers, 'personId'),
};
