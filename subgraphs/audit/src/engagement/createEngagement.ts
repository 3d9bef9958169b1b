import type { RequestContext } from '@bailiwick/kernel/graphql';
import type { LabelledDatabase, Transaction } from '@bailiwick/kernel/postgres';
import { AppError } from '@bailiwick/kernel/errors';
import { explainDatabaseError, newId } from '@bailiwick/kernel/postgres';
import { runMutation } from '@bailiwick/kernel/graphql';
import { sql } from 'drizzle-orm';
import type { CreateEngagementInput, MutationResolvers } from '../__generated__/resolvers.js';
import { engagementMembers, engagements } from '../tables.js';
import { checkInput } from './createEngagementInput.js';
import { engagementById } from './loaders.js';

/** Creates an engagement with its members: all of it or nothing. */
export const createEngagement: MutationResolvers['createEngagement'] = async (_root, { input }, context) => {
  const { id, userErrors } = await runMutation(
    context,
    {
      operation: 'createEngagement',
      keyTable: 'audit_system.idempotency_keys',
      input,
      constraints: {
        engagements_lead_id_fkey: () => unknownReference('person', input.leadPersonId!, 'input.leadPersonId'),
        engagements_org_unit_id_fkey: () => unknownReference('org unit', input.orgUnitId!, 'input.orgUnitId'),
      },
    },
    (tx) => insertEngagement(tx, context, input),
  );
  return { engagement: id === null ? null : await engagementById(context).load(id), userErrors };
};

async function insertEngagement(tx: Transaction, context: RequestContext, input: CreateEngagementInput): Promise<string> {
  const db = tx.db('audit:createEngagement');
  const rights = await db.execute<{ may_write: boolean }>(sql`select identity.may('audit_system', 'write') as may_write`);
  if (!rights.rows[0]!.may_write) {
    throw new AppError('FORBIDDEN', 'Your roles do not allow you to create an engagement.', {
      hint: 'Ask an administrator for a role that writes to the audit system, for example Auditor.',
    });
  }

  const { leadId, orgUnitId, memberIds } = checkInput(input);
  const id = newId();
  await db.insert(engagements).values({
    id,
    title: input.title.trim(),
    scope: input.scope,
    objectives: input.objectives,
    leadId,
    orgUnitId,
    startDate: input.startDate,
    endDate: input.endDate,
    createdBy: context.caller.personId,
  });
  await insertMembers(db, id, input, memberIds);
  return id;
}

/** One statement a member, all sent in one round trip: row security hides from the error of a single statement who of them is unknown. */
async function insertMembers(
  db: LabelledDatabase,
  engagementId: string,
  input: CreateEngagementInput,
  memberIds: ReadonlyMap<string, number>,
): Promise<void> {
  const inserts = await Promise.allSettled(
    [...memberIds].map(async ([personId, index]) => {
      try {
        await db.insert(engagementMembers).values({ id: newId(), engagementId, personId });
      } catch (error) {
        throw (
          explainDatabaseError(error, {
            engagement_members_person_id_fkey: () =>
              unknownReference('person', input.memberPersonIds![index]!, `input.memberPersonIds.${index}`),
          }) ?? error
        );
      }
    }),
  );
  // The first failure is the cause; those after it only say that the transaction had failed already.
  const failed = inserts.find((insert) => insert.status === 'rejected');
  if (failed) throw failed.reason;
}

function unknownReference(what: string, id: string, field: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} with the id ${id}.`, {
    field,
    hint: `Look the ${what} up first, and use its id.`,
  });
}
