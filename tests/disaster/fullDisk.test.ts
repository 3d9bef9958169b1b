import { testFullDisk } from './fullDisk.js';

// fullDisk.deep.test.ts does the same with the other verbs.
testFullDisk(['import']);
