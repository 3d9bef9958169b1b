import { AppError, shorten } from '@bailiwick/kernel/errors';
import { isUuid } from '@bailiwick/kernel/postgres';
import { InputErrors } from '@bailiwick/kernel/graphql';
import type { OpenLegalCaseInput } from '../__generated__/resolvers.js';

/** In characters. The longest that indexes are sure to take are about 2,700 bytes. */
const longestName = 500;
const mostParties = 100;

/** Checks what can be checked without the database. Throws InputErrors with everything that is wrong at once. */
export function checkInput(input: OpenLegalCaseInput): void {
  const errors: AppError[] = [];
  const refuse = (field: string, message: string, hint: string) =>
    errors.push(new AppError('BAD_USER_INPUT', message, { field: `input.${field}`, hint }));
  const checkName = (name: string, field: string, what: string, hint: string) => {
    const { length } = name.trim();
    if (length === 0) refuse(field, `${what} is empty.`, hint);
    if (length > longestName) refuse(field, `${what} has ${length} characters.`, `Use at most ${longestName}.`);
  };

  checkName(input.title, 'title', 'The title', 'Give the case a title, for example "A v B".');
  for (const field of ['orgUnitId', 'leadPersonId'] as const) {
    const id = input[field];
    if (id != null && !isUuid(id))
      refuse(field, `"${shorten(id)}" is not an id.`, 'Use an id that the graph gave out: a UUID of 36 characters.');
  }
  const count = input.parties?.length ?? 0;
  if (count > mostParties) refuse('parties', `${count} parties are given.`, `Open the case with at most ${mostParties} parties.`);
  else
    input.parties?.forEach((party, index) =>
      checkName(party.name, `parties.${index}.name`, `The name of party ${index + 1}`, 'Give every party a name.'),
    );
  if (errors.length > 0) throw new InputErrors(errors);
}
