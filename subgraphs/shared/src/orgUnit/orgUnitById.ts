import { rowBy } from '@bailiwick/kernel/graphql';
import type { RowLoader } from '@bailiwick/kernel/graphql';
import { orgUnits } from '../tables.js';

/** An org unit by its id; null where there is none, or where the caller is nobody who may read. */
export const orgUnitById: RowLoader = rowBy('orgUnitById', orgUnits, 'id');
