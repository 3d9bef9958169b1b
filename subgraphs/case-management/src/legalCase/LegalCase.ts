import { parseId } from '@bailiwick/kernel/ids';
import type { LegalCaseResolvers } from '../__generated__/resolvers.js';
import { assignmentsByCaseId } from '../caseAssignment.js';
import { costsByCaseId } from '../caseCost.js';
import { eventsByCaseId, nextEventByCaseId } from '../caseEvent.js';
import { courtOrdersByCaseId } from '../courtOrder.js';
import { documentsByCaseId } from '../document.js';
import { partiesByCaseId } from '../party.js';
import { personStub } from '../person.js';
import { tasksByCaseId } from '../task.js';
import { legalCaseById } from './loaders.js';

/** The fields of a case that are not columns of its row. */
export const LegalCase: LegalCaseResolvers = {
  __resolveReference: async ({ id }, context) => legalCaseById(context).load(parseId(id, 'representations')),
  orgUnit: ({ orgUnitId }) => (orgUnitId === null ? null : { id: orgUnitId }),
  createdBy: ({ createdBy }) => personStub(createdBy),
  async lead({ id }, _args, context) {
    const assignments = await assignmentsByCaseId(context).load(id);
    return personStub(assignments.find((assignment) => assignment.role === 'lead' && assignment.endedAt === null)?.personId);
  },
  async assignments({ id }, { includeEnded }, context) {
    const assignments = await assignmentsByCaseId(context).load(id);
    return includeEnded ? assignments : assignments.filter((assignment) => assignment.endedAt === null);
  },
  parties: ({ id }, _args, context) => partiesByCaseId(context).load(id),
  documents: ({ id }, _args, context) => documentsByCaseId(context).load(id),
  events: ({ id }, _args, context) => eventsByCaseId(context).load(id),
  nextEvent: ({ id }, _args, context) => nextEventByCaseId(context).load(id),
  tasks: ({ id }, _args, context) => tasksByCaseId(context).load(id),
  courtOrders: ({ id }, _args, context) => courtOrdersByCaseId(context).load(id),
  costs: ({ id }, _args, context) => costsByCaseId(context).load(id),
};
