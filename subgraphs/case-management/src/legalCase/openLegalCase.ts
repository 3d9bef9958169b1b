import { AppError } from '@bailiwick/kernel/errors';
import { newId, parseId } from '@bailiwick/kernel/ids';
import type { RequestContext } from '@bailiwick/kernel/context';
import type { Transaction } from '@bailiwick/kernel/database';
import { InputErrors, runMutation } from '@bailiwick/kernel/mutation';
import { eq, sql } from 'drizzle-orm';
import type { MutationResolvers, OpenLegalCaseInput } from '../__generated__/resolvers.js';
import { caseAssignments, legalCases, parties } from '../tables.js';
import { legalCaseById } from './loaders.js';

const subject = 'case-management:openLegalCase';

/** Opens a case with its lead and its parties: all of it or nothing. */
export const openLegalCase: MutationResolvers['openLegalCase'] = async (_root, { input }, context) => {
  const { id, userErrors } = await runMutation(
    context,
    {
      operation: 'openLegalCase',
      keyTable: 'case_management.idempotency_keys',
      input,
      constraints: {
        legal_cases_org_unit_id_fkey: () => unknownReference('org unit', input.orgUnitId, 'input.orgUnitId'),
        case_assignments_person_id_fkey: () => unknownReference('person', input.leadPersonId, 'input.leadPersonId'),
      },
    },
    (tx) => insertLegalCase(tx, context, input),
  );
  return { legalCase: id === null ? null : await legalCaseById(context).load(id), userErrors };
};

async function insertLegalCase(tx: Transaction, context: RequestContext, input: OpenLegalCaseInput): Promise<string> {
  check(input);
  const { personId } = context.caller;
  const id = newId();
  const db = tx.db(subject);
  const rights = await db.execute<{ may_write: boolean; is_admin: boolean; number: string }>(
    sql`select identity.may('case_management', 'write') as may_write, identity.may('case_management', 'admin') as is_admin`,
  );
  const { may_write: mayWrite, is_admin: isAdmin } = rights.rows[0]!;
  if (!mayWrite) {
    throw new AppError('FORBIDDEN', 'Your roles do not allow you to open a case.', {
      hint: 'Ask an administrator for a role that writes to case management, for example Lawyer.',
    });
  }

  // Opened as an open case, and restricted once its people are assigned: from then on nobody else sees it, and before the commit nobody does.
  await db.insert(legalCases).values({
    id,
    title: input.title.trim(),
    description: input.description,
    caseType: input.caseType ?? undefined,
    matterType: input.matterType,
    priority: input.priority ?? undefined,
    region: input.region,
    ourRole: input.ourRole,
    courtFileNumber: input.courtFileNumber,
    openedOn: input.openedOn ?? undefined,
    orgUnitId: input.orgUnitId ? parseId(input.orgUnitId, 'input.orgUnitId') : null,
    allegations: input.allegations,
    reliefsSought: input.reliefsSought,
    createdBy: personId,
  });
  const assignments = assignmentsOf(input, id, personId, isAdmin);
  if (assignments.length > 0) await db.insert(caseAssignments).values(assignments);
  if (input.parties?.length) {
    await db.insert(parties).values(
      input.parties.map(({ name, partyType, role }) => ({
        id: newId(),
        caseId: id,
        caseIsRestricted: false,
        name: name.trim(),
        partyType: partyType ?? undefined,
        role: role ?? undefined,
      })),
    );
  }
  if (input.isRestricted) await db.update(legalCases).set({ isRestricted: true }).where(eq(legalCases.id, id));
  return id;
}

function assignmentsOf(
  input: OpenLegalCaseInput,
  caseId: string,
  openedBy: string,
  isAdmin: boolean,
): (typeof caseAssignments.$inferInsert)[] {
  const leadId = input.leadPersonId ? parseId(input.leadPersonId, 'input.leadPersonId') : undefined;
  const base = { caseId, caseIsRestricted: false, assignedBy: openedBy };
  const assignments: (typeof caseAssignments.$inferInsert)[] = [];
  if (leadId) assignments.push({ ...base, id: newId(), personId: leadId, role: 'lead' });
  // Whoever opens a restricted case must not lose sight of it.
  if (input.isRestricted && !isAdmin && leadId !== openedBy)
    assignments.push({ ...base, id: newId(), personId: openedBy, role: 'member' });
  return assignments;
}

function check(input: OpenLegalCaseInput): void {
  const errors: AppError[] = [];
  if (input.title.trim() === '')
    errors.push(
      new AppError('BAD_USER_INPUT', 'The title is empty.', {
        field: 'input.title',
        hint: 'Give the case a title, for example "A v B".',
      }),
    );
  const count = input.parties?.length ?? 0;
  if (count > 100)
    errors.push(
      new AppError('BAD_USER_INPUT', `${count} parties are given.`, {
        field: 'input.parties',
        hint: 'Open the case with at most 100 parties.',
      }),
    );
  input.parties?.forEach((party, index) => {
    if (party.name.trim() === '')
      errors.push(
        new AppError('BAD_USER_INPUT', `Party ${index + 1} has no name.`, {
          field: `input.parties.${index}.name`,
          hint: 'Give every party a name.',
        }),
      );
  });
  if (errors.length > 0) throw new InputErrors(errors);
}

function unknownReference(what: string, id: string | null | undefined, field: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} with the id ${id ?? '(none)'}.`, {
    field,
    hint: `Look the ${what} up first, and use its id.`,
  });
}
