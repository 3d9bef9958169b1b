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
  await seed(database).sql(
    `insert into identity.roles values ('Approver', 'read', 'approve', 'none', 'Decides; sees no restricted case.')`,
  );
  rows = await seed(database)
    .person('manager', { roles: ['Case Manager'] })
    .person('approver', { roles: ['Approver'] })
    .person('lawyer', { roles: ['Lawyer'] })
    .person('second', { roles: ['Lawyer'] })
    .person('third', { roles: ['Lawyer'] })
    .person('reader', { roles: ['Read-Only'] })
    .person('gone', { roles: ['Lawyer'], isActive: false })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

let count = 0;

/** A case with these people, by their names; the first leads it. Returns its name. */
async function caseOf(people: string[], values: Record<string, unknown> = {}): Promise<string> {
  const name = `case ${(count += 1)}`;
  rows.legalCase(name, values);
  for (const [index, person] of people.entries()) rows.assign(name, person, { role: index === 0 ? 'lead' : 'member' });
  await rows.write();
  return name;
}

async function run(
  mutation: string,
  as: string,
  input: object,
  answer = 'caseAssignment { id role reason endReason endedAt version person { id } }',
) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${answer} userErrors { code field message hint } } }`;
  return (await cases.read(query, rows.id(as), { input }))[mutation];
}

const reason = 'The office is short of hands';
const assign = (as: string, name: string, personId: string, more: object = {}) =>
  run('assignToCase', as, { legalCaseId: rows.id(name), personId, role: 'MEMBER', reason, ...more });
const transfer = (as: string, name: string, from: string | null, to: string) =>
  run(
    'transferCaseLead',
    as,
    { legalCaseId: rows.id(name), fromPersonId: from && rows.id(from), toPersonId: rows.id(to), reason },
    'legalCase { lead { id } assignments { role person { id } } }',
  );
const end = (as: string, name: string, person: string, more: object = {}) =>
  run('unassignFromCase', as, { id: rows.id(`${person} on ${name}`), expectedVersion: 1, reason, ...more });

test('a case manager puts a person on a case, once, and says why', async () => {
  const name = await caseOf(['lawyer']);
  const idempotencyKey = newId();
  const first = await assign('manager', name, rows.id('second'), { idempotencyKey });
  expect(first).toMatchObject({
    userErrors: [],
    caseAssignment: { role: 'MEMBER', reason, endedAt: null, person: { id: rows.id('second') } },
  });
  expect(await assign('manager', name, rows.id('second'), { idempotencyKey })).toEqual(first);
  expect((await assign('manager', name, rows.id('second'))).userErrors).toMatchObject([
    { code: 'CONFLICT', field: 'input.personId' },
  ]);
  expect((await assign('manager', name, rows.id('third'), { role: 'LEAD' })).userErrors).toMatchObject([
    { code: 'CONFLICT', field: 'input.role' },
  ]);
});

test('of two leads that are assigned at once, one is', async () => {
  const name = await caseOf([]);
  const both = await Promise.all(['second', 'third'].map((who) => assign('manager', name, rows.id(who), { role: 'LEAD' })));
  expect(both.map(({ userErrors }) => userErrors[0]?.code).toSorted()).toEqual(['CONFLICT', undefined]);
});

test.each([
  ['An inactive person is given no work', () => rows.id('gone')],
  ['A person whom nobody knows is given no work', () => newId()],
])('%s', async (_what, personId) => {
  const name = await caseOf(['lawyer']);
  expect((await assign('manager', name, personId())).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: 'input.personId' }]);
});

test('an inactive person gets no lead', async () => {
  const name = await caseOf(['lawyer']);
  expect((await transfer('manager', name, 'lawyer', 'gone')).userErrors).toMatchObject([
    { code: 'NOT_FOUND', field: 'input.toPersonId' },
  ]);
});

test('the lead passes to somebody else, and the former one stays as a member', async () => {
  const name = await caseOf(['lawyer', 'second']);
  const { legalCase } = await transfer('approver', name, 'lawyer', 'second');
  expect(legalCase.lead).toEqual({ id: rows.id('second') });
  expect(legalCase.assignments).toEqual([
    { role: 'LEAD', person: { id: rows.id('second') } },
    { role: 'MEMBER', person: { id: rows.id('lawyer') } },
  ]);
  expect((await transfer('approver', name, 'lawyer', 'third')).userErrors).toMatchObject([
    { code: 'CONFLICT', field: 'input.fromPersonId' },
  ]);
});

test('of two who pass the lead on at once, one does, and there is one lead', async () => {
  const name = await caseOf(['lawyer']);
  const both = await Promise.all(['second', 'third'].map((to) => transfer('manager', name, 'lawyer', to)));
  expect(both.map(({ userErrors }) => userErrors[0]?.code).toSorted()).toEqual(['CONFLICT', undefined]);
  expect(
    await rows.sql(`select from case_management.case_assignments where case_id = $1 and role = 'lead' and ended_at is null`, [
      rows.id(name),
    ]),
  ).toHaveLength(1);
});

test('the work of a person ends with a reason and is kept', async () => {
  const name = await caseOf(['lawyer', 'second']);
  const { caseAssignment } = await end('manager', name, 'second');
  expect(caseAssignment).toMatchObject({ endReason: reason, endedAt: expect.any(String), version: 2 });
  expect((await end('manager', name, 'second', { expectedVersion: 2 })).userErrors).toMatchObject([
    { code: 'NOT_FOUND', field: 'input.id' },
  ]);
});

test('whoever has open tasks on a case wants a successor who works on it', async () => {
  const name = await caseOf(['lawyer', 'second']);
  await rows.onCase('tasks', name, `task of ${name}`, { title: 'Serve', assignedTo: rows.id('second') }).write();
  expect((await end('manager', name, 'second')).userErrors).toMatchObject([
    { code: 'OPEN_WORK_LEFT', field: 'input.successorPersonId' },
  ]);
  expect((await end('manager', name, 'second', { successorPersonId: rows.id('third') })).userErrors).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
  expect((await end('manager', name, 'second', { successorPersonId: rows.id('lawyer') })).userErrors).toEqual([]);
  expect(await rows.sql('select assigned_to from case_management.tasks where case_id = $1', [rows.id(name)])).toEqual([
    { assigned_to: rows.id('lawyer') },
  ]);
});

test('the last person of a restricted case stays on it, even where two are taken off at once', async () => {
  const name = await caseOf(['lawyer', 'second'], { isRestricted: true });
  const both = await Promise.all(['lawyer', 'second'].map((who) => end('manager', name, who)));
  expect(both.map(({ userErrors }) => userErrors[0]?.code).toSorted()).toEqual(['MOVE_REFUSED', undefined]);
});

test('a part changes, but for that of the lead', async () => {
  const name = await caseOf(['lawyer', 'second']);
  const change = (who: string, role: string, expectedVersion = 1) =>
    run('changeAssignmentRole', 'manager', { id: rows.id(`${who} on ${name}`), expectedVersion, role });
  expect((await change('second', 'SUPPORT')).caseAssignment).toMatchObject({ role: 'SUPPORT', version: 2 });
  expect((await change('second', 'OBSERVER')).userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
  expect((await change('second', 'LEAD', 2)).userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'input.role' }]);
  expect((await change('lawyer', 'MEMBER')).userErrors).toMatchObject([{ code: 'MOVE_REFUSED' }]);
});

test('an observer reads only, unless they may approve', async () => {
  const name = await caseOf(['lawyer']);
  await rows.assign(name, 'second', { role: 'observer' }).assign(name, 'approver', { role: 'observer' }).write();
  const update = (as: string, expectedVersion: number) =>
    run('updateLegalCase', as, { id: rows.id(name), expectedVersion, region: 'North' }, 'legalCase { version }');
  expect((await update('second', 1)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await update('third', 1)).userErrors).toEqual([]);
  expect((await update('approver', 2)).userErrors).toEqual([]);
});

test.each(['lawyer', 'reader'])('a %s gives nobody work and takes it from nobody', async (as) => {
  const name = await caseOf(['lawyer', 'second']);
  const role = { id: rows.id(`second on ${name}`), expectedVersion: 1, role: 'SUPPORT' };
  for (const { userErrors } of [
    ...[await assign(as, name, rows.id('third')), await transfer(as, name, 'lawyer', 'second'), await end(as, name, 'second')],
    await run('changeAssignmentRole', as, role),
  ])
    expect(userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
});

test('the people of a restricted case are changed by nobody who may not see it', async () => {
  const name = await caseOf(['lawyer', 'second'], { isRestricted: true });
  const role = { id: rows.id(`second on ${name}`), expectedVersion: 1, role: 'SUPPORT' };
  for (const { userErrors } of [
    await assign('approver', name, rows.id('third')),
    await transfer('approver', name, 'lawyer', 'second'),
    await end('approver', name, 'second'),
    await run('changeAssignmentRole', 'approver', role),
  ])
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});
