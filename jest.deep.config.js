import everyTime from './jest.config.js';

/** The tests that take minutes: kills, full disks, long recoveries. A deep test stands beside the fast one of the same subject. */
export default {
  ...everyTime,
  testMatch: ['**/*.deep.test.ts'],
  testPathIgnorePatterns: everyTime.testPathIgnorePatterns.filter((pattern) => !pattern.includes('deep')),
};
