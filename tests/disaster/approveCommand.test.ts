import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf } from './support.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createFilledDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-approve-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

/** Runs the command in this process, on the test's database. */
async function db(...args: string[]) {
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = database.operatorUrl;
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    return { exitCode: await runProgram([...args, '--data-dir', folder]), stdout: () => stdout, stderr: () => stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  }
}

const run = (sql: string) => withSession(database.operatorUrl, 'tests', async (client) => errorOf(client, sql));

test('approve wants the name of the database typed back, a reason, and one source', async () => {
  const wipe = ['approve', '--statement', 'truncate public.notifications'];
  for (const [args, message] of [
    [[...wipe, '--because', 'a test'], `CONFIRMATION_MISSING: This approves a loss in database ${database.name} on `],
    [[...wipe, '--because', 'a test', '--confirm', 'other'], 'CONFIRMATION_MISSING: --confirm got "other", but the database is '],
    [[...wipe, '--because', ' ', '--confirm', database.name], 'BAD_USER_INPUT: --because got no reason.'],
    [[...wipe, '--because', 'a test', '--minutes', '61', '--confirm', database.name], 'BAD_USER_INPUT: --minutes got "61"'],
    [
      [...wipe, '--file', 'x.sql', '--because', 'a test'],
      'BAD_USER_INPUT: approve needs either --statement, --file or --migration.',
    ],
    [['approve', '--file', 'none.sql', '--because', 'a test'], 'BAD_USER_INPUT: none.sql can not be read: ENOENT.'],
  ] as const) {
    const { exitCode, stderr } = await db(...args);
    expect([exitCode, stderr()]).toEqual([message.startsWith('CONFIRMATION') ? 2 : 3, expect.stringContaining(message)]);
  }
  expect(await run('truncate public.notifications')).toMatchObject({ code: 'LG002' });
});

test('approve --statement lets the statement through once', async () => {
  const { exitCode, stdout } = await db(
    ...['approve', '--statement', 'truncate public.notifications', '--because', 'a test', '--confirm', database.name, '--json'],
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout())).toMatchObject({ approvals: [{ statement: 'truncate public.notifications' }] });
  expect(await run('truncate public.notifications;')).toBeUndefined();
});

test('approve --file approves each statement of the file that may lose something', async () => {
  const file = join(folder, '007_case_management_drop.sql');
  await writeFile(
    file,
    '-- why\ncreate table case_management.x (id int);\nalter table case_management.tasks\n  drop column mood;\ndrop table case_management.court_orders;\n',
  );
  const { exitCode, stdout } = await db('approve', '--file', file, '--because', 'a test', '--confirm', database.name);
  expect(exitCode).toBe(0);
  expect(stdout().trimEnd().split('\n')).toHaveLength(2);
  expect(await run('alter table case_management.tasks\n  drop column mood;')).toBeUndefined();
  expect(await run('drop table case_management.court_orders')).toBeUndefined();
});
