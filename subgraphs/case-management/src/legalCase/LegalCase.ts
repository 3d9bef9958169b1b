import { loading, referenceBy } from '@bailiwick/kernel/graphql';
import type { LegalCaseResolvers } from '../__generated__/resolvers.js';
import { assignmentsByCaseId, leadIdByCaseId } from '../caseAssignment.js';
import { costsByCaseId } from '../caseCost.js';
import { eventsByCaseId, nextEventByCaseId } from '../caseEvent.js';
import { courtOrdersByCaseId } from '../courtOrder.js';
import { documentsByCaseId } from '../document.js';
import { partiesByCaseId } from '../party.js';
import { personStub } from '../personStub.js';
import { tasksByCaseId } from '../task.js';
import { legalCaseById } from './loaders.js';

/** The fields of a case that are not columns of its row. */
export const LegalCase: LegalCaseResolvers = {
  __resolveReference: referenceBy(legalCaseById),
  orgUnit: ({ orgUnitId }) => (orgUnitId === null ? null : { id: orgUnitId }),
  createdBy: ({ createdBy }) => personStub(createdBy),
  lead: loading(leadIdByCaseId, ({ id }) => id, personStub),
  assignments: loading(
    assignmentsByCaseId,
    ({ id }) => id,
    (assignments, _case, { includeEnded }) =>
      includeEnded ? assignments : assignments.filter(({ endedAt }) => endedAt === null),
  ),
  parties: loading(partiesByCaseId, ({ id }) => id),
  documents: loading(documentsByCaseId, ({ id }) => id),
  events: loading(eventsByCaseId, ({ id }) => id),
  nextEvent: loading(nextEventByCaseId, ({ id }) => id),
  tasks: loading(tasksByCaseId, ({ id }) => id),
  courtOrders: loading(courtOrdersByCaseId, ({ id }) => id),
  costs: loading(costsByCaseId, ({ id }) => id),
};
