import { manyVictims, testKills } from './kills/testKills.js';

testKills(['restore', 'import'], manyVictims);
