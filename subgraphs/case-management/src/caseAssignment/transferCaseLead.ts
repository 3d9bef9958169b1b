import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import { newId } from '@bailiwick/kernel/postgres';
import { eq } from 'drizzle-orm';
import type { MutationResolvers, TransferCaseLeadInput } from '../__generated__/resolvers.js';
import { legalCaseById } from '../legalCase/legalCaseById.js';
import { mayApproveCases } from '../legalCase/rights.js';
import { caseAssignments, idempotencyKeys } from '../tables.js';
import { lockedCase } from './lockedCase.js';
import { requireAssignable } from './requireAssignable.js';

/** Gives a case another lead. The former one stays as a member. */
export const transferCaseLead: MutationResolvers['transferCaseLead'] = mutation({
  name: 'transferCaseLead',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'give a case another lead' },

  check: (input: TransferCaseLeadInput, checks) => ({
    caseId: checks.id('legalCaseId', input.legalCaseId)!,
    from: checks.id('fromPersonId', input.fromPersonId),
    to: checks.id('toPersonId', input.toPersonId)!,
    reason: checks.reason(input.reason),
  }),

  async write({ db, personId }, { caseId, from, to, reason }) {
    const { people } = await lockedCase(db, caseId, 'input.legalCaseId');
    await requireAssignable(db, to, 'input.toPersonId');
    const lead = people.find(({ role }) => role === 'lead');
    if ((lead?.personId ?? null) !== from) {
      throw new AppError(
        'CONFLICT',
        `The lead of the case is ${lead?.personId ?? 'nobody'}, and you have read ${from ?? 'nobody'}.`,
        {
          field: 'input.fromPersonId',
          hint: 'Read the case again, and send the lead that it has now.',
        },
      );
    }
    if (lead?.personId === to) return caseId;
    if (lead) await db.update(caseAssignments).set({ role: 'member' }).where(eq(caseAssignments.id, lead.id));
    const there = people.find((one) => one.personId === to);
    if (there) await db.update(caseAssignments).set({ role: 'lead', reason }).where(eq(caseAssignments.id, there.id));
    else {
      const who = { personId: to, role: 'lead', reason, assignedBy: personId } as const;
      await db.insert(caseAssignments).values({ id: newId(), caseId, caseIsRestricted: false, ...who });
    }
    return caseId;
  },
});
