import { testKills } from './kills/testKills.js';

// The deep tests kill all verbs, more often.
testKills(['import'], ['command', 'session']);
