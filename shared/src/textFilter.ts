import { or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { AppError } from './errors.js';

/**
 * Takes the text of a client's filter and returns it without the space around it. Throws BAD_USER_INPUT unless 2 to 200 characters
 * are left: one character finds nearly everything. `field` is the path of the argument.
 */
export function parseSearchText(text: string, field: string): string {
  const trimmed = text.trim();
  if (trimmed.length < 2 || trimmed.length > 200) {
    const shown = trimmed.length > 40 ? `${trimmed.slice(0, 40)}… (${trimmed.length} characters)` : text;
    throw new AppError('BAD_USER_INPUT', `"${shown}" can not be searched for.`, {
      field,
      hint: 'Search for 2 to 200 characters.',
    });
  }
  return trimmed;
}

/** The condition that one of the columns contains the text, without regard to case; %, _ and \ stand for themselves. */
export function containsText(columns: readonly PgColumn[], text: string): SQL {
  const pattern = `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return or(...columns.map((column) => sql`${column} ilike ${pattern}`))!;
}
