import { computedFrom, firstRelated, reference, referenceBy, related } from '@bailiwick/kernel/graphql';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { LegalCaseResolvers } from '../__generated__/resolvers.js';
import {
  caseAssignments,
  caseCosts,
  caseEvents,
  courtOrders,
  documents,
  legalCases,
  legalCasesRelations,
  parties,
  tasks,
} from '../tables.js';
import { legalCaseById } from './legalCaseById.js';

const earliestFirst = [asc(caseEvents.startsAt), asc(caseEvents.id)];

/** The fields of a case that are not columns of its row. */
export const LegalCase: LegalCaseResolvers = {
  __resolveReference: referenceBy(legalCaseById),
  orgUnit: reference(legalCases, 'orgUnitId'),
  createdBy: reference(legalCases, 'createdBy'),
  lead: computedFrom(
    legalCasesRelations,
    'leads',
    { to: caseAssignments, columns: ['personId'], where: and(eq(caseAssignments.role, 'lead'), isNull(caseAssignments.endedAt)) },
    ([lead]) => (lead ? { id: lead.personId } : null),
  ),
  assignments: computedFrom(
    legalCasesRelations,
    'assignments',
    {
      to: caseAssignments,
      columns: ['endedAt'],
      isSelected: true,
      // The lead first, then by how long.
      orderBy: [sql`${caseAssignments.role} = 'lead' desc`, caseAssignments.assignedAt, caseAssignments.id],
    },
    (assignments, { includeEnded }: { includeEnded: boolean }) =>
      includeEnded ? assignments : assignments.filter(({ endedAt }) => endedAt === null),
  ),
  parties: related(legalCasesRelations, 'parties', { orderBy: [parties.name, parties.id] }),
  documents: related(legalCasesRelations, 'documents', { orderBy: [documents.createdAt, documents.id] }),
  events: related(legalCasesRelations, 'events', { orderBy: earliestFirst }),
  // Not begun at the moment of the reading transaction.
  nextEvent: firstRelated(legalCasesRelations, 'nextEvents', {
    where: gt(caseEvents.startsAt, sql`now()`),
    orderBy: earliestFirst,
  }),
  tasks: related(legalCasesRelations, 'tasks', { orderBy: [tasks.createdAt, tasks.id] }),
  courtOrders: related(legalCasesRelations, 'courtOrders', { orderBy: [courtOrders.orderDate, courtOrders.id] }),
  costs: related(legalCasesRelations, 'costs', { orderBy: [caseCosts.incurredOn, caseCosts.id] }),
};
