import { alignOne, defineLoader, isAnyOf, loaderByParent, neededColumns } from '@bailiwick/kernel/graphql';
import { and, gt, sql } from 'drizzle-orm';
import type { CaseEventResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { caseEvents } from './tables.js';
import type { CaseEventRow } from './tables.js';

/** The events of a case, the earliest first. */
export const eventsByCaseId = loaderByParent({
  label: 'case-management:eventsByCaseId',
  table: caseEvents,
  by: caseEvents.caseId,
  also: ['caseId'],
  orderBy: [caseEvents.startsAt, caseEvents.id],
});

/** The first event of a case that has not begun at the moment of the reading transaction. */
export const nextEventByCaseId = defineLoader<CaseEventRow | null>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:nextEventByCaseId')
    .selectDistinctOn([caseEvents.caseId], neededColumns(context, caseEvents, ['caseId']))
    .from(caseEvents)
    .where(and(isAnyOf(caseEvents.caseId, caseIds), gt(caseEvents.startsAt, sql`now()`)))
    .orderBy(caseEvents.caseId, caseEvents.startsAt, caseEvents.id);
  return alignOne(caseIds, rows, (row) => row.caseId);
});

/** The fields of an event that are not columns of its row. */
export const CaseEvent: CaseEventResolvers = { legalCase: caseOf };
