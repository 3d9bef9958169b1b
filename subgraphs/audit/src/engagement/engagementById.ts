import { rowBy } from '@bailiwick/kernel/graphql';
import { engagements } from '../tables.js';

/** An engagement by its id; null where the caller may not see it. */
export const engagementById = rowBy('engagementById', engagements, 'id');
