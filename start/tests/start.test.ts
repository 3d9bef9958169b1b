import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePeople } from '@bailiwick/database/sample/sample';
import { createEmptyDatabase } from '../../tests/support/database.js';
import { createTestIssuer } from '../../tests/support/tokens.js';
import { ask, cleanUp, passwordsOf, ready, start, temporaryFolder } from './processes.js';

/** The sample person who may do everything. */
const systemAdmin = samplePeople.find(({ role }) => role === 'System Admin')!.personId;

afterAll(cleanUp);

/** The pid of the PostgreSQL that runs on a data directory. */
async function postgresPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start in production', () => {
  const production = { NODE_ENV: 'production' };

  test.each([
    ['without keys for tokens', [], /^CONFIG_INVALID: .*BAILIWICK_JWKS_URL or BAILIWICK_JWT_PUBLIC_KEY/, 3],
    ['with sample data', ['--sample-data'], /^BAD_USER_INPUT: --sample-data is not for NODE_ENV=production/, 3],
  ])('%s is refused before anything is written', async (_how, args, message, exitCode) => {
    const dataDir = join(await temporaryFolder(), 'data');
    const refused = start(['--port', '0', '--data-dir', dataDir, ...args], production);
    expect((await refused.ended).code).toBe(exitCode);
    expect(refused.output()).toMatch(message);
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  });

  test('has no sample data, and the welcome says what is true', async () => {
    const issuer = await createTestIssuer();
    const started = start(['--port', '0', '--data-dir', await temporaryFolder()], {
      ...production,
      BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem,
    });
    const [, port] = await started.printed(ready);
    await started.printed(/sign-in system/);
    expect(started.output()).not.toMatch(/Filling|Sandbox|explorer|sample/i);
    const response = await fetch(`http://localhost:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.tokenFor(systemAdmin)}` },
      body: JSON.stringify({ query: '{ me { fullName } people { totalCount } }' }),
    });
    expect(await response.json()).toMatchObject({ data: { me: null } });
    expect((await fetch(`http://localhost:${port}/explorer`)).status).toBe(404);
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  }, 120_000);
});

// start.deep.test.ts kills it.
describe('npm start', () => {
  // The first test fills it, and the others go on with it.
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await temporaryFolder();
  });

  test('prints its steps, the endpoint, five tokens and a line to paste that works; Ctrl-C leaves nothing behind; the second start keeps the data', async () => {
    const first = start(['--port', '0', '--data-dir', dataDir]);
    await first.printed(/curl -s/);
    const pid = await postgresPid(dataDir);
    for (const role of ['System Admin', 'Lawyer', 'Auditor', 'Action Owner', 'Read-Only']) {
      expect(await ask(first, '{ me { roles } }', role)).toEqual({ data: { me: { roles: [role] } } });
    }
    const opened = await ask(
      first,
      'mutation { openLegalCase(input: { title: "Kept -v- Lost" }) { legalCase { id } userErrors { code } } }',
      'Lawyer',
    );
    expect(opened.errors).toBeUndefined();

    // A terminal's Ctrl-C: the signal goes to the process; PostgreSQL must be gone as well.
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    expect(isRunning(pid)).toBe(false);

    const second = start(['--port', '0', '--data-dir', dataDir]);
    expect(await ask(second, '{ legalCases(filter: { text: "Kept -v- Lost" }) { totalCount } }', 'Lawyer')).toEqual({
      data: { legalCases: { totalCount: 1 } },
    });
    expect(second.output()).not.toMatch(/Filling|Initialising/);
    // What one needs comes last, below the long tokens.
    expect(second.output()).toMatch(/explorer\n\nPaste this:\n\ncurl .*\n$/);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  }, 120_000);

  test('refuses a data directory that another one runs on, and names its process', async () => {
    const first = start(['--port', '0', '--data-dir', dataDir]);
    await first.printed(ready);
    const second = start(['--port', '0', '--data-dir', dataDir]);
    expect((await second.ended).code).toBe(2);
    expect(second.output()).toMatch(new RegExp(`^DATA_DIR_IN_USE: .*${first.child.pid}.*\\nHint: .+\\n$`));
    first.child.kill('SIGINT');
    await first.ended;
  }, 120_000);

  test('says that its port is taken, and stops the PostgreSQL it had started', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const refused = start(['--port', String(port), '--data-dir', dataDir]);
    expect((await refused.ended).code).toBe(1);
    expect(refused.output()).toContain(`PORT_TAKEN: Port ${port} on 127.0.0.1 is taken by another process.\nHint: `);
    expect(refused.output().match(/PORT_TAKEN/g)).toHaveLength(1);
    await expect(stat(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
    blocker.close();
  }, 120_000);
});

describe('what npm start refuses, in one sentence with a next step', () => {
  /** Fails to start, and returns what was printed. */
  async function refusal(
    args: string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const started = start(args, environment);
    const { code } = await started.ended;
    expect(started.output()).not.toMatch(/^\s+at /m);
    expect(started.output()).toMatch(/\n?Hint: .+\n$/);
    return { code, output: started.output() };
  }

  test('an option it does not know', async () => {
    expect(await refusal(['--prot', '4'])).toEqual({
      code: 3,
      output: expect.stringContaining("BAD_USER_INPUT: unknown option '--prot'") as string,
    });
  });

  test('a port that is none', async () => {
    expect(await refusal(['--port', '70000'])).toEqual({
      code: 3,
      output: expect.stringContaining("'70000' is invalid") as string,
    });
  });

  test.each(['0', 'abc', '1000', '-1', '1.5'])('%s workers', async (workers) => {
    expect(await refusal([`--workers=${workers}`])).toEqual({
      code: 3,
      output: expect.stringContaining(`'${workers}' is invalid. Workers are a whole number from 1 to 64.`) as string,
    });
    const { code, output } = await refusal([], { BAILIWICK_WORKERS: workers });
    expect([code, output]).toEqual([3, expect.stringContaining('BAILIWICK_WORKERS')]);
  });

  test('a setting with a typing slip, and everything else that is wrong with the configuration', async () => {
    const { code, output } = await refusal([], { BAILIWICK_PROT: '1', BAILIWICK_POOL_SIZE: 'many' });
    expect(code).toBe(3);
    expect(output).toContain('BAILIWICK_PROT is not a setting of Bailiwick');
    expect(output).toContain('BAILIWICK_POOL_SIZE');
  });

  test('origins that are none', async () => {
    const { code, output } = await refusal([], { BAILIWICK_CORS_ORIGINS: '*' });
    expect(code).toBe(3);
    expect(output).toContain('BAILIWICK_CORS_ORIGINS.0: is not a list of origins like https://app.example.org');
  });

  test('a data directory of another major version', async () => {
    const dataDir = await temporaryFolder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await writeFile(join(dataDir, 'location.json'), '{}');
    const { code, output } = await refusal(['--port', '0', '--data-dir', dataDir]);
    expect(code).toBe(2);
    expect(output).toContain('DATA_DIR_OTHER_VERSION');
    expect(output).toContain('17');
  });

  test('a server that does not answer', async () => {
    const { code, output } = await refusal(['--port', '0', '--data-dir', await temporaryFolder()], {
      DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/x',
    });
    expect(code).toBe(1);
    expect(output).toContain('DATABASE_UNREACHABLE');
    expect(output).toContain('127.0.0.1');
    expect(output).not.toContain('secret');
  });

  test('a role without the privileges', async () => {
    const database = await createEmptyDatabase();
    try {
      const url = database.urlOf('backup_reader');
      const { code, output } = await refusal(['--port', '0', '--data-dir', await temporaryFolder()], { DATABASE_URL: url });
      expect(code).toBe(2);
      expect(output).toContain('PRIVILEGE_MISSING');
      expect(output).toContain('backup_reader');
    } finally {
      await database.drop();
    }
  });
});

describe('npm start with DATABASE_URL', () => {
  test('prepares the database that it names, and fills it only when asked', async () => {
    const database = await createEmptyDatabase();
    try {
      const dataDir = await temporaryFolder();
      const bare = start(['--port', '0', '--data-dir', dataDir], {
        DATABASE_URL: database.operatorUrl,
        ...passwordsOf(database),
      });
      await bare.printed(/This database holds no sample people/);
      bare.child.kill('SIGINT');
      await bare.ended;
      const filled = start(['--port', '0', '--data-dir', dataDir, '--sample-data'], {
        DATABASE_URL: database.operatorUrl,
        ...passwordsOf(database),
      });
      expect(await ask(filled, '{ legalCases { totalCount } }', 'System Admin')).toEqual({
        data: { legalCases: { totalCount: 2000 } },
      });
      filled.child.kill('SIGINT');
      await filled.ended;
    } finally {
      await database.drop();
    }
  }, 120_000);
});
