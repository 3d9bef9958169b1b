import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { findings } from '../tables.js';

/** A finding by its id; null where the caller may not see it. */
export const findingById: RowLoader = rowBy('findingById', findings, 'id');
