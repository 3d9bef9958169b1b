import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { CourtOrderResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { courtOrders } from './tables.js';

/** The court's orders in a case, the earliest first. */
export const courtOrdersByCaseId = loaderByParent({
  label: 'case-management:courtOrdersByCaseId',
  table: courtOrders,
  by: courtOrders.caseId,
  also: ['caseId'],
  orderBy: [courtOrders.orderDate, courtOrders.id],
});

/** The fields of a court order that are not columns of its row. */
export const CourtOrder: CourtOrderResolvers = {
  legalCase: caseOf,
};
