import { manyVictims, testKills } from './kills/testKills.js';

// killsOfRows.deep.test.ts kills the other two, so that two workers share them.
testKills(['backup', 'migrate'], manyVictims);
