/**
 * Generates valid operations from the schema and compares what three gateways answer: ours with the subgraphs in one process, ours with each
 * behind HTTP, and @apollo/gateway with its own execution. The same bytes of data, and the same set of errors.
 *
 *   npm run check:answers -- [--operations 5000] [--seed 1]
 *
 * Works on a database of its own with the sample data. Ends with 1 when an answer differs.
 */
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillWithSampleData, samplePeople } from '@bailiwick/database/sample/sample';
import { createTestDatabase } from '../support/database.js';
import startTestServer from '../support/globalSetup.js';
import stopTestServer from '../support/globalTeardown.js';
import { createGraphs } from './graphs.js';
import { readKnownValues } from './known.js';
import { compareGenerated } from './run.js';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
});
console.log(`Seed ${values.seed}.`);
await startTestServer({ rootDir: fileURLToPath(new URL('../../', import.meta.url)) });
try {
  const database = await createTestDatabase();
  await fillWithSampleData({ operatorUrl: database.operatorUrl });
  const graphs = await createGraphs(database);
  const known = await readKnownValues(database, graphs, samplePeople[0]!.personId);
  const tally = await compareGenerated(graphs, known, {
    seed: values.seed,
    operations: Number(values.operations),
    onDifference({ name, query, variables }, role, differences) {
      console.log(`${name} as ${role}:\n${query}\n${JSON.stringify(variables)}\n  ${differences.join('\n  ')}\n`);
    },
  });
  await graphs.stop();
  await database.drop();
  console.log(
    `${tally.operations} operations: ${tally.withErrors} with errors, ${tally.withNulls} with nulls, ${tally.refused} refused; ${tally.differing} answered differently.`,
  );
  if (tally.differing > 0) process.exitCode = 1;
} finally {
  await stopTestServer();
}
