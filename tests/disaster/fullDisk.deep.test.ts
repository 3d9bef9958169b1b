import { testFullDisk } from './fullDisk.js';

testFullDisk(['migrate', 'restore']);
