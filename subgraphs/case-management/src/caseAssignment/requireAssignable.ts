import { AppError } from '@bailiwick/kernel/errors';
import type { LabelledDatabase } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';

/** Refuses a person who is unknown or inactive: nobody is given work that they can't do. */
export async function requireAssignable(db: LabelledDatabase, personId: string, field: string): Promise<void> {
  const { rows } = await db.execute<{ active: boolean }>(
    sql`select identity.person_may(${personId}::uuid, 'shared_tables', 'read') as active`,
  );
  if (rows[0]!.active) return;
  throw new AppError('NOT_FOUND', `There is no active person with the id ${personId}.`, {
    field,
    hint: 'Choose somebody who is active.',
  });
}
