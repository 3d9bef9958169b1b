import { jest } from '@jest/globals';
import { openRecovery } from './recovery.js';
import type { Recovery } from './recovery.js';

jest.setTimeout(240_000);

let recovery: Recovery;
beforeAll(async () => {
  recovery = await openRecovery();
});
afterAll(async () => {
  await recovery.database.remove();
});

// recoverCommand.deep.test.ts recovers, also beside kills, full disks and damaged files. foundingStory.test.ts recovers here.
test('recover refuses what it can not mean, and changes nothing', async () => {
  for (const [args, code, sentence] of [
    [['recover'], 3, 'BAD_USER_INPUT: recover needs --schema.'],
    [['recover', '--schema', 'public'], 2, 'CONFIRMATION_MISSING: This changes database bailiwick'],
    [
      ['recover', '--schema', 'public', '--to', '2026-11-22T14:05:00'],
      3,
      'BAD_USER_INPUT: --to got the time 2026-11-22T14:05:00 without a zone',
    ],
    [['recover', '--schema', 'public', '--to', '2026-02-30T14:05:00Z'], 3, 'which is no time of the calendar'],
    [['recover', '--schema', 'public', '--to', '22.11.2026 14:05'], 3, 'which can not be read as a time'],
    [['recover', '--schema', 'public', '--to', 'x'.repeat(64)], 3, '--to got a name of 64 bytes'],
    [
      ['recover', '--schema', 'public', '--dry-run', '--cluster', '123'],
      2,
      'RECOVERY_IMPOSSIBLE: There is no archive of cluster 123',
    ],
    [
      ['recover', '--schema', 'public', '--dry-run', '--to', '2020-01-01T00:00:00Z'],
      2,
      'RECOVERY_IMPOSSIBLE: The archive reaches back to ',
    ],
    [
      ['recover', '--schema', 'public', '--dry-run', '--to', '2999-01-01T00:00:00Z'],
      3,
      'which lies in the future: the last transaction of the WAL is of ',
    ],
    [
      ['recover', '--schema', 'public', '--dry-run', '--to', 'never-made'],
      3,
      'NOT_FOUND: The archive has no restore point never-made',
    ],
    [['recover', '--schema', 'public', '--dry-run'], 3, 'NOT_FOUND: No loss of schema public is known'],
  ] as const) {
    const { exitCode, stderr } = await recovery.db(...args);
    expect([args, exitCode, stderr]).toEqual([args, code, expect.stringContaining(sentence)]);
  }
  expect(await recovery.missing()).toEqual([]);
});
