import { mutation, noSuch, unknownReference } from '@bailiwick/kernel/graphql';
import { explainDatabaseError, newId } from '@bailiwick/kernel/postgres';
import type { CreateEngagementInput, MutationResolvers } from '../__generated__/resolvers.js';
import { engagementMembers, engagements, idempotencyKeys } from '../tables.js';
import { engagementById } from './engagementById.js';

/** Creates an engagement with its members: all of it or nothing. */
export const createEngagement: MutationResolvers['createEngagement'] = mutation({
  name: 'createEngagement',
  answers: { engagement: engagementById },
  keys: idempotencyKeys,
  may: {
    system: 'audit_system',
    action: 'write',
    to: 'create an engagement',
    hint: 'Ask an administrator for a role that writes to the audit system, for example Auditor.',
  },
  constraints: {
    engagements_lead_id_fkey: unknownReference('person', 'leadPersonId'),
    engagements_org_unit_id_fkey: unknownReference('org unit', 'orgUnitId'),
  },

  check(input: CreateEngagementInput, checks) {
    const { startDate, endDate } = input;
    const title = checks.text('title', input.title, { what: 'The title', most: 300 });
    // Days in ISO 8601 sort as text.
    if (startDate != null && endDate != null && endDate < startDate) {
      const message = `The engagement would end on ${endDate}, before it starts on ${startDate}.`;
      checks.refuse('endDate', message, 'Give a last day that is not before the first.');
    }
    return {
      title,
      leadId: checks.id('leadPersonId', input.leadPersonId),
      orgUnitId: checks.id('orgUnitId', input.orgUnitId),
      memberIds: checks
        .list('memberPersonIds', input.memberPersonIds, 'members', 100)
        .map((id, index) => checks.id(`memberPersonIds.${index}`, id)!),
    };
  },

  async write({ db, input, personId }, { title, leadId, orgUnitId, memberIds }) {
    const id = newId();
    const { scope, objectives, startDate, endDate } = input;
    await db
      .insert(engagements)
      .values({ id, title, scope, objectives, leadId, orgUnitId, startDate, endDate, createdBy: personId });
    for (const [index, memberId] of memberIds.entries()) {
      if (memberId === leadId || memberIds.indexOf(memberId) < index) continue;
      // One statement a member, because row security hides from the error of a single statement which of them is unknown.
      const unknown = () => noSuch('person', memberId, `input.memberPersonIds.${index}`);
      const member = db.insert(engagementMembers).values({ id: newId(), engagementId: id, personId: memberId });
      await member.catch((error: unknown) => {
        throw explainDatabaseError(error, { engagement_members_person_id_fkey: unknown }) ?? error;
      });
    }
    return id;
  },
});
