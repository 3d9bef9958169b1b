import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Credentials } from '@bailiwick/database/setup/credentials';

/** What one run of the tests shares: a server, and a migrated database to clone. */
export interface TestRun {
  /** URL of the server's maintenance database as superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Stands in the name of every database of this run. */
  readonly key: string;
  readonly template: string;
  /** A data directory whose cluster is empty and stopped, to copy: initdb takes a second. Undefined on a server that exists. */
  readonly emptyDataDir: string | undefined;
}

/** Names the file in which testServer.ts tells the test files what they need. No BAILIWICK_ name: commands under test refuse unknown ones. */
const runFileVariable = 'JEST_TEST_RUN_FILE';

/** Holds what the run makes once for all its test files; removed at its end. */
export const folderOfRun = (): string => dirname(process.env[runFileVariable] ?? '');

let known: TestRun | undefined;

/** Waits until the server of this run is ready; tests that need no database need not wait for it. */
export async function currentTestRun(): Promise<TestRun> {
  const path = process.env[runFileVariable];
  if (!path) throw new Error('There is no test run: tests/support/globalSetup.ts has not been called.');
  const deadline = performance.now() + 55_000;
  while (!known) {
    if (existsSync(path)) {
      const found = JSON.parse(readFileSync(path, 'utf8')) as TestRun | { error: string };
      if ('error' in found) throw new Error(`The test server did not start.\n${found.error}`);
      known = found;
    } else if (performance.now() > deadline) throw new Error('The test server did not start within 55 s.');
    else await pause(20);
  }
  return known;
}
