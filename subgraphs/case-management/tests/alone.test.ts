import { testSubgraphAlone } from '../../../tests/support/aloneTests.js';

testSubgraphAlone({
  name: 'case-management',
  main: new URL('../src/main.ts', import.meta.url),
  role: 'case_management_app',
  query: '{ legalCases { totalCount } }',
  answer: { legalCases: { totalCount: 0 } },
});
