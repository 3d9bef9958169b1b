import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

declare global {
  var testServer: ChildProcess | undefined;
}

/**
 * Starts the server of this run in a process of its own, and does not wait for it: createTestDatabase does. Jest loads this file as
 * CommonJS and without the workspaces' paths, so it only spawns.
 */
export default function startTestServer({ rootDir }: { rootDir: string }): void {
  const runFile = join(mkdtempSync(join(tmpdir(), 'bailiwick-tests-')), 'run.json');
  const script = join(rootDir, 'tests/support/testServer.ts');
  const nodeOptions = ['--conditions=bailiwick-source', '--import', 'tsx'];
  globalThis.testServer = spawn(process.execPath, [...nodeOptions, script, runFile], {
    cwd: rootDir,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  process.env.JEST_TEST_RUN_FILE = runFile;
}
