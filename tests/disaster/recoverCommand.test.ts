import { jest } from '@jest/globals';
import { openRecovery } from './recovery.js';
import type { Recovery } from './recovery.js';

jest.setTimeout(240_000);

let atStart: string;
let recovery: Recovery;
beforeAll(async () => {
  atStart = new Date().toISOString();
  recovery = await openRecovery();
});
afterAll(async () => {
  await recovery.database.remove();
});

// recoverCommand.deep.test.ts recovers beside kills, full disks and damaged files.
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
    [['recover', '--schema', 'public', '--dry-run', '--to', atStart], 2, 'RECOVERY_IMPOSSIBLE: The archive reaches back to '],
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

test('a table that was dropped, rows that were deleted unseen by the guard, and a restore point', async () => {
  await recovery.sql(`select pg_create_restore_point('before the deletion')`);
  const [moment] = await recovery.sql<{ now: Date }>('select clock_timestamp() as now');
  await recovery.sql(
    'begin',
    'set local event_triggers = off',
    'alter table audit_system.workpapers disable trigger all',
    'delete from audit_system.workpapers w where not exists (select from audit_system.evidence e where e.workpaper_id = w.id)',
    'alter table audit_system.workpapers enable trigger all, enable always trigger guard_truncate, enable always trigger guard_mass_delete, enable always trigger guard_mass_update',
    'commit',
  );
  expect(await recovery.missing()).toHaveLength(1);
  const dry = await recovery.recover('audit_system', '--to', 'before the deletion', '--dry-run', '--json');
  expect([dry.exitCode, dry.stderr]).toEqual([0, expect.stringContaining('dry run')]);
  expect(await recovery.missing()).toHaveLength(1);
  const byTime = await recovery.recover('audit_system', '--to', moment!.now.toISOString(), '--json');
  expect([byTime.exitCode, byTime.stderr]).toEqual([0, expect.any(String)]);
  expect(JSON.parse(byTime.stdout)).toMatchObject({ restore: { notBroughtBack: [] }, isResumed: false });
  expect(await recovery.missing()).toEqual([]);

  await recovery.lose('DROP TABLE case_management.court_orders CASCADE');
  const listed = await recovery.db('recover', '--list', '--search-wal');
  expect(listed.stdout).toContain('DROP TABLE case_management.court_orders CASCADE by postgres at');
  expect(listed.stdout).toMatch(/Restore points:\n {2}before the deletion, after /);
  const { exitCode, stdout } = await recovery.recover('case_management');
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringContaining('Recovered to just before DROP TABLE case_management.court_orders CASCADE.'),
  ]);
  expect(await recovery.missing()).toEqual([]);
});
