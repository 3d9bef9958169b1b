import { declareTouchedDatabase, expectSamePlan, touchingStatements } from './planTouched.js';

const database = declareTouchedDatabase();

test.each(touchingStatements)('finds the same alone and beside another file: %s', async (sql) => expectSamePlan(database(), sql));
