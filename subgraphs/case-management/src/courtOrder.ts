import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { CourtOrderResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { courtOrders } from './tables.js';
import type { CourtOrderRow } from './tables.js';

/** The court's orders in a case, the earliest first. */
export const courtOrdersByCaseId = defineLoader<string, CourtOrderRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:courtOrdersByCaseId')
    .select()
    .from(courtOrders)
    .where(isAnyOf(courtOrders.caseId, caseIds))
    .orderBy(courtOrders.orderDate, courtOrders.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The fields of a court order that are not columns of its row. */
export const CourtOrder: CourtOrderResolvers = {
  legalCase: caseOf,
};
