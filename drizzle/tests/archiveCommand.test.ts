import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { proofFault } from '../src/backup/record.js';
import type { RecordedBackup } from '../src/backup/record.js';
import { runProgram } from '../src/program.js';
import { startArchiving } from './archiveSupport.js';
import { cleanUp, newDataDir } from './embeddedSupport.js';

afterAll(cleanUp);

/** Runs a command in this process, on the embedded server of a data directory, or on the server of a URL. */
async function db(args: readonly string[], dataDir: string, url?: string) {
  const before = process.env.DATABASE_URL;
  if (url) process.env.DATABASE_URL = url;
  else delete process.env.DATABASE_URL;
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    const exitCode = await runProgram([...args, '--data-dir', dataDir]);
    return { exitCode, stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  }
}

test('backup --base, verify --base and status --check from the command line, and their exit codes', async () => {
  const dataDir = await newDataDir();
  expect(await db(['verify', '--base'], dataDir)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^NOT_FOUND: Nothing was archived yet .*\nHint: /),
  });
  // It runs on, so that the commands need not start it.
  const server = await startArchiving(dataDir);
  expect(await db(['init'], dataDir)).toMatchObject({ exitCode: 0 });
  expect(await db(['migrate'], dataDir)).toMatchObject({ exitCode: 0 });

  const red = await db(['status', '--check'], dataDir);
  expect(red).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^RED: There is no base backup/m) });
  expect(red.stdout).not.toMatch(/^RED: No backup was ever proven/m);

  const taken = await db(['backup', '--base', '--json'], dataDir);
  expect(taken.exitCode).toBe(0);
  const { name, startSegment } = JSON.parse(taken.stdout) as { name: string; startSegment: string };
  expect(await db(['backup', '--base', '--list'], dataDir)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining(`${name}  recoverable from`),
  });
  expect(await db(['verify', '--base', name], dataDir)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('without a gap'),
  });
  const green = await db(['status', '--check', '--json'], dataDir);
  expect(green.exitCode).toBe(0);
  expect(JSON.parse(green.stdout)).toMatchObject({
    red: [],
    archive: { mode: 'on', isFailing: false, kept: { baseBackups: [{ name }] } },
  });

  for (const file of await readdir(server.archive.walFolder))
    if (file === startSegment || file === `${startSegment}.gz`) await rm(join(server.archive.walFolder, file));
  expect(await db(['verify', '--base'], dataDir)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`WAL segment ${startSegment} is missing`),
  });
  expect(await db(['status'], dataDir)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(new RegExp(`^RED: WAL segment ${startSegment} is missing`, 'm')),
  });

  for (const args of [
    ['backup', '--base', '--keep', 'weekly=2'],
    ['verify', '--base', 'unknown'],
    ['status', '--proof-limit', '0'],
  ])
    expect(await db(args, dataDir)).toMatchObject({ exitCode: 3 });
  expect(await db(['backup', '--base'], dataDir, 'postgres://postgres@127.0.0.1:1/x')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('embedded server only'),
  });
  // A dozen commands, each with connections of its own, and files that wait for the disk.
}, 240_000);

test('the last proven restore is wrong when it is older than the limit, and its absence when the database is', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const provenBefore = (days: number) => {
    const backup: RecordedBackup = {
      name: 'x',
      folder: '/x',
      onlySchema: null,
      takenAt: before(99),
      rows: 1,
      provenAt: before(days),
    };
    return { last: backup, lastProven: backup };
  };
  expect(proofFault(provenBefore(7.9), before(99), 8, now)).toBeUndefined();
  expect(proofFault(provenBefore(9), before(99), 8, now)).toMatch(/^The last proven restore is 9 days old, more than 8 days\./);
  expect(proofFault(provenBefore(9), before(99), 10, now)).toBeUndefined();
  expect(proofFault({ last: null, lastProven: null }, before(9), 8, now)).toMatch(/^No backup was ever proven by a restore\./);
  expect(proofFault({ last: null, lastProven: null }, before(1), 8, now)).toBeUndefined();
});
