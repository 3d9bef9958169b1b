import { reference, related } from '@bailiwick/kernel/graphql';
import type { TaskResolvers } from '../__generated__/resolvers.js';
import { tasks, tasksRelations } from '../tables.js';

/** The fields of a task that are not columns of its row. */
export const Task: TaskResolvers = {
  legalCase: related(tasksRelations, 'legalCase'),
  assignedTo: reference(tasks, 'assignedTo'),
};
