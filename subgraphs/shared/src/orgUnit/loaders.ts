import { loaderById, loaderByUnique } from '@bailiwick/kernel/graphql';
import { orgUnits } from '../tables.js';

/** An org unit by its id; null where there is none, or where the caller is nobody who may read. */
export const orgUnitById = loaderById('shared:orgUnitById', orgUnits);

/** An org unit by its code; null as by its id. */
export const orgUnitByCode = loaderByUnique('shared:orgUnitByCode', orgUnitById, orgUnits.code);
