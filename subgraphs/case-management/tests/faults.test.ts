import { Writable } from 'node:stream';
import { createLog } from '@bailiwick/kernel/process';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { liftGuard } from '../../../tests/support/guard.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;
let logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await liftGuard(database.operatorUrl);
  rows = await seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .legalCase('A v B')
    .write();
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  const options = { log: createLog('case-management', 'info', stream), poolSize: 2, statementTimeout: 500 };
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app', options);
});

beforeEach(() => {
  logged = [];
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const masked = 'Something went wrong on our side.';

async function expectMasked(query: string, secret: RegExp) {
  const { errors } = await cases.ask(query, { as: rows.id('lawyer') });
  expect(errors).toHaveLength(1);
  const { message, extensions } = errors[0]!;
  expect({ message, code: extensions.code }).toEqual({ message: masked, code: 'INTERNAL' });
  expect(JSON.stringify(errors)).not.toMatch(secret);
  expect(extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
  const entries = logged.map((line) => JSON.parse(line) as { requestId?: string; level: number });
  expect(entries).toEqual([expect.objectContaining({ requestId: extensions.requestId, level: 50 })]);
  expect(logged.join()).toMatch(secret);
  expect(logged.join()).not.toContain('Bearer');
}

async function works() {
  const { legalCases } = await cases.read('{ legalCases { nodes { title } } }', rows.id('lawyer'));
  expect(legalCases.nodes).toEqual([{ title: 'A v B' }]);
}

test('an error of the database that nobody foresaw is masked, and the log has it under the request id', async () => {
  await rows.sql('alter table case_management.legal_cases rename column title to heading');
  try {
    await expectMasked('{ legalCaseByNumber(caseNumber: "LC-2026-1") { title } }', /legal_cases|LC-2026-1/);
  } finally {
    await rows.sql('alter table case_management.legal_cases rename column heading to title');
  }
  await works();
});

test.each([
  ['a page', '{ legalCases { nodes { title } } }', 'legalCases'],
  ['a count', '{ legalCases(filter: { text: "A v" }) { totalCount } }', 'legalCases.totalCount'],
  ['a row by its id', '{ legalCase(id: "018f0000-0000-7000-8000-000000000001") { title } }', 'legalCaseById'],
])('the log names the statement of %s, without its values', async (_what, query, label) => {
  await rows.sql('alter table case_management.legal_cases rename to cases_gone');
  try {
    await expectMasked(query, new RegExp(`"statement":"/\\* case-management:${label} \\*/ select `));
    expect(logged.join()).not.toMatch(/A v|018f0000/);
  } finally {
    await rows.sql('alter table case_management.cases_gone rename to legal_cases');
  }
  await works();
});

test('so is one of a mutation, and it is no userError', async () => {
  await rows.sql(`alter table case_management.legal_cases add constraint surprise check (title <> 'Unlucky')`);
  try {
    await expectMasked(
      'mutation { openLegalCase(input: { title: "Unlucky" }) { legalCase { id } userErrors { code } } }',
      /surprise/,
    );
    expect(logged.join()).not.toContain('Unlucky');
  } finally {
    await rows.sql('alter table case_management.legal_cases drop constraint surprise');
  }
  await works();
});

test('a fault in one field leaves the others their answer', async () => {
  await rows.sql('alter table case_management.parties rename to parties_gone');
  try {
    const { data, errors } = await cases.ask(
      '{ legalCases { nodes { title } } other: legalCases { nodes { parties { name } } } }',
      {
        as: rows.id('lawyer'),
      },
    );
    expect(data).toEqual({ legalCases: { nodes: [{ title: 'A v B' }] }, other: null });
    expect(errors[0]!.message).toBe(masked);
    // The rows of the page and all that hangs on them are one statement.
    expect(errors[0]!.path).toEqual(['other']);
  } finally {
    await rows.sql('alter table case_management.parties_gone rename to parties');
  }
  await works();
});

test('a statement that needs too long is TIMED_OUT with a next step, and the next request works', async () => {
  await rows.sql('alter function case_management.search_legal_case_ids(text) rename to search_before');
  await rows.sql(`create function case_management.search_legal_case_ids(query text) returns uuid[] language sql volatile
    as $$ select case when pg_sleep(30) is null then array[]::uuid[] end $$`);
  await rows.sql('grant execute on function case_management.search_legal_case_ids(text) to case_management_app');
  try {
    const { errors } = await cases.ask('{ legalCases(filter: { text: "slow" }) { totalCount nodes { id } } }', {
      as: rows.id('lawyer'),
    });
    for (const error of errors)
      expect(error.extensions).toMatchObject({ code: 'TIMED_OUT', hint: expect.stringMatching(/smaller page/) });
    expect(errors.length).toBeGreaterThan(0);
  } finally {
    await rows.sql('drop function case_management.search_legal_case_ids(text)');
    await rows.sql('alter function case_management.search_before(text) rename to search_legal_case_ids');
  }
  await works();
});

test('what the client wrote wrongly is told to it, and does not fill the log', async () => {
  for (const query of [
    '{ legalCases { nodes { titel } } }',
    '{ legalCases',
    'query ($x: Int!) { legalCases(first: $x) { totalCount } }',
  ]) {
    const { errors } = await cases.ask(query, { as: rows.id('lawyer') });
    expect(errors[0]!.message).not.toBe(masked);
    expect(errors[0]!.extensions.code).toMatch(/^(GRAPHQL_(PARSE|VALIDATION)_FAILED|BAD_USER_INPUT)$/);
  }
  expect(logged).toEqual([]);
});

test('every answer ends its transaction: fifty operations leave no connection waiting', async () => {
  await Promise.all(Array.from({ length: 50 }, () => cases.ask('{ legalCases { totalCount nope } }', { as: rows.id('lawyer') })));
  await Promise.all(Array.from({ length: 50 }, () => works()));
  const deadline = performance.now() + 5_000;
  for (;;) {
    const open = await rows.sql(
      `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    if (open.length === 0) return;
    if (performance.now() > deadline) throw new Error(`${open.length} transactions are still open.`);
  }
});
