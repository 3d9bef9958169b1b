import { noSuch, versionConflict } from '@bailiwick/kernel/graphql';
import type { LabelledDatabase } from '@bailiwick/kernel/postgres';
import { eq, sql } from 'drizzle-orm';
import type { AssignmentRole, WorkflowState } from '../__generated__/resolvers.js';
import { caseAssignments, caseCosts, caseEvents, legalCases, tasks } from '../tables.js';

/** What decides which moves a person can make with a case. */
export interface CaseFacts {
  readonly version: number;
  readonly workflowState: WorkflowState;
  readonly onHold: boolean;
  readonly isRestricted: boolean;
  readonly hasLead: boolean;
  /** Whether the person submitted the draft that is under review. */
  readonly isDrafter: boolean;
  /** The person's part in the case now; null without one. */
  readonly role: AssignmentRole | null;
  readonly mayWrite: boolean;
  readonly mayApprove: boolean;
  readonly isAdmin: boolean;
  /** What is not finished. */
  readonly openWork: readonly { readonly kind: 'task' | 'event' | 'cost'; readonly id: string }[];
  readonly openedOn: string;
  /** The day it is in the office. */
  readonly today: string;
}

/** The facts of a case for a person; undefined where that person may not see the case. */
export async function readCaseFacts(db: LabelledDatabase, id: string, personId: string): Promise<CaseFacts | undefined> {
  const ofPerson = sql`from ${caseAssignments} a where a.case_id = c.id and a.ended_at is null and a.person_id = ${personId}`;
  const { rows } = await db.execute<CaseFacts & Record<string, unknown>>(sql`
    select c.version, c.workflow_state as "workflowState", c.on_hold as "onHold", c.is_restricted as "isRestricted",
      exists (select from ${caseAssignments} a where a.case_id = c.id and a.ended_at is null and a.role = 'lead') as "hasLead",
      coalesce(c.submitted_by = ${personId}, false) as "isDrafter", (select a.role ${ofPerson}) as role,
      identity.may('case_management', 'write') as "mayWrite", identity.may('case_management', 'approve') as "mayApprove",
      identity.may('case_management', 'admin') as "isAdmin", c.opened_on::text as "openedOn", case_management.today()::text as today,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'id', w.id) order by w.kind, w.id), '[]') from (
        select 'task' as kind, t.id from ${tasks} t where t.case_id = c.id and t.status not in ('completed', 'cancelled')
        union all select 'event', e.id from ${caseEvents} e where e.case_id = c.id and e.starts_at > now()
        union all select 'cost', k.id from ${caseCosts} k where k.case_id = c.id and k.payment_status in ('unpaid', 'partial')
      ) w) as "openWork"
    from ${legalCases} c where c.id = ${id}`);
  return rows[0];
}

/** The same for a change; locks the case. Throws NOT_FOUND, or VERSION_CONFLICT where the case was changed since the caller read it. */
export async function factsForChange(
  db: LabelledDatabase,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion: number },
  personId: string,
): Promise<CaseFacts> {
  // In a statement of its own: the facts are read after the wait for whoever changes the case or its people at this moment.
  await db.select({ id: legalCases.id }).from(legalCases).where(eq(legalCases.id, id)).for('update');
  const facts = await readCaseFacts(db, id, personId);
  if (facts === undefined) throw noSuch('legal case', id, 'input.id');
  if (facts.version !== expectedVersion) throw versionConflict('legal case', facts.version, expectedVersion);
  return facts;
}
