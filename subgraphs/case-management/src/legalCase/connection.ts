import { equals, isFoundBy, isFrom, isOneOf, isUnitOrBelow, isUntil, onId } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import type { LegalCaseFilter } from '../__generated__/resolvers.js';
import { caseAssignments, legalCases } from '../tables.js';

/** How cases are paged through, wherever a connection of them stands; `name` is the field. */
export function legalCaseConnection(name: string): ConnectionSpec<LegalCaseFilter> {
  return {
    name,
    table: legalCases,
    defaultOrder: 'OPENED_ON_DESC',
    orders: {
      OPENED_ON_DESC: { columns: [legalCases.openedOn], direction: 'desc' },
      OPENED_ON_ASC: { columns: [legalCases.openedOn], direction: 'asc' },
      UPDATED_AT_DESC: { columns: [legalCases.updatedAt], direction: 'desc' },
      UPDATED_AT_ASC: { columns: [legalCases.updatedAt], direction: 'asc' },
      CASE_NUMBER_ASC: { columns: [legalCases.caseNumber], direction: 'asc' },
      CASE_NUMBER_DESC: { columns: [legalCases.caseNumber], direction: 'desc' },
      TITLE_ASC: { columns: [legalCases.title], direction: 'asc' },
      TITLE_DESC: { columns: [legalCases.title], direction: 'desc' },
    },
    filters: {
      status: isOneOf(legalCases.status),
      caseType: isOneOf(legalCases.caseType),
      priority: isOneOf(legalCases.priority),
      orgUnitId: isUnitOrBelow(legalCases.orgUnitId),
      assignedPersonId: onId(isAssigned),
      openedFrom: isFrom(legalCases.openedOn),
      openedTo: isUntil(legalCases.openedOn),
      text: isFoundBy('case_management.search_legal_case_ids', legalCases.id),
      isRestricted: equals(legalCases.isRestricted),
    },
  };
}

/** The condition that a person works on the case now. */
export function isAssigned(person: SQLWrapper) {
  return sql`${legalCases.id} in (select ${caseAssignments.caseId} from ${caseAssignments} where ${caseAssignments.personId} = ${person}::uuid and ${caseAssignments.endedAt} is null)`;
}
