/** Executes one operation over stub subgraphs and prints the result. A test runs it under --disallow-code-generation-from-strings. */
import { createLog } from '@bailiwick/kernel/process';
import { createGateway } from '../../src/gateway.js';
import { stubSubgraphs } from './stubSubgraphs.js';

const caller = { personId: '018f0000-0000-7000-8000-000000000002', authorization: 'Bearer me' };
const gateway = await createGateway({
  subgraphs: stubSubgraphs(),
  verifyToken: async () => caller,
  log: createLog('test', 'silent'),
  allowIntrospection: true,
});
const query = '{ legalCases(first: 2) { nodes { caseNumber lead { fullName } } } __schema { queryType { name } } }';
const { body } = await gateway.server.executeOperation({ query }, { contextValue: { caller, requestId: 'one' } });
await gateway.stop();
process.stdout.write(JSON.stringify(body));
