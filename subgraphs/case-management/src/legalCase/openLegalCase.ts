import { may, mutation, unknownReference } from '@bailiwick/kernel/graphql';
import { newId } from '@bailiwick/kernel/postgres';
import { eq } from 'drizzle-orm';
import type { MutationResolvers, OpenLegalCaseInput } from '../__generated__/resolvers.js';
import { caseAssignments, idempotencyKeys, legalCases, parties } from '../tables.js';
import { requireAssignable } from '../caseAssignment/requireAssignable.js';
import { legalCaseById } from './legalCaseById.js';

const longestName = 500;

/** Opens a case with its lead and its parties: all of it or nothing. */
export const openLegalCase: MutationResolvers['openLegalCase'] = mutation({
  name: 'openLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: {
    system: 'case_management',
    action: 'write',
    to: 'open a case',
    hint: 'Ask an administrator for a role that writes to case management, for example Lawyer.',
  },
  constraints: {
    legal_cases_org_unit_id_fkey: unknownReference('org unit', 'orgUnitId'),
  },

  check: (input: OpenLegalCaseInput, checks) => ({
    openedOn: checks.pastDay('openedOn', input.openedOn, 'The opening day') ?? undefined,
    title: checks.text('title', input.title, {
      what: 'The title',
      most: longestName,
      hint: 'Give the case a title, for example "A v B".',
    }),
    orgUnitId: checks.id('orgUnitId', input.orgUnitId),
    leadId: checks.id('leadPersonId', input.leadPersonId),
    parties: checks.list('parties', input.parties, 'parties', 100).map(({ name, partyType, role }, index) => ({
      name: checks.text(`parties.${index}.name`, name, {
        what: `The name of party ${index + 1}`,
        most: longestName,
        hint: 'Give every party a name.',
      }),
      partyType: partyType ?? undefined,
      role: role ?? undefined,
    })),
  }),

  async write({ db, input, personId }, { openedOn, title, orgUnitId, leadId, parties: named }) {
    if (leadId !== null) await requireAssignable(db, leadId, 'input.leadPersonId');
    const id = newId();
    const { description, matterType, region, ourRole, courtFileNumber, allegations, reliefsSought } = input;
    await db.insert(legalCases).values({
      ...{
        id,
        openedOn,
        title,
        description,
        matterType,
        region,
        ourRole,
        courtFileNumber,
        orgUnitId,
        allegations,
        reliefsSought,
      },
      caseType: input.caseType ?? undefined,
      priority: input.priority ?? undefined,
      createdBy: personId,
    });
    const ofCase = { caseId: id, caseIsRestricted: false };
    const assigned: (typeof caseAssignments.$inferInsert)[] = [];
    if (leadId !== null) assigned.push({ ...ofCase, id: newId(), personId: leadId, role: 'lead', assignedBy: personId });
    if (input.isRestricted && leadId !== personId && !(await may(db, 'case_management', 'admin')))
      // Whoever opens a restricted case must not lose sight of it.
      assigned.push({ ...ofCase, id: newId(), personId, role: 'member', assignedBy: personId });
    if (assigned.length > 0) await db.insert(caseAssignments).values(assigned);
    if (named.length > 0) await db.insert(parties).values(named.map((party) => ({ ...ofCase, id: newId(), ...party })));
    // Only now: from here on nobody but its assigned people sees it, and before the commit nobody does.
    if (input.isRestricted) await db.update(legalCases).set({ isRestricted: true }).where(eq(legalCases.id, id));
    return id;
  },
});
