import { AppError } from '@bailiwick/kernel/errors';
import { parseId } from '@bailiwick/kernel/postgres';
import { InputErrors } from '@bailiwick/kernel/graphql';
import type { CreateEngagementInput } from '../__generated__/resolvers.js';

const mostMembers = 100;
/** In characters: the index on the title takes at most about 2,700 bytes. */
const longestTitle = 300;

/** The ids of the input in the form of the database. */
export interface EngagementPeopleAndUnit {
  leadId: string | null;
  orgUnitId: string | null;
  /** Each member's id with its place in the input. Nobody stands in it twice, and not the lead. */
  memberIds: Map<string, number>;
}

/** Checks what can be checked without the database, and returns the ids. Throws InputErrors with everything that is wrong at once. */
export function checkInput(input: CreateEngagementInput): EngagementPeopleAndUnit {
  const { title, startDate, endDate, leadPersonId, orgUnitId, memberPersonIds } = input;
  const errors: AppError[] = [];

  const length = title.trim().length;
  if (length === 0 || length > longestTitle) {
    errors.push(
      new AppError('BAD_USER_INPUT', length === 0 ? 'The title is empty.' : `The title has ${length} characters.`, {
        field: 'input.title',
        hint: `Give the engagement a title of 1 to ${longestTitle} characters, for example "Procurement 2026".`,
      }),
    );
  }
  // Days in ISO 8601 sort as text.
  if (startDate != null && endDate != null && endDate < startDate) {
    errors.push(
      new AppError('BAD_USER_INPUT', `The engagement would end on ${endDate}, before it starts on ${startDate}.`, {
        field: 'input.endDate',
        hint: 'Give a last day that is not before the first.',
      }),
    );
  }
  const leadId = idOrError(leadPersonId, 'input.leadPersonId', errors);
  const unitId = idOrError(orgUnitId, 'input.orgUnitId', errors);

  const count = memberPersonIds?.length ?? 0;
  const memberIds = new Map<string, number>();
  if (count > mostMembers) {
    errors.push(
      new AppError('BAD_USER_INPUT', `${count} members are given.`, {
        field: 'input.memberPersonIds',
        hint: `Create the engagement with at most ${mostMembers} members.`,
      }),
    );
  } else {
    memberPersonIds?.forEach((given, index) => {
      const id = idOrError(given, `input.memberPersonIds.${index}`, errors);
      if (id !== null && id !== leadId && !memberIds.has(id)) memberIds.set(id, index);
    });
  }

  if (errors.length > 0) throw new InputErrors(errors);
  return { leadId, orgUnitId: unitId, memberIds };
}

function idOrError(given: string | null | undefined, field: string, errors: AppError[]): string | null {
  if (given == null) return null;
  try {
    return parseId(given, field);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.push(error);
    return null;
  }
}
