import { newId } from '@bailiwick/kernel/postgres';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { legalCaseMoveValues, workflowStateValues } from '@bailiwick/subgraph-case-management/enums';
import { people, transitions } from '@bailiwick/subgraph-case-management/legalCase/transitions';
import type { Transition } from '@bailiwick/subgraph-case-management/legalCase/transitions';
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
    .person('admin', { roles: ['System Admin'] })
    .person('manager', { roles: ['Case Manager'] })
    .person('approver', { roles: ['Approver'] })
    .person('lead', { roles: ['Lawyer'] })
    .person('member', { roles: ['Paralegal'] })
    .person('observer', { roles: ['Lawyer'] })
    .person('stranger', { roles: ['Lawyer'] })
    .person('reader', { roles: ['Read-Only'] })
    .person('auditor', { roles: ['Auditor'] })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

let count = 0;

/** A case with its people, in a state. Returns the name of its row. */
async function caseAt(workflowState: string, values: object = {}): Promise<string> {
  const name = `case ${(count += 1)}`;
  const closed = workflowState === 'closed' ? { closedOn: '2026-03-01', closureType: 'settled' } : {};
  await rows
    .legalCase(name, { workflowState, openedOn: '2026-01-01', ...closed, ...values })
    .assign(name, 'lead', { role: 'lead' })
    .assign(name, 'member')
    .assign(name, 'observer', { role: 'observer' })
    .write();
  return name;
}

const selection = `legalCase { workflowState status onHold heldUntil holdReason isRestricted closedOn closureType lastChangeReason version }
  userErrors { code field message hint }`;

async function run(mutation: string, as: string, input: object) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
  return (await cases.read(query, rows.id(as), { input }))[mutation];
}

/** Makes a move as the table describes it. */
async function make({ mutation, needsReason, to, move, closureTypes }: Transition, as: string, name: string, more: object = {}) {
  return run(mutation, as, {
    id: rows.id(name),
    expectedVersion: 1,
    ...(needsReason ? { reason: 'As the court ordered' } : {}),
    ...(mutation === 'changeWorkflowState' ? { to: to!.toUpperCase() } : {}),
    ...(move === 'change_forum' ? { forum: 'TRIBUNAL' } : {}),
    ...(mutation === 'closeLegalCase' ? { closureType: closureTypes![0]!.toUpperCase() } : {}),
    ...more,
  });
}

/** What a case has to be for a move, beside its state. */
function readyFor({ needs }: Transition): object {
  return {
    ...(needs.includes('onHold') ? { onHold: true, holdReason: 'Waiting' } : {}),
    ...(needs.includes('restricted') ? { isRestricted: true } : {}),
  };
}

async function ofQuery(name: string, as: string) {
  const query = `query ($id: ID!) { legalCaseTransitions(legalCaseId: $id) { move mutation to needsReason isAllowed refusals { code message hint } } }`;
  const { legalCaseTransitions } = await cases.read(query, rows.id(as), { id: rows.id(name) });
  return legalCaseTransitions as { move: string; isAllowed: boolean; refusals: { code: string }[] }[] | null;
}

const statuses: Record<string, string> = {
  closed: 'CLOSED',
  judgment_entered: 'JUDGMENT',
  in_progress: 'IN_COURT',
  filed: 'IN_COURT',
};

test('the table has every move once, and every state is reached and left', () => {
  expect(transitions.map(({ move }) => move)).toEqual([...legalCaseMoveValues]);
  for (const state of workflowStateValues) {
    expect(transitions.some(({ from, to }) => to !== null && to !== state && from.includes(state))).toBe(true);
    if (state !== 'registered') expect(transitions.some(({ to }) => to === state)).toBe(true);
  }
});

describe.each(transitions.map((transition) => [transition.move, transition] as const))('%s', (move, transition) => {
  test('is made from every state that the table names, and the status follows', async () => {
    for (const state of transition.from) {
      const name = await caseAt(state, readyFor(transition));
      const { legalCase, userErrors } = await make(transition, 'manager', name);
      expect({ state, userErrors }).toEqual({ state, userErrors: [] });
      const end = transition.to ?? state;
      expect(legalCase).toMatchObject({ workflowState: end.toUpperCase(), version: 2 });
      if (move === 'change_forum') expect(legalCase.status).toBe('TRIBUNAL');
      else if (!(state === 'closed' && end === 'closed') && legalCase.closureType !== 'SETTLED')
        expect(legalCase.status).toBe(statuses[end] ?? 'UNDER_REVIEW');
      expect(legalCase.closedOn === null).toBe(end !== 'closed');
      expect(legalCase.closureType === null).toBe(end !== 'closed');
      if (transition.needsReason) expect(legalCase.lastChangeReason).toBe('As the court ordered');
    }
  });

  test('is refused from every other state, and nothing changes', async () => {
    // The two ways to close are one mutation: which of them it is, the state decides.
    const ofMutation = transitions.filter((other) => other.mutation === transition.mutation && other.to === transition.to);
    const others = workflowStateValues.filter((state) => !ofMutation.some(({ from }) => from.includes(state)));
    for (const state of others) {
      const name = await caseAt(state, state === 'closed' ? {} : readyFor(transition));
      const { legalCase, userErrors } = await make(transition, 'manager', name);
      expect({ state, legalCase, codes: userErrors.map(({ code }: { code: string }) => code) }).toEqual({
        ...{ state, legalCase: null, codes: ['MOVE_REFUSED'] },
      });
      expect(userErrors[0]).toMatchObject({ message: expect.stringContaining(state.toUpperCase()), hint: expect.any(String) });
    }
  });

  test('is for the people of the table, and the query says the same', async () => {
    const who = {
      ...{ admin: true, manager: true, approver: true, reader: false, auditor: false, observer: false },
      lead: transition.by !== 'approver',
      member: transition.by !== 'approver',
      stranger: transition.by === 'writer',
    };
    for (const [as, isAllowed] of Object.entries(who)) {
      const name = await caseAt(transition.from[0]!, readyFor(transition));
      const canSee =
        as !== 'auditor' && (!transition.needs.includes('restricted') || !['approver', 'stranger', 'reader'].includes(as));
      const told = await ofQuery(name, as);
      expect({ as, isVisible: told !== null }).toEqual({ as, isVisible: canSee });
      if (canSee) {
        const one = told!.find((other) => other.move === move.toUpperCase())!;
        expect({ as, isAllowed: one.isAllowed, codes: one.refusals.map(({ code }) => code) }).toEqual({
          ...{ as, isAllowed, codes: isAllowed ? [] : ['FORBIDDEN'] },
        });
      }
      const { userErrors } = await make(transition, as, name);
      const codes = userErrors.map(({ code }: { code: string }) => code);
      // Whoever may not even write is told so, before anything is said about the case.
      const code = isAllowed ? (canSee ? undefined : 'NOT_FOUND') : 'FORBIDDEN';
      const either = !canSee && as === 'stranger' ? [codes[0]] : [code];
      expect({ as, codes }).toEqual({ as, codes: either.filter((one) => one !== undefined) });
    }
  });

  test('is made once by two at once, and by a retry with its key', async () => {
    const name = await caseAt(transition.from[0]!, readyFor(transition));
    const both = await Promise.all([make(transition, 'manager', name), make(transition, 'admin', name)]);
    expect(both.map(({ userErrors }) => userErrors[0]?.code).toSorted()).toEqual(['VERSION_CONFLICT', undefined]);
    const retried = await caseAt(transition.from[0]!, readyFor(transition));
    const idempotencyKey = newId();
    const first = await make(transition, 'manager', retried, { idempotencyKey });
    expect(first.userErrors).toEqual([]);
    expect(await make(transition, 'manager', retried, { idempotencyKey })).toEqual(first);
  });

  if (transition.needsReason)
    test.each(['', '  x  ', 'four', 'x'.repeat(2_001)])('wants a reason that is one, and not "%.6s"', async (reason) => {
      const name = await caseAt(transition.from[0]!, readyFor(transition));
      const { userErrors } = await make(transition, 'manager', name, { reason });
      expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'input.reason' }]);
    });

  if (transition.needs.includes('notOnHold'))
    test('is refused while the case is on hold', async () => {
      const name = await caseAt(transition.from[0]!, { onHold: true, holdReason: 'Waiting' });
      const { userErrors } = await make(transition, 'manager', name);
      expect(userErrors).toMatchObject([{ code: 'MOVE_REFUSED', message: 'The case is on hold.' }]);
    });
});

test('a case without a lead is not assigned', async () => {
  await rows.legalCase('leaderless').write();
  const { userErrors } = await make(
    transitions.find(({ move }) => move === 'assign')!,
    'manager',
    'leaderless',
  );
  expect(userErrors).toMatchObject([{ code: 'MOVE_REFUSED', message: 'The case has no lead.' }]);
});

test('nobody reviews the draft that they submitted, neither to approve nor to return it', async () => {
  const name = await caseAt('drafting');
  const change = (as: string, to: string, expectedVersion: number) =>
    run('changeWorkflowState', as, { id: rows.id(name), expectedVersion, to, reason: 'It is ready' });
  expect((await change('approver', 'UNDER_REVIEW', 1)).userErrors).toEqual([]);
  for (const to of ['APPROVED_FOR_FILING', 'DRAFTING'])
    expect((await change('approver', to, 2)).userErrors).toMatchObject([
      { code: 'MOVE_REFUSED', message: 'You submitted this draft, and nobody reviews their own.' },
    ]);
  expect((await change('manager', 'APPROVED_FOR_FILING', 2)).userErrors).toEqual([]);
});

test('nobody gets around the review of their draft by closing the case and reopening it', async () => {
  const name = await caseAt('under_review', { submittedBy: rows.id('approver') });
  const input = { id: rows.id(name), expectedVersion: 1, reason: 'Filed by mistake' };
  const withdrawn = await run('withdrawLegalCase', 'approver', input);
  expect(withdrawn.legalCase).toMatchObject({ workflowState: 'CLOSED' });
  const again = { ...input, expectedVersion: withdrawn.legalCase.version };
  expect(await run('reopenLegalCase', 'approver', again)).toMatchObject({
    legalCase: null,
    userErrors: [{ code: 'MOVE_REFUSED' }],
  });
});

test('a case is closed with its open tasks, coming events and unpaid costs only where each is named', async () => {
  const name = await caseAt('judgment_entered');
  const soon = new Date(Date.now() + 86_400_000);
  await rows
    .onCase('tasks', name, 'open task', { title: 'Serve' })
    .onCase('tasks', name, 'done task', { title: 'Drafted', status: 'completed' })
    .onCase('case_events', name, 'coming event', { title: 'Hearing', startsAt: soon })
    .onCase('case_costs', name, 'unpaid cost', { costType: 'Fee', amount: '12.50' })
    .onCase('case_costs', name, 'paid cost', { costType: 'Fee', amount: '1', amountPaid: '1', paymentStatus: 'paid' })
    .write();
  const close = (leavingOpen: string[]) =>
    run('closeLegalCase', 'lead', { id: rows.id(name), expectedVersion: 1, closureType: 'JUDGMENT_GRANTED', leavingOpen });
  const open = ['open task', 'coming event', 'unpaid cost'].map((one) => rows.id(one));
  const { userErrors } = await close([]);
  expect(userErrors).toMatchObject([{ code: 'OPEN_WORK_LEFT' }]);
  for (const id of open) expect(userErrors[0].message).toContain(id);
  expect(userErrors[0].message).not.toContain(rows.id('done task'));
  expect((await close(open.slice(1))).userErrors[0].message).toBe(`Open on the case: task ${open[0]}.`);
  expect((await close([...open, rows.id('paid cost')])).userErrors).toMatchObject([
    { code: 'BAD_USER_INPUT', field: 'input.leavingOpen.3' },
  ]);
  expect((await close(open)).legalCase).toMatchObject({ status: 'CLOSED', closureType: 'JUDGMENT_GRANTED' });
});

test.each([
  ['a judgment that was not entered', 'drafting', { closureType: 'JUDGMENT_GRANTED' }, 'input.closureType'],
  ['a withdrawal, which has its own mutation', 'judgment_entered', { closureType: 'WITHDRAWN' }, 'input.closureType'],
  ['a day in the future', 'drafting', { closureType: 'SETTLED', closedOn: '9999-01-01' }, 'input.closedOn'],
  ['a day before the opening', 'drafting', { closureType: 'SETTLED', closedOn: '2025-12-31' }, 'input.closedOn'],
])('a case is not closed with %s', async (_what, state, more, field) => {
  const name = await caseAt(state);
  const { userErrors } = await run('closeLegalCase', 'lead', { id: rows.id(name), expectedVersion: 1, ...more });
  expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});

test('a settled case has the status SETTLED', async () => {
  const name = await caseAt('in_progress');
  const input = { id: rows.id(name), expectedVersion: 1, closureType: 'CONSENT_ORDER', closedOn: '2026-02-01' };
  expect((await run('closeLegalCase', 'stranger', input)).legalCase).toMatchObject({ status: 'SETTLED', closedOn: '2026-02-01' });
});

test('a hold ends on no day that has passed, and a forum is of a case in progress', async () => {
  const name = await caseAt('filed');
  const input = { id: rows.id(name), expectedVersion: 1, reason: 'Waiting for the survey' };
  expect((await run('holdLegalCase', 'lead', { ...input, until: '2000-01-01' })).userErrors).toMatchObject([
    { field: 'input.until' },
  ]);
  expect(
    (await run('changeWorkflowState', 'lead', { ...input, to: 'JUDGMENT_ENTERED', forum: 'COURT' })).userErrors,
  ).toMatchObject([{ field: 'input.forum' }]);
  const { legalCase } = await run('changeWorkflowState', 'lead', { ...input, to: 'IN_PROGRESS', forum: 'MEDIATION' });
  expect(legalCase.status).toBe('MEDIATION');
  expect(
    (await run('changeWorkflowState', 'lead', { ...input, expectedVersion: 2, to: 'IN_PROGRESS' })).userErrors,
  ).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'input.forum' }]);
  expect(
    (await run('changeWorkflowState', 'lead', { ...input, expectedVersion: 2, to: 'JUDGMENT_ENTERED' })).legalCase.status,
  ).toBe('JUDGMENT');
});

test('whoever restricts a case stays among those who see it, and nobody else does', async () => {
  const name = await caseAt('drafting');
  const input = { id: rows.id(name), expectedVersion: 1, reason: 'A witness is at risk' };
  expect((await run('restrictLegalCase', 'approver', input)).legalCase).toMatchObject({ isRestricted: true });
  expect(await ofQuery(name, 'approver')).not.toBeNull();
  expect(await ofQuery(name, 'stranger')).toBeNull();
  const lifted = await run('unrestrictLegalCase', 'approver', { ...input, expectedVersion: 2 });
  expect(lifted.legalCase).toMatchObject({ isRestricted: false });
  expect(await ofQuery(name, 'stranger')).not.toBeNull();
});

test('a case that the caller may not see is NOT_FOUND for every mutation', async () => {
  const name = await caseAt('drafting', { isRestricted: true });
  for (const transition of transitions) {
    const { userErrors } = await make(transition, 'approver', name);
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: 'input.id' }]);
  }
});

test('a row that comes in with a status alone is put at the state that the status tells', async () => {
  for (const [status, workflowState] of Object.entries({
    ...{ under_review: 'registered', in_court: 'in_progress', mediation: 'in_progress', tribunal: 'in_progress' },
    ...{ judgment: 'judgment_entered', closed: 'closed', settled: 'closed' },
  })) {
    await rows.legalCase(`by status ${status}`, { status }).write();
    expect(
      await rows.sql('select status, workflow_state from case_management.legal_cases where id = $1', [
        rows.id(`by status ${status}`),
      ]),
    ).toEqual([{ status, workflow_state: workflowState }]);
  }
});

test('a closing day and a way of closing are there together or not at all', async () => {
  const write = (values: Record<string, string>) => seed(database).legalCase('half', values).write();
  await expect(write({ closedOn: '2026-02-01', openedOn: '2026-01-01' })).rejects.toThrow('legal_cases_closed_has_type');
  await expect(write({ closureType: 'settled' })).rejects.toThrow('legal_cases_type_has_closed_on');
});

test('every kind of person of the table is described', () => {
  expect(Object.values(people).every(({ means }) => means.length > 0)).toBe(true);
});
