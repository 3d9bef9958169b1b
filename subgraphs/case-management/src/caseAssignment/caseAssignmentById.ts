import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { caseAssignments } from '../tables.js';

/** An assignment by its id; null where the caller may not see it. */
export const caseAssignmentById: RowLoader = rowBy('caseAssignmentById', caseAssignments, 'id');
