import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from '@bailiwick/database/embedded/account';
import { giveTo } from '@bailiwick/database/embedded/place';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import type { EmbeddedServer } from '@bailiwick/database/embedded/server';
import { withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded } from '@bailiwick/database/setup/credentials';
import { createDatabase, dropDatabase, placeOf, sessionsEnded, startVerb } from './kills/ground.js';
import type { Ended, Ground, Place } from './kills/ground.js';
import { sameState } from './kills/state.js';
import type { State } from './kills/state.js';
import { leftoversOf, verbs } from './kills/verbs.js';
import type { Shared, Verb } from './kills/verbs.js';

const megabyte = 1024 * 1024;
const mounts = spawnSync('sh', [
  '-c',
  'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s',
]);
const whereMounts = mounts.status === 0 ? describe : describe.skip;
if (mounts.status !== 0) process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');

let folder: string;
let server: EmbeddedServer;
let ground: Ground;
const settings = { fsync: 'off', wal_recycle: 'off', min_wal_size: '32MB', max_wal_size: '64MB', autovacuum: 'off' };
const disk = (name: 'data' | 'wal'): string => join(folder, name);

/** Puts a part of the cluster on a disk in memory. */
async function moveTo(name: 'data' | 'wal', size: string, part: string): Promise<void> {
  await mkdir(disk(name));
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', disk(name)]).status).toBe(0);
  const original = join(folder, 'server', 'postgres', part);
  const moved = join(disk(name), part);
  await cp(original, moved, { recursive: true });
  await giveTo(serverAccount(), moved);
  await rm(original, { recursive: true });
  await symlink(moved, original);
}

/** Leaves so many bytes free. */
async function fill(name: 'data' | 'wal', free: number): Promise<void> {
  await makeRoom(name);
  const { bavail, bsize } = await statfs(disk(name));
  await writeFile(join(disk(name), 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
}
const makeRoom = async (name: 'data' | 'wal'): Promise<void> => rm(join(disk(name), 'filler'), { force: true });

const superuser = async (url: string, ...statements: string[]): Promise<void> =>
  withSession(url, 'tests', async (client) => {
    for (const statement of statements) await client.query(statement);
  });

const start = async (): Promise<EmbeddedServer> =>
  startEmbeddedServer({ dataDir: join(folder, 'server'), port: server?.port, settings });

/** The segment that is being written is nearly full, there is no other one, and no room to make one: two megabytes of WAL end PostgreSQL. */
async function leaveLittleWal(url: string): Promise<void> {
  await superuser(url, 'select pg_switch_wal()', 'checkpoint');
  await fill('wal', megabyte);
  const isNear = `select pg_current_wal_insert_lsn() - '0/0' as at, count(*) filter (where name > pg_walfile_name(pg_current_wal_insert_lsn()))::int as more
    from pg_ls_waldir()`;
  await withSession(url, 'tests', async (client) => {
    for (;;) {
      const { rows } = await client.query<{ at: string; more: number }>(isNear);
      if (rows[0]?.more === 0 && Number(rows[0].at) % (16 * megabyte) > 14 * megabyte) break;
      await client.query(`select pg_logical_emit_message(false, 'full', repeat('x', 1024 * 1024))`);
    }
  });
  await fill('wal', megabyte);
}

/** Runs a verb to its end. */
const run = async (place: Place, args: readonly string[]): Promise<Ended> => startVerb(place, args).ended;

const saysFullDisk = ({ exitCode, stderr }: Ended): void => {
  expect(stderr).toMatch(/^[A-Z_]+: .*(disk|No space left|database|server|connection)/im);
  expect(stderr).toMatch(/^Hint: /m);
  expect(stderr).not.toContain('INTERNAL');
  expect(exitCode).toBe(1);
};

/** Declares the tests of these verbs: each on a data disk that fills up, and on a WAL disk that does. */
export function testFullDisk(names: readonly string[]): void {
  const chosen = verbs.filter(({ name }) => names.includes(name)).map((verb) => [verb.name, verb] as const);

  whereMounts('a full disk', () => {
    const prepared = new Map<string, { template: string; shared: Shared; between: State[] }>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bailiwick-full-disk-'));
      await chmod(folder, 0o755);
      await mkdir(join(folder, 'server'), { mode: 0o755 });
      server = await start();
      await server.stop();
      await moveTo('wal', '200m', 'pg_wal');
      await moveTo('data', '600m', 'base');
      server = await start();
      ground = {
        operatorUrl: server.operatorUrl(),
        credentials: fromEmbedded(server.credentials),
        folder,
        key: 'full',
        close: async () => undefined,
      };
      for (const [, verb] of chosen) {
        const template = await createDatabase(ground, `${verb.name}_old`);
        const shared = await verb.prepare(ground, placeOf(ground, template, folder));
        await sessionsEnded(ground, placeOf(ground, template, folder));
        prepared.set(verb.name, { template, shared, between: (await verb.between?.(ground)) ?? [] });
      }
    }, 300_000);

    afterEach(async () => {
      await makeRoom('data');
      await makeRoom('wal');
    });
    afterAll(async () => {
      await server.stop();
      for (const name of ['data', 'wal'] as const) spawnSync('umount', [disk(name)]);
      await rm(folder, { recursive: true, force: true });
    });

    /** A clone of the old state, and what is there before anything runs. */
    async function clone(verb: Verb): Promise<{ place: Place; args: string[]; old: State; between: State[] }> {
      const { template, shared, between } = prepared.get(verb.name) ?? { template: '', shared: { folder: '' }, between: [] };
      const name = await createDatabase(ground, `${verb.name}_place`, template);
      const place = placeOf(ground, name, join(folder, `place-${verb.name}`));
      await rm(place.folder, { recursive: true, force: true });
      await mkdir(place.folder);
      return { place, args: verb.args(place, shared), old: await verb.state(place), between };
    }

    /** With room again the same command ends well, and says what it did. */
    async function runAgain(verb: Verb, place: Place, args: readonly string[], step: number, steps: number): Promise<void> {
      const again = await run(place, args);
      expect({ exitCode: again.exitCode, stderr: again.exitCode === 0 ? '' : again.stderr }).toEqual({ exitCode: 0, stderr: '' });
      const said = `${again.stderr}\n${again.stdout}`;
      for (const sentence of verb.says({ step, steps, leftovers: [] })) expect(said).toMatch(sentence);
      const { newState } = prepared.get(verb.name)?.shared ?? {};
      if (newState) expect(sameState(newState, await verb.state(place))).toBe(true);
      expect(await leftoversOf(place)).toEqual([]);
      await sessionsEnded(ground, place);
      await dropDatabase(ground, place.name);
    }

    test.each(chosen)(
      '%s on a data disk that fills up ends with a clear error and the old state, and goes on when there is room',
      async (_name, verb) => {
        const { place, args, old, between } = await clone(verb);
        await fill('data', megabyte / 4);
        const ended = await run(place, args);
        saysFullDisk(ended);
        expect(ended.stderr).toMatch(/No space left on device|disk is full|disk of the database is full/);
        await sessionsEnded(ground, place);
        expect(await verb.state(place)).toEqual(old);
        await makeRoom('data');
        await runAgain(verb, place, args, 0, between.length + 1);
      },
      300_000,
    );

    test.each(chosen)(
      '%s on a WAL disk that fills up, where PostgreSQL ends, leaves the old state; the next run says so or goes on',
      async (_name, verb) => {
        const { place, args, old, between } = await clone(verb);
        await leaveLittleWal(place.url);
        const ended = await run(place, args);
        saysFullDisk(ended);
        // It can not start either; and says that nothing is lost.
        await server.stop();
        await expect(start()).rejects.toMatchObject({
          code: 'DATA_DIR_UNWRITABLE',
          message: expect.stringContaining('is full') as string,
          hint: 'Free some space and start again; nothing is lost.',
        });
        await makeRoom('wal');
        server = await start();
        const found = await verb.state(place);
        const step = [old, ...between].findIndex((state) => sameState(state, found));
        expect(step).toBeGreaterThanOrEqual(0);
        await runAgain(verb, place, args, step, between.length + 1);
      },
      300_000,
    );
  });
}
