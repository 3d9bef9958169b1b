import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await withSession(database.operatorUrl, 'tests', (client) =>
    client.query(`alter database ${database.name} set statement_timeout = '1ms'`),
  );
});
afterAll(async () => database.drop());

const settingsOf = async (url: string): Promise<object | undefined> =>
  withSession(url, 'tests', async (client) => {
    await client.query('reset all');
    const { rows } = await client.query<object>(
      `select current_setting('statement_timeout') as timeout, current_setting('work_mem') as memory, pg_sleep(0.01)::text as slept`,
    );
    return rows[0];
  });

test('a statement timeout of the database ends no session while it begins, nor after RESET ALL', async () => {
  const settings = await Promise.all(Array.from({ length: 20 }, async () => settingsOf(database.operatorUrl)));
  for (const one of settings) expect(one).toMatchObject({ timeout: '0', slept: '' });
});

test('a password with a lone percent sign is taken as it stands', async () => {
  const role = `percent_${database.name}`;
  await withSession(database.operatorUrl, 'tests', (client) =>
    client.query(`create role ${role} login superuser password '100%'`),
  );
  try {
    const { host, pathname } = new URL(database.operatorUrl);
    expect(await settingsOf(`postgres://${role}:100%@${host}${pathname}`)).toMatchObject({ timeout: '0' });
  } finally {
    await withSession(database.operatorUrl, 'tests', (client) => client.query(`drop role ${role}`));
  }
});

test('what the URL asks for besides stays', async () => {
  const url = new URL(database.operatorUrl);
  url.searchParams.set('options', '-c work_mem=5001kB -c statement_timeout=1');
  expect(await settingsOf(url.href)).toEqual({ timeout: '0', memory: '5001kB', slept: '' });
});
