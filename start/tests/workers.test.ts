import { request } from 'node:http';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { seed } from '../../tests/support/seed.js';
import { createTestIssuer } from '../../tests/support/tokens.js';
import { cleanUp, passwordsOf, start, temporaryFolder, workersOf } from './processes.js';
import type { Started } from './processes.js';

let database: TestDatabase;
let environment: Record<string, string>;
let authorization: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const rows = await seed(database)
    .person('admin', { roles: ['System Admin'] })
    .write();
  const issuer = await createTestIssuer();
  authorization = `Bearer ${await issuer.tokenFor(rows.id('admin'))}`;
  environment = {
    DATABASE_URL: database.operatorUrl,
    BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem,
    ...passwordsOf(database),
  };
});
afterAll(async () => {
  await cleanUp();
  await database?.drop();
});

interface Running extends Started {
  readonly port: number;
}

/** Starts and waits until as many workers as asked for are there. */
async function startWith(workers: number): Promise<Running> {
  const args = ['--port', '0', '--workers', String(workers), '--data-dir', await temporaryFolder()];
  const started = start(args, environment);
  const [, port] = await started.printed(/http:\/\/localhost:(\d+)\/graphql/);
  await until(() => workersOf(started).length === (workers === 1 ? 0 : workers));
  return { ...started, port: Number(port) };
}

/** Asks over a connection of its own. Rejects when no whole answer comes within half a minute. */
function ask({ port }: Running, query = '{ me { roles } }'): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization };
    const options = { port, method: 'POST', path: '/graphql', headers, agent: false, timeout: 30_000 };
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => (response.complete ? resolve(text) : reject(new Error('The answer was cut off.'))));
      response.on('error', reject);
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('No answer came.')));
    sent.end(JSON.stringify({ query }));
  });
}

const answer = '{"data":{"me":{"roles":["System Admin"]}}}\n';

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('What was waited for did not come.');
    await pause(20);
  }
}

/** Whether nobody listens any more. */
function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start with two workers', () => {
  test('each of them answers, on one port', async () => {
    const started = await startWith(2);
    const [one, other] = workersOf(started);
    for (const [stopped, answering] of [
      [one!, other!],
      [other!, one!],
    ] as const) {
      process.kill(stopped, 'SIGSTOP');
      // Whoever is stopped accepts nothing: what is answered, the other one answers, as soon as it is there.
      for (let asked = 0; asked < 5; asked++) expect(await ask(started)).toBe(answer);
      expect(isRunning(answering)).toBe(true);
      process.kill(stopped, 'SIGCONT');
    }
    started.child.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    expect([one, other].filter((pid) => isRunning(pid!))).toEqual([]);
  }, 120_000);

  test('one that is killed under load takes at most what runs on it with it, and is replaced', async () => {
    const started = await startWith(2);
    const [one, other] = workersOf(started);
    // Until the other one answers as well.
    process.kill(one!, 'SIGSTOP');
    expect(await ask(started)).toBe(answer);
    process.kill(one!, 'SIGCONT');

    const clients = 8;
    let isOver = false;
    let [answered, failed] = [0, 0];
    const load = Array.from({ length: clients }, async () => {
      while (!isOver) {
        await ask(started).then(
          (text) => (text === answer ? answered++ : failed++),
          () => failed++,
        );
      }
    });
    await until(() => answered > 50);
    expect(failed).toBe(0);
    process.kill(one!, 'SIGKILL');
    await until(() => !isRunning(one!));
    const then = answered;
    await until(() => answered > then + 100);
    isOver = true;
    await Promise.all(load);
    expect(failed).toBeLessThanOrEqual(clients);
    await started.printed(new RegExp(`^Worker 1, pid ${one}, was ended by SIGKILL; another one is started\\.$`, 'm'));

    // The one that took its place answers too.
    await until(() => workersOf(started).length === 2);
    process.kill(other!, 'SIGSTOP');
    expect(await ask(started)).toBe(answer);
    process.kill(other!, 'SIGCONT');
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  }, 120_000);

  test('SIGTERM lets a request that runs be answered', async () => {
    const started = await startWith(2);
    const [client, watching] = await Promise.all([1, 2].map(() => connect(database.operatorUrl, 'tests')));
    try {
      await client!.query('begin; lock table public.people in access exclusive mode');
      const asked = ask(started, '{ people(first: 1) { totalCount } }');
      await until(async () => {
        const { rowCount } = await watching!.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'relation'`,
        );
        return (rowCount ?? 0) > 0;
      });
      started.child.kill('SIGTERM');
      await until(() => isRefused(started.port));
      await client!.query('rollback');
      expect(await asked).toBe('{"data":{"people":{"totalCount":1}}}\n');
      expect((await started.ended).code).toBe(0);
    } finally {
      await Promise.all([client!.end(), watching!.end()]);
    }
  }, 120_000);

  test('one that dies while all are being stopped keeps none from stopping in order', async () => {
    const started = await startWith(3);
    const [one, ...others] = workersOf(started);
    process.kill(one!, 'SIGKILL');
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
    expect(others.filter((pid) => isRunning(pid))).toEqual([]);
  }, 120_000);

  test('none of them outlives the first process when that is killed', async () => {
    const started = await startWith(2);
    const workers = workersOf(started);
    started.child.kill('SIGKILL');
    await started.ended;
    await until(() => !workers.some(isRunning));
  }, 120_000);

  test('one that ends again and again ends the whole, with a sentence that says so', async () => {
    const started = await startWith(2);
    for (let kill = 1; kill <= 4; kill++) {
      const newest = Math.max(...workersOf(started));
      process.kill(newest, 'SIGKILL');
      if (kill < 4) await started.printed(new RegExp(`pid ${newest}, was ended by SIGKILL; another one is started`));
      await until(() => kill === 4 || workersOf(started).length === 2);
    }
    expect((await started.ended).code).toBe(1);
    expect(started.output()).toMatch(
      /\nWORKERS_FAILED: Worker 2, pid \d+, was ended by SIGKILL, for the 4th time within 60 s, and is not replaced again\.\nHint: .+\n$/,
    );
    expect(workersOf(started)).toEqual([]);
  }, 120_000);

  test('more connections than the server allows are refused before anything listens', async () => {
    const started = start(['--port', '0', '--workers', '2', '--data-dir', await temporaryFolder()], {
      ...environment,
      BAILIWICK_POOL_SIZE: '200',
    });
    expect((await started.ended).code).toBe(3);
    expect(started.output()).toMatch(
      /CONFIG_INVALID: 2 workers with 3 pools of 200 connections each could open 1200 connections, and the server allows \d+\.\nHint: .+ set BAILIWICK_POOL_SIZE to \d+ or less, .+\n$/,
    );
    expect(workersOf(started)).toEqual([]);
  }, 120_000);
});

test('npm start with one worker answers in the process that was started', async () => {
  const started = await startWith(1);
  expect(await ask(started)).toBe(answer);
  started.child.kill('SIGTERM');
  expect((await started.ended).code).toBe(0);
}, 120_000);
