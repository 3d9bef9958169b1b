import { runProcess } from '@bailiwick/kernel/process';
import { buildSchema, graphql } from 'graphql';

/** A list of promises that fail later, and a null that the list may not hold: graphql-js gives up the list and awaits none of the promises. */
const things = [1, 2].map(async (number) => {
  await new Promise(setImmediate);
  throw new Error(`outer with somebody's data ${number}`, { cause: new Error(`cause ${number}`) });
});

await runProcess(async () => {
  const schema = buildSchema('type Query { things: [Int!]! }');
  const { errors } = await graphql({ schema, source: '{ things }', rootValue: { things: [...things, null] } });
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  process.stdout.write(`answered with ${errors?.length} error\n`);
  return { failed: Promise.resolve(new Error('the end of the test')), stop: async () => undefined };
});
