import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { differences, stateOf } from '@bailiwick/database/drill/state';
import type { State } from '@bailiwick/database/drill/state';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { openDatabase } from '@bailiwick/database/operator';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { makeArchivedDatabase } from '../support/archivedDatabase.js';

/** docs/recovery.md, run as it stands there: what an operator pastes at three in the morning must work. */
jest.setTimeout(240_000);

let database: ScratchDatabase;
let whole: State;
let page: string;
let folder: string;

beforeAll(async () => {
  page = await readFile(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-runbook-'));
  database = await makeArchivedDatabase();
  whole = await stateOf(database.operatorUrl);
});

afterAll(async () => {
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The commands of the page between two headings. */
function commandsOf(from: string, to: string): string[] {
  const part = page.slice(page.indexOf(from), page.indexOf(to));
  const blocks = [...part.matchAll(/^```\n([^`]*)^```$/gm)].map(([, block]) => block ?? '');
  return blocks.flatMap((block) => block.trim().split('\n'));
}

/** Runs one line of the page. Files that it names are written into the test's folder, and the data directory is the test's. */
async function paste(line: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  expect(line).toMatch(/^npm run db -- /);
  const words = line.replace('npm run db -- ', '').split(' ');
  const [dataDir, cwd] = [process.env.BAILIWICK_DATA_DIR, process.cwd()];
  process.env.BAILIWICK_DATA_DIR = database.dataDir;
  process.chdir(folder);
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    const exitCode = await runProgram(words);
    return { exitCode, stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.chdir(cwd);
    if (dataDir === undefined) delete process.env.BAILIWICK_DATA_DIR;
    else process.env.BAILIWICK_DATA_DIR = dataDir;
  }
}

async function pasteAll(lines: readonly string[]): Promise<string> {
  let all = '';
  for (const line of lines) {
    const { exitCode, stdout, stderr } = await paste(line);
    expect([line, exitCode, exitCode === 0 ? '' : stderr]).toEqual([line, 0, '']);
    all += stdout;
  }
  return all;
}

async function loseEverything(): Promise<void> {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await approveStatement(client, 'DROP SCHEMA public CASCADE', 'a test');
    await client.query('DROP SCHEMA public CASCADE');
  });
}

async function state(): Promise<State> {
  const open = await openDatabase({ dataDir: database.dataDir });
  try {
    return await stateOf(open.operatorUrl);
  } finally {
    await open.close();
  }
}

test('the steps bring back what was lost', async () => {
  await loseEverything();
  const said = await pasteAll(commandsOf('**1. ', '## If the archive is gone'));
  expect(said).toContain('DROP SCHEMA public CASCADE by postgres at ');
  expect(said).toContain('Recovered to just before DROP SCHEMA public CASCADE.');
  expect(differences(whole, await state())).toEqual([]);
});

test('without the archive, the last backup', async () => {
  await loseEverything();
  const [list = '', restore = ''] = commandsOf('## If the archive is gone', '## If the whole data directory is gone');
  const listed = await pasteAll([list]);
  await pasteAll([restore.replace('<name>', /^\d{8}T\d{9}Z/.exec(listed)?.[0] ?? 'none')]);
  expect(differences(whole, await state())).toEqual([]);
});

test('without the data directory, everything that was archived', async () => {
  await database.server.stop();
  await rm(database.dataDir, { recursive: true });
  const [init = '', list = '', recover = ''] = commandsOf('## If the whole data directory is gone', '## How it works');
  const listed = await pasteAll([init, list]);
  const identifier = /Archives of clusters that lay here before \(--cluster\): (\d+)/.exec(listed)?.[1];
  await pasteAll([recover.replace('<identifier>', identifier ?? 'none')]);
  expect(differences(whole, await state())).toEqual([]);
});
