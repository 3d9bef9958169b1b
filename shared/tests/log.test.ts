import { createLog } from '@bailiwick/kernel/process';
import { newId } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { failureOf, givenDatabase } from './support/databases.js';

const given = givenDatabase();

/** What the log has of an error. */
function logged(err: unknown): { message: string; constraint?: string; detail?: string } {
  const lines: string[] = [];
  createLog('test', 'info', { write: (line) => void lines.push(line) }).error({ err }, 'a fault');
  expect(lines.join()).not.toContain('Ada Secret');
  return (JSON.parse(lines[0]!) as { err: { message: string; constraint?: string; detail?: string } }).err;
}

describe('the log of an error', () => {
  test('names the constraint, and does not quote the row as PostgreSQL does', async () => {
    const insert = 'insert into public.people (id, full_name, roles) values ($1, $2, null)';
    const error = await failureOf(given.rows.sql(insert, [newId(), 'Ada Secret']));
    expect(error).toMatchObject({ detail: expect.stringContaining('Ada Secret') });
    expect(logged(error)).toMatchObject({ code: '23502', table: 'people' });
  });

  test('does not quote a value that has no meaning for its type', async () => {
    const error = await failureOf(given.rows.sql(`select 'Ada Secret'::uuid`));
    expect(logged(error).message).toBe('invalid input syntax for type uuid: "(hidden)"');
  });

  test('has the statement of Drizzle without its parameters', async () => {
    const database = given.open();
    const error = await failureOf(
      database.write(given.admin, (tx) => tx.db('test:log').execute(sql`select * from nowhere where name = ${'Ada Secret'}`)),
    );
    expect((error as Error).message).toContain('Ada Secret');
    expect(logged(error)).toMatchObject({ cause: { code: '42P01' } });
  });
});
