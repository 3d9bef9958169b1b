import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const node = (...args: string[]) =>
  run(process.execPath, ['--disallow-code-generation-from-strings', '--conditions=bailiwick-source', ...args], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
  });

test('the flag refuses generated code', async () => {
  await expect(node('--eval', 'new Function("return 1")')).rejects.toThrow('Code generation from strings disallowed');
});

// Listening is left out: Fastify's router generates code (https://github.com/delvedor/find-my-way/issues/411).
test('the gateway plans and executes an operation without generated code', async () => {
  const { stdout } = await node('--import', 'tsx', fileURLToPath(new URL('./support/executeUnderFlag.ts', import.meta.url)));
  expect(JSON.parse(stdout)).toEqual({
    kind: 'single',
    singleResult: {
      data: {
        legalCases: { nodes: [{ caseNumber: 'LC-2026-000001', lead: { fullName: 'Ada Example' } }] },
        __schema: { queryType: { name: 'Query' } },
      },
    },
  });
});
