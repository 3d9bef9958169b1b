import { parseId } from '@bailiwick/kernel/postgres';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { isFoundBy } from '@bailiwick/kernel/pagination';
import { eq, gte, inArray, lte, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { LegalCaseFilter } from '../__generated__/resolvers.js';
import { leadAlong } from '../caseAssignment.js';
import { caseAssignments, legalCases } from '../tables.js';

/** How cases are paged through, wherever a connection of them stands; `name` is the field. */
export function legalCaseConnection(name: string): ConnectionSpec<typeof legalCases> {
  return {
    name,
    subgraph: 'case-management',
    table: legalCases,
    defaultOrder: 'OPENED_ON_DESC',
    along: [leadAlong],
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
  };
}

/** The conditions of a client's filter. Throws BAD_USER_INPUT for an id or a text that can not be searched for. */
export function legalCaseConditions(filter: LegalCaseFilter | null | undefined): SQL[] {
  if (!filter) return [];
  const { status, caseType, priority, orgUnitId, assignedPersonId, openedFrom, openedTo, text, isRestricted } = filter;
  const conditions: SQL[] = [];
  if (status) conditions.push(inArray(legalCases.status, status));
  if (caseType) conditions.push(inArray(legalCases.caseType, caseType));
  if (priority) conditions.push(inArray(legalCases.priority, priority));
  if (orgUnitId != null) {
    const unit = parseId(orgUnitId, 'filter.orgUnitId');
    conditions.push(sql`${legalCases.orgUnitId} = any((select identity.org_unit_and_descendants(${unit}))::uuid[])`);
  }
  if (assignedPersonId != null) conditions.push(isAssigned(sql`${parseId(assignedPersonId, 'filter.assignedPersonId')}::uuid`));
  if (openedFrom) conditions.push(gte(legalCases.openedOn, openedFrom));
  if (openedTo) conditions.push(lte(legalCases.openedOn, openedTo));
  if (text != null) conditions.push(isFoundBy('case_management.search_legal_case_ids', legalCases.id, text, 'filter.text'));
  if (isRestricted != null) conditions.push(eq(legalCases.isRestricted, isRestricted));
  return conditions;
}

/** The condition that a person works on the case now. */
export function isAssigned(person: SQL): SQL {
  return sql`${legalCases.id} in (select ${caseAssignments.caseId} from ${caseAssignments} where ${caseAssignments.personId} = ${person} and ${caseAssignments.endedAt} is null)`;
}
