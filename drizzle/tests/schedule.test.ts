import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { lastMoment, nextMoment, parseClock } from '@bailiwick/database/schedule/moments';
import { dueJobs } from '@bailiwick/database/schedule/state';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { db, environmentOf, startDb } from './backupSupport.js';

jest.setTimeout(240_000);

const schedule = { folder: '', backupAt: { hour: 3, minute: 15 }, proofAt: { hour: 3, minute: 45 }, proofOn: 'sunday' } as const;

describe('what is due', () => {
  test('is counted from the clock in UTC, over midnight, month and year', () => {
    const { backupAt, proofAt, proofOn } = schedule;
    const last = (now: string) => lastMoment(backupAt, new Date(now)).toISOString();
    expect(last('2026-11-22T03:14:59.999Z')).toBe('2026-11-21T03:15:00.000Z');
    expect(last('2026-11-22T03:15:00.000Z')).toBe('2026-11-22T03:15:00.000Z');
    expect(last('2027-01-01T00:00:00.000Z')).toBe('2026-12-31T03:15:00.000Z');
    expect(nextMoment(backupAt, new Date('2026-11-22T03:15:00.000Z')).toISOString()).toBe('2026-11-23T03:15:00.000Z');
    // 22 November 2026 is a Sunday.
    expect(lastMoment(proofAt, new Date('2026-11-22T03:44:00Z'), proofOn).toISOString()).toBe('2026-11-15T03:45:00.000Z');
    expect(lastMoment(proofAt, new Date('2026-11-22T03:45:00Z'), proofOn).toISOString()).toBe('2026-11-22T03:45:00.000Z');
    expect(nextMoment(proofAt, new Date('2026-11-25T12:00:00Z'), proofOn).toISOString()).toBe('2026-11-29T03:45:00.000Z');
  });

  test('is what was missed, once', () => {
    const now = new Date('2026-11-25T12:00:00Z');
    const on = (text: string) => new Date(text);
    expect(dueJobs(schedule, { backup: undefined, proof: undefined }, now)).toEqual(['backup', 'proof']);
    expect(dueJobs(schedule, { backup: on('2026-11-25T03:15:01Z'), proof: on('2026-11-22T03:46:00Z') }, now)).toEqual([]);
    expect(dueJobs(schedule, { backup: on('2026-11-25T03:14:59Z'), proof: on('2026-11-22T03:46:00Z') }, now)).toEqual(['backup']);
    expect(dueJobs(schedule, { backup: on('2026-11-25T09:00:00Z'), proof: on('2026-11-21T09:00:00Z') }, now)).toEqual(['proof']);
  });

  test.each(['24:00', '3', '03:60', '03:15:00', 'noon', ''])('a time "%s" is refused', (text) => {
    expect(() => parseClock('--backup-at', text)).toThrow(/which is no time of the day/);
  });
});

describe('npm run db -- schedule', () => {
  let database: TestDatabase;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-schedule-'));
    env = environmentOf(database, join(folder, 'none'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  test('goes on after a failure, shows it, and does the work when it can; ends when it is told to', async () => {
    const to = join(folder, 'loop');
    await mkdir(to);
    await writeFile(join(to, 'in the way.txt'), '');
    const health = async () => db(['schedule', '--health', '--to', to], env);
    const { child, ended } = startDb(['schedule', '--to', to, '--retry', '1'], env);
    let log = '';
    child.stdout.on('data', (text: string) => (log += text));
    const until = async (pattern: RegExp) => {
      const deadline = performance.now() + 150_000;
      while (!pattern.test(log) && child.exitCode === null && performance.now() < deadline) await pause(50);
      expect(log).toMatch(pattern);
    };
    await until(/^\S+Z backup failed in [\d.]+ s: BACKUP_FOLDER_INVALID: .+ in the way\.txt\.\n/);
    expect(await readdir(to)).toEqual(['in the way.txt']);
    expect(await health()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('BACKUP_FOLDER_INVALID') });
    await rm(join(to, 'in the way.txt'));
    await until(
      /^\S+Z backup done in [\d.]+ s: \d{8}T\d{9}Z, [\d,]+ rows, [\d,]+ bytes\.\n\S+Z proof done in [\d.]+ s: \S+ came back, [\d,]+ rows of \d+ tables\.\n$/m,
    );
    expect(await health()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Last backup .+Z, last proof .+Z\.\n$/) });
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);

    // A later run finds nothing to do; a failure after that shows, though yesterday's backup is good.
    expect(await db(['schedule', '--once', '--to', to], env)).toMatchObject({ exitCode: 0, stdout: '' });
    const state = JSON.parse(await readFile(join(to, 'schedule.json'), 'utf8'));
    expect(state).toMatchObject({ backup: { isDone: true }, proof: { isDone: true } });
    const later = new Date(Date.now() + 1000).toISOString();
    await writeFile(
      join(to, 'schedule.json'),
      JSON.stringify({ ...state, backup: { at: later, isDone: false, message: 'DATABASE_UNREACHABLE: gone.' } }),
    );
    expect(await health()).toMatchObject({
      exitCode: 1,
      stderr: `BACKUP_OVERDUE: The last backup failed at ${later}: DATABASE_UNREACHABLE: gone.\nHint: See why with: npm run db -- backup --to ${to}; then npm run db -- verify --restore --from ${to}.\n`,
    });
  });

  test('--once exits with 1 and one line when the database is not there, and proves nothing then', async () => {
    const to = join(folder, 'gone');
    const { exitCode, stdout } = await db(['schedule', '--once', '--to', to], {
      ...env,
      DATABASE_URL: 'postgres://backup_reader:secret-of-this@127.0.0.1:1/none',
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^\S+Z backup failed in [\d.]+ s: DATABASE_UNREACHABLE: PostgreSQL at 127\.0\.0\.1:1 .+\n$/),
    });
    expect(stdout).not.toContain('secret-of-this');
    expect(await db(['schedule', '--health', '--to', to], env)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('BACKUP_OVERDUE: The last backup failed'),
    });
  });

  test('the lines for cron in docs/backup.md are lines of a crontab, and their commands work as written', async () => {
    const page = await readFile(new URL('../../docs/backup.md', import.meta.url), 'utf8');
    const lines = [...page.matchAll(/^((?:[\d*/,-]+ ){4}[\d*/,-]+) +(cd \/srv\/bailiwick && .+)$/gm)];
    expect(lines.map(([, when]) => when)).toEqual(['15 3 * * *', '45 3 * * 0', '0 * * * *']);
    // As cron runs them: by sh, with little in the environment. Without --to, beside the data folder.
    const place = join(folder, 'cron');
    const project = fileURLToPath(new URL('../../', import.meta.url));
    const few = {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: folder,
      ...Object.fromEntries(Object.entries(env).filter(([key]) => /^BAILIWICK_PASSWORD|^DATABASE_URL/.test(key))),
    };
    for (const [, when, command = ''] of lines) {
      const limits = [59, 23, 31, 12, 7];
      when!.split(' ').forEach((field, i) => expect(field === '*' || Number(field) <= limits[i]!).toBe(true));
      // cron takes a % for the end of the line.
      expect(command).not.toContain('%');
      const { status, stderr } = spawnSync('/bin/sh', ['-c', command.replace('/srv/bailiwick', `'${project}'`)], {
        encoding: 'utf8',
        env: { ...few, BAILIWICK_DATA_DIR: place },
      });
      expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
    }
    expect((await readdir(`${place}-backups`)).filter((name) => name.endsWith('.proven.json'))).toHaveLength(1);
  });
});
