import { AppError } from '../errors/AppError.js';

/** The paging arguments of a connection field, as a client sends them (GraphQL Cursor Connections Specification, section 4). */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** A page as it is to be read: `size` rows in this direction from the cursor on. A size of 0 asks only whether there are any. */
export interface PageRequest {
  direction: 'forward' | 'backward';
  size: number;
  cursor: string | undefined;
  /** The argument the cursor came in, for error messages. */
  cursorField: 'after' | 'before';
}

export const defaultPageSize = 20;
export const largestPageSize = 100;

/** Checks the arguments. Throws BAD_USER_INPUT for a combination that has no meaning, PAGE_TOO_LARGE for a size that is not 0 to 100. */
export function parsePageArguments({ first, after, last, before }: PageArguments): PageRequest {
  if (first != null && last != null) {
    throw new AppError('BAD_USER_INPUT', 'Both "first" and "last" are given.', {
      field: 'last',
      hint: 'Give "first" to page forward, or "last" to page backward.',
    });
  }
  const isBackward = last != null;
  if (isBackward ? after != null : before != null) {
    const [cursor, size] = isBackward ? ['after', 'first'] : ['before', 'last'];
    throw new AppError('BAD_USER_INPUT', `"${cursor}" is given without "${size}".`, {
      field: cursor,
      hint: 'Use first with after, or last with before.',
    });
  }
  const size = (isBackward ? last : first) ?? defaultPageSize;
  if (size < 0 || size > largestPageSize) {
    const field = isBackward ? 'last' : 'first';
    throw new AppError('PAGE_TOO_LARGE', `"${field}" is ${size}.`, {
      field,
      hint: `Ask for 0 to ${largestPageSize} rows a page.`,
    });
  }
  return isBackward
    ? { direction: 'backward', size, cursor: before ?? undefined, cursorField: 'before' }
    : { direction: 'forward', size, cursor: after ?? undefined, cursorField: 'after' };
}
