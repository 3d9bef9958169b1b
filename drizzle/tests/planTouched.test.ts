import { connect } from '@bailiwick/database/setup/connect';
import { planOne } from './planSupport.js';
import { declareTouchedDatabase, expectSamePlan, touchingStatements } from './planTouched.js';

const database = declareTouchedDatabase();

// planTouched.deep.test.ts plans them all.
test.each(touchingStatements.filter((_, i) => i % 6 === 0))('finds the same alone and beside another file: %s', async (sql) =>
  expectSamePlan(database(), sql),
);

test('one that does what somebody else does at the same moment finds its own', async () => {
  const operator = await connect(database().operatorUrl, 'tests');
  await operator.query('set role case_management_owner; begin; create table case_management.elsewhere (id int)');
  const alone = await planOne(database(), 'alter table case_management.bookings add column note text');
  await operator.query('rollback');
  await operator.end();
  expect(alone.changes).toMatchObject([{ action: 'created', kind: 'column', name: 'case_management.bookings.note' }]);
});
