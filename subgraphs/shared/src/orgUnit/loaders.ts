import { loaderById } from '@bailiwick/kernel/loaders';
import { orgUnits } from '../tables.js';

/** An org unit by its id; null where there is none, or where the caller is nobody who may read. */
export const orgUnitById = loaderById('shared:orgUnitById', orgUnits);
