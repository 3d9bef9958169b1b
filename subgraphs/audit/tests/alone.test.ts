import { testSubgraphAlone } from '../../../tests/support/aloneTests.js';

testSubgraphAlone({
  name: 'audit',
  main: new URL('../src/main.ts', import.meta.url),
  role: 'audit_system_app',
  query: '{ engagements { totalCount } findings { nodes { title } } }',
  answer: { engagements: { totalCount: 0 }, findings: { nodes: [] } },
});
