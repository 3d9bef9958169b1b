import { randomUUID } from 'node:crypto';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { withSession } from '@bailiwick/database/setup/connect';
import { folderWith, initialised, rows, shipped } from './migrateSupport.js';

test('cases whose status contradicts their state come through the migration with one truth, and nothing else of them changes', async () => {
  const first = shipped.findIndex((name) => name.endsWith('_case_management_case_states.sql'));
  const folder = await folderWith(Object.fromEntries(shipped.slice(first).map((name) => [name, null])));
  const database = await initialised();
  await migrateDatabase({ ...database, folder });
  // What was, and what it has to be: status, state, way of closing, and whether there is a day.
  const cases = [
    { was: ['under_review', 'registered', null, null], is: ['under_review', 'registered', null, false] },
    { was: ['mediation', 'in_progress', null, null], is: ['mediation', 'in_progress', null, false] },
    { was: ['in_court', 'registered', null, null], is: ['in_court', 'in_progress', null, false] },
    { was: ['judgment', 'registered', null, null], is: ['judgment', 'judgment_entered', null, false] },
    { was: ['in_court', 'drafting', null, null], is: ['under_review', 'drafting', null, false] },
    { was: ['under_review', 'filed', null, null], is: ['in_court', 'filed', null, false] },
    { was: ['settled', 'closed', 'consent_order', '2025-02-01'], is: ['settled', 'closed', 'consent_order', true] },
    { was: ['in_court', 'in_progress', 'withdrawn', '2025-02-01'], is: ['closed', 'closed', 'withdrawn', true] },
    { was: ['closed', 'in_progress', null, null], is: ['closed', 'closed', null, false] },
    { was: ['closed', 'closed', 'struck_out', null], is: ['closed', 'closed', 'struck_out', true] },
    { was: ['in_court', 'in_progress', 'struck_out', null], is: ['in_court', 'in_progress', null, false] },
    { was: ['mediation', 'registered', 'other', null], is: ['mediation', 'in_progress', null, false] },
    { was: ['judgment', 'registered', 'other', null], is: ['judgment', 'judgment_entered', null, false] },
  ];
  const each = 100;
  await withSession(database.operatorUrl, 'tests', async (client) => {
    for (const { was } of Array.from({ length: each }, () => cases).flat())
      await client.query(
        `insert into case_management.legal_cases (id, title, opened_on, status, workflow_state, closure_type, closed_on) values ($1, $2, '2020-01-01', $3, $4, $5, $6)`,
        [randomUUID(), was.join(' '), ...was],
      );
  });
  await migrateDatabase({ ...database });
  for (const { was, is } of cases) {
    const found = await rows(
      database,
      `select distinct status, workflow_state, closure_type, closed_on is not null as has_day from case_management.legal_cases where title = '${was.join(' ')}'`,
    );
    const [status, workflow_state, closure_type, has_day] = is;
    expect({ was, found }).toEqual({ was, found: [{ status, workflow_state, closure_type, has_day }] });
  }
  const [{ kept }] = (await rows<{ kept: number }>(
    database,
    `select count(*)::int as kept from case_management.legal_cases where closure_notes = 'On file as struck_out, without a day.'`,
  )) as [{ kept: number }];
  expect(kept).toBe(each);
});
