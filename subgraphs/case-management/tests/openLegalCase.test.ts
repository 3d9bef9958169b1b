import { withSession } from '@bailiwick/database/setup/connect';
import { newId } from '@bailiwick/kernel/postgres';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('hq')
    .person('lawyer', { roles: ['Lawyer'] })
    .person('other lawyer', { roles: ['Lawyer'] })
    .person('manager', { roles: ['Case Manager'] })
    .person('reader', { roles: ['Read-Only'] })
    .person('auditor', { roles: ['Auditor'] })
    .person('gone', { roles: ['Lawyer'], isActive: false })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app', { connectionTimeout: 60_000 });
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const mutation = `mutation ($input: OpenLegalCaseInput!) {
  openLegalCase(input: $input) {
    legalCase {
      id caseNumber title status workflowState caseType priority isRestricted openedOn version
      orgUnit { id } createdBy { id } lead { id }
      assignments { role person { id } }
      parties { name partyType role }
    }
    userErrors { code message field hint }
  }
}`;

async function open(input: object, as = 'lawyer') {
  return (await cases.read(mutation, rows.id(as), { input })).openLegalCase;
}

async function countOf(title: string): Promise<number> {
  const [row] = await rows.sql('select count(*)::int as count from case_management.legal_cases where title = $1', [title]);
  return row!['count'] as number;
}

test('a case is opened with its lead and its parties, and read back in the same operation', async () => {
  const { legalCase, userErrors } = await open({
    title: '  Kila v The State ',
    caseType: 'FRAUD',
    priority: 'URGENT',
    openedOn: '2026-02-28',
    orgUnitId: rows.id('hq'),
    leadPersonId: rows.id('other lawyer'),
    parties: [{ name: ' Kila ', partyType: 'INDIVIDUAL', role: 'PLAINTIFF' }, { name: 'The State' }],
  });
  expect(userErrors).toEqual([]);
  expect(legalCase).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    caseNumber: expect.stringMatching(/^LC-\d{4}-\d{6}$/),
    title: 'Kila v The State',
    status: 'UNDER_REVIEW',
    workflowState: 'REGISTERED',
    caseType: 'FRAUD',
    priority: 'URGENT',
    isRestricted: false,
    openedOn: '2026-02-28',
    version: 1,
    orgUnit: { id: rows.id('hq') },
    createdBy: { id: rows.id('lawyer') },
    lead: { id: rows.id('other lawyer') },
    assignments: [{ role: 'LEAD', person: { id: rows.id('other lawyer') } }],
    parties: [
      { name: 'Kila', partyType: 'INDIVIDUAL', role: 'PLAINTIFF' },
      { name: 'The State', partyType: 'OTHER', role: 'OTHER' },
    ],
  });
});

test('a case and its parties are answered as they are read again', async () => {
  const operation = `mutation ($input: OpenLegalCaseInput!) { openLegalCase(input: $input) {
    legalCase { id title version parties { id name partyType role legalCase { title } } } userErrors { message } } }`;
  const names = ['ábel', 'Zoë', 'the State', 'Abel', 'The State', 'abel', 'The State'];
  const input = { title: 'Many parties', parties: names.map((name) => ({ name })) };
  const data = await cases.read(operation, rows.id('lawyer'), { input });
  const { legalCase } = data.openLegalCase;
  expect(legalCase.parties).toHaveLength(names.length);
  const again = await cases.read(
    `query ($id: ID!) { legalCase(id: $id) { id title version parties { id name partyType role legalCase { title } } } }`,
    rows.id('lawyer'),
    { id: legalCase.id },
  );
  expect(again.legalCase).toEqual(legalCase);
});

test('what is left out has its default', async () => {
  const { legalCase } = await open({ title: 'Bare' });
  expect(legalCase).toMatchObject({
    caseType: 'OTHER',
    priority: 'MEDIUM',
    orgUnit: null,
    lead: null,
    assignments: [],
    parties: [],
  });
  const [row] = await rows.sql(`select (now() at time zone 'UTC')::date::text as today`);
  expect(legalCase.openedOn).toBe(row!['today']);
});

test('a day that has not begun is refused, and today is not', async () => {
  const { legalCase, userErrors } = await open({ title: 'Ahead', openedOn: '2090-01-01' });
  expect([legalCase, userErrors]).toMatchObject([
    null,
    [{ code: 'BAD_USER_INPUT', field: 'input.openedOn', message: 'The opening day is 2090-01-01, which lies ahead.' }],
  ]);
  const today = new Date().toISOString().slice(0, 10);
  expect(await open({ title: 'Today', openedOn: today })).toMatchObject({ legalCase: { openedOn: today } });
});

test('a second field of the same operation sees the case that the first one opened', async () => {
  const operation = `mutation { one: openLegalCase(input: { title: "First of two" }) { legalCase { caseNumber } }
    two: openLegalCase(input: { title: "Second of two" }) { legalCase { caseNumber } } }`;
  const { one, two } = await cases.read(operation, rows.id('lawyer'));
  expect(two.legalCase.caseNumber > one.legalCase.caseNumber).toBe(true);
});

describe('a restricted case', () => {
  test.each([
    ['without a lead, the opener becomes a member', 'lawyer', undefined, [['MEMBER', 'lawyer']]],
    [
      'with another lead, the opener becomes a member',
      'lawyer',
      'other lawyer',
      [
        ['LEAD', 'other lawyer'],
        ['MEMBER', 'lawyer'],
      ],
    ],
    ['with the opener as the lead, nobody else', 'lawyer', 'lawyer', [['LEAD', 'lawyer']]],
    ['of an admin, who sees it anyway, gets no member', 'manager', 'lawyer', [['LEAD', 'lawyer']]],
  ])('%s', async (what, opener, lead, expected) => {
    const leadPersonId = lead && rows.id(lead);
    const { legalCase, userErrors } = await open(
      { title: what, isRestricted: true, leadPersonId, parties: [{ name: 'P' }] },
      opener,
    );
    expect(userErrors).toEqual([]);
    expect(legalCase).toMatchObject({ isRestricted: true, parties: [{ name: 'P' }] });
    expect(legalCase.assignments).toEqual(expected.map(([role, name]) => ({ role, person: { id: rows.id(name!) } })));
    const query = 'query ($id: ID!) { legalCase(id: $id) { id } }';
    const seenBy = async (name: string) => (await cases.read(query, rows.id(name), { id: legalCase.id })).legalCase !== null;
    expect(await seenBy(opener)).toBe(true);
    expect(await seenBy('manager')).toBe(true);
    expect(await seenBy('reader')).toBe(false);
    expect(await seenBy('other lawyer')).toBe(lead === 'other lawyer');
  });
});

describe('who may not', () => {
  test.each(['reader', 'auditor', 'gone'])('%s is told FORBIDDEN, and nothing is written', async (who) => {
    for (const idempotencyKey of [undefined, `key of ${who}`]) {
      const { legalCase, userErrors } = await open({ title: `by ${who}`, idempotencyKey }, who);
      expect(legalCase).toBeNull();
      expect(userErrors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', hint: expect.stringMatching(/administrator/) })]);
    }
    expect(await countOf(`by ${who}`)).toBe(0);
  });

  test('takes no case number', async () => {
    const numberOf = async (): Promise<number> => {
      const { legalCase } = await open({ title: 'numbered' }, 'lawyer');
      return Number(/\d+$/.exec(legalCase!.caseNumber)![0]);
    };
    const before = await numberOf();
    await open({ title: 'refused' }, 'reader');
    expect(await numberOf()).toBe(before + 1);
  });
});

describe('all or nothing', () => {
  test.each([
    ['unknown leadPersonId', 'leadPersonId', 'active person', newId()],
    ['inactive leadPersonId', 'leadPersonId', 'active person', 'gone'],
    ['unknown orgUnitId', 'orgUnitId', 'org unit', newId()],
  ])('an %s leaves no case, no party and no assignment', async (_which, field, what, given) => {
    const id = given === 'gone' ? rows.id('gone') : given;
    const { legalCase, userErrors } = await open({
      title: `unknown ${what}`,
      [field]: id,
      parties: [{ name: `of unknown ${what}` }],
    });
    expect(legalCase).toBeNull();
    expect(userErrors).toEqual([
      {
        code: 'NOT_FOUND',
        message: `There is no ${what} with the id ${id}.`,
        field: `input.${field}`,
        hint: expect.any(String),
      },
    ]);
    expect(await countOf(`unknown ${what}`)).toBe(0);
    expect(await rows.sql('select from case_management.parties where name = $1', [`of unknown ${what}`])).toEqual([]);
  });

  test('several mistakes of the input are told together', async () => {
    const { userErrors } = await open({
      title: '  ',
      orgUnitId: 'hq',
      leadPersonId: '42',
      parties: [{ name: 'Fine' }, { name: ' ' }, { name: 'x'.repeat(501) }],
    });
    expect(userErrors.map(({ code, field, message }: Record<string, string>) => [code, field, message])).toEqual([
      ['BAD_USER_INPUT', 'input.title', 'The title is empty.'],
      ['BAD_USER_INPUT', 'input.orgUnitId', '"hq" is not an id.'],
      ['BAD_USER_INPUT', 'input.leadPersonId', '"42" is not an id.'],
      ['BAD_USER_INPUT', 'input.parties.1.name', 'The name of party 2 is empty.'],
      ['BAD_USER_INPUT', 'input.parties.2.name', 'The name of party 3 has 501 characters.'],
    ]);
  });

  test('a title and a number of parties that are too large are refused', async () => {
    const parties = Array.from({ length: 101 }, (_unused, index) => ({ name: `Party ${index}` }));
    const { userErrors } = await open({ title: 'x'.repeat(501), parties });
    expect(userErrors.map(({ message }: { message: string }) => message)).toEqual([
      'The title has 501 characters.',
      '101 parties are given.',
    ]);
    expect((await open({ title: 'x'.repeat(500), parties: parties.slice(1) })).legalCase.parties).toHaveLength(100);
  });

  test('a day that is none never reaches the database', async () => {
    const { errors, statements } = await cases.ask(
      mutation,
      { as: rows.id('lawyer') },
      { input: { title: 'x', openedOn: '2026-02-30' } },
    );
    expect(errors[0]!.message).toContain('"2026-02-30" is not a day of the calendar.');
    expect(errors[0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(statements).toEqual([]);
  });
});

describe('an idempotency key', () => {
  test('twenty retries at once open one case, and all get it', async () => {
    const input = { title: 'Once only', idempotencyKey: 'once', parties: [{ name: 'Once party' }] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => open(input)));
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.legalCase.id)).size).toBe(1);
    expect(await countOf('Once only')).toBe(1);
  });

  test('that another request takes while the first is tried again gives both the one case, as it is', async () => {
    // The first attempt of all loses what it wrote, once the second request waits for its key.
    await rows.sql(`create sequence public.test_attempts`);
    await rows.sql(`create function public.test_lose() returns trigger language plpgsql security definer as $$
      begin
        if new.name = 'Lost party' and nextval('public.test_attempts') = 1 then
          perform pg_advisory_xact_lock(4711);
          raise exception 'lost' using errcode = '40001';
        end if;
        return null;
      end $$`);
    await rows.sql(
      `create trigger test_lose after insert on case_management.parties for each row execute function public.test_lose()`,
    );
    const input = { title: 'Tried again', idempotencyKey: 'tried again', parties: [{ name: 'Lost party' }] };
    const answers = await withSession(database.operatorUrl, 'tests', async (holder) => {
      const untilWaiting = async (count: number) => {
        for (const deadline = Date.now() + 20_000; ;) {
          const { rows: found } = await holder.query<{ count: number }>(
            `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event in ('advisory', 'transactionid')`,
          );
          if (found[0]!.count >= count) return;
          if (Date.now() > deadline) throw new Error(`${found[0]!.count} sessions wait instead of ${count}.`);
        }
      };
      await holder.query('select pg_advisory_lock(4711)');
      const first = open(input);
      await untilWaiting(1);
      const second = open(input);
      await untilWaiting(2);
      await holder.query('select pg_advisory_unlock(4711)');
      return Promise.all([first, second]);
    });
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await rows.sql(`select id, case_number from case_management.legal_cases where title = 'Tried again'`)).toEqual([
      { id: answers[0].legalCase.id, case_number: answers[0].legalCase.caseNumber },
    ]);
  });

  test('with another input is refused, and of another person is another key', async () => {
    await open({ title: 'Keyed', idempotencyKey: 'key' });
    const { legalCase, userErrors } = await open({ title: 'Keyed otherwise', idempotencyKey: 'key' });
    expect(legalCase).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'input.idempotencyKey' })]);
    expect(await countOf('Keyed otherwise')).toBe(0);
    expect((await open({ title: 'Keyed', idempotencyKey: 'key' }, 'other lawyer')).userErrors).toEqual([]);
    expect(await countOf('Keyed')).toBe(2);
  });
});

test('two hundred openings at once get two hundred numbers', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, (_unused, index) => open({ title: `Concurrent ${index}` })));
  expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
  const numbers = new Set(answers.map((answer) => answer.legalCase.caseNumber));
  expect(numbers.size).toBe(200);
});

test('a number that an import brought along is passed over', async () => {
  const { legalCase } = await open({ title: 'before the import' });
  const serial = Number(legalCase.caseNumber.slice(-6));
  const numberAt = (offset: number) => `${legalCase.caseNumber.slice(0, -6)}${String(serial + offset).padStart(6, '0')}`;
  await rows
    .legalCase('imported 1', { caseNumber: numberAt(1) })
    .legalCase('imported 2', { caseNumber: numberAt(2) })
    .write();
  expect((await open({ title: 'after the import' })).legalCase.caseNumber).toBe(numberAt(3));
});
