import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { legalCases } from '../tables.js';

/** A case by its id; null where the caller may not see it. */
export const legalCaseById: RowLoader = rowBy('legalCaseById', legalCases, 'id');
