import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { TaskResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './person.js';
import { tasks } from './tables.js';
import type { TaskRow } from './tables.js';

/** The tasks of a case, the oldest first. */
export const tasksByCaseId = defineLoader<string, TaskRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:tasksByCaseId')
    .select()
    .from(tasks)
    .where(isAnyOf(tasks.caseId, caseIds))
    .orderBy(tasks.createdAt, tasks.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The fields of a task that are not columns of its row. */
export const Task: TaskResolvers = {
  legalCase: caseOf,
  assignedTo: ({ assignedTo }) => personStub(assignedTo),
};
