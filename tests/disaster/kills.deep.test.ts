import { testKills } from './kills/testKills.js';

testKills(
  ['backup', 'migrate', 'restore', 'import'],
  ['command', 'session', 'command', 'command', 'session', 'command', 'command'],
);
