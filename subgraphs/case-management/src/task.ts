import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { TaskResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './personStub.js';
import { tasks } from './tables.js';

/** The tasks of a case, the oldest first. */
export const tasksByCaseId = loaderByParent({
  label: 'case-management:tasksByCaseId',
  table: tasks,
  by: tasks.caseId,
  also: ['caseId'],
  orderBy: [tasks.createdAt, tasks.id],
});

/** The fields of a task that are not columns of its row. */
export const Task: TaskResolvers = {
  legalCase: caseOf,
  assignedTo: ({ assignedTo }) => personStub(assignedTo),
};
