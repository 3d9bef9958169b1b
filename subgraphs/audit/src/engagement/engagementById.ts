import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { engagements } from '../tables.js';

/** An engagement by its id; null where the caller may not see it. */
export const engagementById: RowLoader = rowBy('engagementById', engagements, 'id');
