import { AppError } from '../errors/AppError.js';

/** A foreign key of an input names something that does not exist. `field` is a field of the input that holds the id. */
export function unknownReference<Field extends string>(
  what: string,
  field: Field,
): (input: { [Name in Field]?: string | null | undefined }) => AppError {
  return (input) => noSuch(what, input[field] ?? '(none)', `input.${field}`);
}

/** The error for an id of an input that leads to nothing that the caller may see. */
export function noSuch(what: string, id: string, field: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} with the id ${id}.`, {
    field,
    hint: `Look the ${what} up first, and use its id.`,
  });
}
