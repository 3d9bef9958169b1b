import { mutation, unknownReference, updateVersion } from '@bailiwick/kernel/graphql';
import type { MutationResolvers, UpdateLegalCaseInput } from '../__generated__/resolvers.js';
import { idempotencyKeys, legalCases } from '../tables.js';
import { legalCaseById } from './legalCaseById.js';

/** Changes a case: what is given, and nothing else. */
export const updateLegalCase: MutationResolvers['updateLegalCase'] = mutation({
  name: 'updateLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: {
    system: 'case_management',
    action: 'write',
    to: 'change a case',
    hint: 'Ask an administrator for a role that writes to case management, for example Lawyer.',
  },
  constraints: {
    legal_cases_org_unit_id_fkey: unknownReference('org unit', 'orgUnitId'),
  },

  check(input: UpdateLegalCaseInput, checks) {
    const { id, expectedVersion, idempotencyKey: _key, title, caseType, priority, orgUnitId, ...others } = input;
    for (const [field, value] of Object.entries({ title, caseType, priority })) checks.notNull(field, value);
    const changes = {
      ...others,
      title: checks.optionalText('title', title, { what: 'The title', most: 500 }) ?? undefined,
      caseType: caseType ?? undefined,
      priority: priority ?? undefined,
      orgUnitId: orgUnitId === undefined ? undefined : checks.id('orgUnitId', orgUnitId),
    };
    if (Object.values({ title, caseType, priority, orgUnitId, ...others }).every((value) => value === undefined))
      checks.refuse('id', 'No change is given.', 'Give at least one field beside id and expectedVersion.');
    return { id: checks.id('id', id)!, expectedVersion, changes };
  },

  async write({ db }, { id, expectedVersion, changes }) {
    await updateVersion(db, legalCases, { what: 'legal case', id, expectedVersion }, changes);
    return id;
  },
});
