import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { people } from '../tables.js';

/** A person by id; null where there is none, or where the caller is nobody who may read. */
export const personById: RowLoader = rowBy('personById', people, 'id');
