import { samplePersonOf } from '@bailiwick/database/sample/samplePeople';
import { connect, urlAs, urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import type { Client, DatabaseError } from 'pg';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf, stateOf } from './support.js';
import { ways } from './ways.js';

const states = { DROP_REFUSED: 'LG001', TRUNCATE_REFUSED: 'LG002', MASS_CHANGE_REFUSED: 'LG003', PROTECTION_REFUSED: 'LG004' };
/** PostgreSQL's own refusals, before the guard is asked: no privilege, and a key that is still referred to. */
const ownRefusals = ['42501', '23503'];

const sentence = /^[A-Z_]+: [^]*\. Nothing was changed\.$/;

let database: TestDatabase;
let operator: Client;
let before: Record<string, string>;
const databaseOwner = `disaster_owner_${process.pid}`;
const actors: Record<string, Client> = {};

beforeAll(async () => {
  database = await createFilledDatabase();
  operator = await connect(database.operatorUrl, 'tests');
  await operator.query(`create role ${databaseOwner} login password 'of-a-test'`);
  await operator.query(`alter database ${database.name} owner to ${databaseOwner}`);
  const open = async (url: string, ...first: string[]) => {
    const client = await connect(url, 'disaster');
    for (const sql of first) await client.query(sql);
    return client;
  };
  Object.assign(actors, {
    app: await open(database.urlOf('case_management_app'), `set app.person_id = '${samplePersonOf('System Admin').personId}'`),
    deployer: await open(database.urlOf('case_management_deployer')),
    'deployer as owner': await open(database.urlOf('case_management_deployer'), 'set role case_management_owner'),
    'database owner': await open(urlAs(database.operatorUrl, databaseOwner, 'of-a-test')),
    'guard owner': await open(database.operatorUrl, 'set role guard_owner'),
    superuser: await open(database.operatorUrl),
  });
  before = await stateOf(operator);
});

afterAll(async () => {
  await Promise.all(Object.values(actors).map(async (client) => client.end()));
  await operator.end();
  await database.drop();
  await withSession(urlOfDatabase(database.operatorUrl, 'postgres'), 'tests', async (client) =>
    client.query(`drop role ${databaseOwner}`),
  );
});

/**
 * DROP OWNED also revokes a role's rights on every other database of the server, and other workers drop databases meanwhile. PostgreSQL
 * then gives up before the guard is asked, and nothing is changed. Such a statement is sent again.
 */
async function answerOf(client: Client, sql: string): Promise<DatabaseError | undefined> {
  for (const deadline = performance.now() + 30_000; ;) {
    const error = await errorOf(client, sql);
    const isDisturbed = error?.code === 'XX000' && /^tuple concurrently (deleted|updated)$/.test(error.message);
    if (!isDisturbed || performance.now() > deadline) return error;
  }
}

test('there are more than forty ways besides the founding statement', () => {
  expect(ways.length).toBeGreaterThan(41);
  expect(new Set(ways.map(([, , sql]) => sql)).size).toBe(ways.length);
});

test.each(ways)('%s: %s, and nothing is lost, whoever tries', async (_name, answer, sql) => {
  const wrong: string[] = [];
  for (const [actor, client] of Object.entries(actors)) {
    const error = await answerOf(client, sql);
    const { code = '', message = 'it went through', hint = '' } = error ?? {};
    const isGuard =
      code === states[answer] && sentence.test(message) && message.startsWith(answer) && hint.includes('db -- approve');
    if (!isGuard && (actor === 'superuser' || !ownRefusals.includes(code))) wrong.push(`${actor}: ${code} ${message}`);
  }
  expect(wrong).toEqual([]);
  expect(await stateOf(operator)).toEqual(before);
});
