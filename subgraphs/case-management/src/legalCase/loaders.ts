import { loaderById, loaderByUnique, loading } from '@bailiwick/kernel/graphql';
import { legalCases } from '../tables.js';

/** A case by its id; null where the caller may not see it. */
export const legalCaseById = loaderById('case-management:legalCaseById', legalCases);

/** A case by the number that people know it by; null as by its id. */
export const legalCaseByNumber = loaderByUnique('case-management:legalCaseByNumber', legalCaseById, legalCases.caseNumber);

/** The case that a row belongs to. Whoever sees the row sees the case: row policies test the same for both. */
export const caseOf = loading(
  legalCaseById,
  ({ caseId }: { caseId: string }) => caseId,
  (found, { caseId }) => {
    if (found === null) throw new Error(`The case ${caseId} of a visible row is not visible.`);
    return found;
  },
);
