import { testKills } from './kills/testKills.js';

// kills.deep.test.ts kills the other verbs.
testKills(['import'], ['command', 'session']);
