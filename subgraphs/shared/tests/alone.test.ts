import { testSubgraphAlone } from '../../../tests/support/aloneTests.js';

testSubgraphAlone({
  name: 'shared',
  main: new URL('../src/main.ts', import.meta.url),
  role: 'shared_tables_app',
  query: '{ me { fullName roles } }',
  answer: { me: { fullName: 'admin', roles: ['System Admin'] } },
});
