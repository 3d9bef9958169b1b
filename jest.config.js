/** Native ESM (`npm test` passes --experimental-vm-modules): the packages under test are ES modules, and so are some of ours. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['bailiwick-source', 'node', 'node-addons'] },
  roots: [
    '<rootDir>/shared',
    '<rootDir>/drizzle',
    '<rootDir>/subgraphs',
    '<rootDir>/gateway',
    '<rootDir>/start',
    '<rootDir>/tests',
  ],
  testMatch: ['**/*.test.ts'],
  // Deep tests take minutes: `npm run test:deep` runs them, by jest.deep.config.js.
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/tests/bench/', '\\.deep\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/', '/tests/bench/contenders/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  globalSetup: '<rootDir>/tests/support/globalSetup.ts',
  globalTeardown: '<rootDir>/tests/support/globalTeardown.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
};
