import { AppError } from '@bailiwick/kernel/errors';
import { newId, parseId, sqlState } from '@bailiwick/kernel/postgres';
import type { RequestContext } from '@bailiwick/kernel/graphql';
import type { BuiltStatement, LabelledDatabase, WriteTransaction } from '@bailiwick/kernel/postgres';
import { rowReader, runMutation, TextMap } from '@bailiwick/kernel/graphql';
import { eq, getTableColumns, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { MutationResolvers, OpenLegalCaseInput, OpenLegalCasePartyInput } from '../__generated__/resolvers.js';
import { partiesByCaseId } from '../party.js';
import { caseAssignments, legalCases, parties } from '../tables.js';
import type { LegalCaseRow, PartyRow } from '../tables.js';
import { legalCaseById } from './loaders.js';
import { checkInput } from './openLegalCaseInput.js';

const subject = 'case-management:openLegalCase';

/** Opens a case with its lead and its parties: all of it or nothing. */
export const openLegalCase: MutationResolvers['openLegalCase'] = async (_root, { input }, context) => {
  let sent: SentLegalCase | undefined;
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
    async (tx) => {
      sent = await insertLegalCase(tx, context, input);
      return sent.id;
    },
  );
  // It was read where it was written, but for one that was restricted after that. One with another id was opened by an earlier request with the same key.
  if (id !== null && sent?.id === id && sent.inserted) {
    const [caseRows, partyRows] = await Promise.all([sent.inserted.legalCase, sent.inserted.parties]);
    legalCaseById(context).remember(() => new TextMap([[id, readCase(caseRows[0]!) as LegalCaseRow]]));
    partiesByCaseId(context).remember(() => new TextMap([[id, partyRows.map((row) => readParty(row) as PartyRow)]]));
  }
  return { legalCase: id === null ? null : await legalCaseById(context).load(id), userErrors };
};

interface SentLegalCase {
  readonly id: string;
  /** The rows as they were inserted; undefined where they were changed after that. */
  readonly inserted: { readonly legalCase: Promise<unknown[][]>; readonly parties: Promise<unknown[][]> } | undefined;
}

/** Returns when the statements have been sent, unless it has to ask something first. */
async function insertLegalCase(tx: WriteTransaction, context: RequestContext, input: OpenLegalCaseInput): Promise<SentLegalCase> {
  checkInput(input);
  const { personId } = context.caller;
  const leadId = input.leadPersonId != null ? parseId(input.leadPersonId, 'input.leadPersonId') : undefined;
  const id = newId();

  // Whoever opens a restricted case must not lose sight of it.
  const losesSight = input.isRestricted && leadId !== personId && !(await seesRestricted(tx.db(subject)));
  const assignment = { caseId: id, caseIsRestricted: false, assignedBy: personId };
  const assignments: (typeof caseAssignments.$inferInsert)[] = [
    ...(leadId ? [{ ...assignment, id: newId(), personId: leadId, role: 'lead' as const }] : []),
    ...(losesSight ? [{ ...assignment, id: newId(), personId, role: 'member' as const }] : []),
  ];
  void tx.send(subject, requiredRight, forbidden);
  const insertedCase = tx.send(
    subject,
    build
      .insert(legalCases)
      .values(caseRow(input, id, personId))
      .returning()
      .toSQL(),
  );
  if (assignments.length > 0) void tx.send(subject, build.insert(caseAssignments).values(assignments).toSQL());
  const partyRows = (input.parties ?? []).map((party) => partyRow(party, id));
  const insertedParties =
    partyRows.length > 0
      ? tx.send(subject, inOrder(build.insert(parties).values(partyRows).returning().toSQL()))
      : Promise.resolve([]);
  if (!input.isRestricted) return { id, inserted: { legalCase: insertedCase, parties: insertedParties } };
  // Opened as an open case, and restricted once its people are assigned: from then on nobody else sees it, and before the commit nobody does.
  void tx.send(subject, build.update(legalCases).set({ isRestricted: true }).where(eq(legalCases.id, id)).toSQL());
  return { id, inserted: undefined };
}

/** For statements that are built here and sent as they are. */
const build = drizzle.mock();
const readCase = rowReader(getTableColumns(legalCases));
const readParty = rowReader(getTableColumns(parties));

/** What an INSERT returns, in the order in which the parties of a case are read. */
const inOrder = ({ sql: text, params }: BuiltStatement): BuiltStatement => ({
  sql: `with inserted as (${text}) select * from inserted order by name, id`,
  params,
});

function caseRow(input: OpenLegalCaseInput, id: string, personId: string): typeof legalCases.$inferInsert {
  return {
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
    orgUnitId: input.orgUnitId != null ? parseId(input.orgUnitId, 'input.orgUnitId') : null,
    allegations: input.allegations,
    reliefsSought: input.reliefsSought,
    createdBy: personId,
  };
}

/** Whether the caller sees every restricted case. */
async function seesRestricted(db: LabelledDatabase): Promise<boolean> {
  const { rows } = await db.execute<{ is_admin: boolean }>(sql`select identity.may('case_management', 'admin') as is_admin`);
  return rows[0]!.is_admin;
}

/**
 * Fails for who may not write cases, and with it all that is sent behind it: an INSERT that only a row policy refuses would have taken a
 * case number.
 */
const requiredRight: BuiltStatement = {
  sql: `select case when identity.may('case_management', 'write') then 'true' else 'a person who may not write cases' end::boolean`,
  params: [],
};
/** SQLSTATE invalid_text_representation. */
const invalidText = '22P02';

function forbidden(failure: unknown): unknown {
  if (sqlState(failure) !== invalidText) return failure;
  return new AppError('FORBIDDEN', 'Your roles do not allow you to open a case.', {
    cause: failure,
    hint: 'Ask an administrator for a role that writes to case management, for example Lawyer.',
  });
}

function partyRow({ name, partyType, role }: OpenLegalCasePartyInput, caseId: string): typeof parties.$inferInsert {
  return {
    id: newId(),
    caseId,
    caseIsRestricted: false,
    name: name.trim(),
    partyType: partyType ?? undefined,
    role: role ?? undefined,
  };
}

function unknownReference(what: string, id: string | null | undefined, field: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} with the id ${id ?? '(none)'}.`, {
    field,
    hint: `Look the ${what} up first, and use its id.`,
  });
}
