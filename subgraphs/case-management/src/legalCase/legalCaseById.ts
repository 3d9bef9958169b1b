import { rowBy } from '@bailiwick/kernel/graphql';
import { legalCases } from '../tables.js';

/** A case by its id; null where the caller may not see it. */
export const legalCaseById = rowBy('legalCaseById', legalCases, 'id');
