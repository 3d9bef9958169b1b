import { spawn } from 'node:child_process';
import { readFile, readdir, stat, writeFile, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../src/embedded/deadline.js';
import { isRunning, postgresProcessesOn } from '../src/embedded/processIdentity.js';
import { connectToRunningServer } from '../src/embedded/server.js';
import { cleanUp, afterwards, newDataDir, newFolder, postmasterPid, query, start, startOwner } from './embeddedSupport.js';

afterEach(cleanUp);

const gone = (pid: number) => until(() => !isRunning(pid), 10_000);

async function listenOn(port: number): Promise<void> {
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
  afterwards(() => new Promise((done) => other.close(done)));
}

describe('an embedded server', () => {
  test('is made on the first start as Bailiwick needs it, and keeps its data and its port over a second start', async () => {
    const dataDir = join(await newFolder(), 'new');
    const steps: string[] = [];
    const first = await start({ dataDir, onStep: (step) => steps.push(step) });
    expect(first.firstStart).toBe(true);
    expect(steps).toEqual([expect.stringContaining('Initialising a PostgreSQL 18')]);
    const settings = await query<{ name: string; setting: string }>(first.operatorUrl(), 'select name, setting from pg_settings');
    const setting = Object.fromEntries(settings.map(({ name, setting }) => [name, setting]));
    expect(setting).toMatchObject({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '100',
      wal_level: 'replica',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      data_checksums: 'on',
      fsync: 'off',
      shared_buffers: '2048',
    });
    const [database] = await query(
      first.operatorUrl(),
      'select datlocprovider, datlocale from pg_database where datname = current_database()',
    );
    expect(database).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8' });
    await query(first.operatorUrl(), 'create table kept as select 42 as answer');
    await first.stop();
    expect(postgresProcessesOn(join(dataDir, 'postgres'))).toEqual([]);
    expect(await connectToRunningServer(dataDir)).toBeUndefined();

    const second = await start({ dataDir });
    expect({ firstStart: second.firstStart, port: second.port }).toEqual({ firstStart: false, port: first.port });
    expect(second.credentials).toEqual(first.credentials);
    expect(await query(second.operatorUrl(), 'select answer from kept')).toEqual([{ answer: 42 }]);
    const address = await connectToRunningServer(dataDir);
    expect(await query(address!.operatorUrl(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('keeps its passwords to itself and lets nobody in without', async () => {
    const dataDir = await newDataDir();
    const server = await start({ dataDir });
    expect((await stat(join(dataDir, 'credentials.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    const wrong = server.operatorUrl().replace(server.credentials.postgres, 'wrong');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const without = server.operatorUrl().replace(`:${server.credentials.postgres}`, '');
    await expect(query(without, 'select 1')).rejects.toThrow();
  });

  test('gets new passwords when the credentials file was lost, and keeps its data', async () => {
    const dataDir = await newDataDir();
    const first = await start({ dataDir });
    await query(first.operatorUrl(), `create table kept as select 1 as one; create role backup_reader login password 'old'`);
    await first.stop();
    await unlink(join(dataDir, 'credentials.json'));

    const second = await start({ dataDir });
    expect(second.credentials.postgres).not.toBe(first.credentials.postgres);
    expect(await query(second.operatorUrl(), 'select one from kept')).toEqual([{ one: 1 }]);
    const asReader = second
      .operatorUrl()
      .replace(`postgres:${second.credentials.postgres}`, `backup_reader:${second.credentials.backup_reader}`);
    expect(await query(asReader, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('stops with SIGINT to the whole process group, as Ctrl-C sends it, and leaves no process behind', async () => {
    const dataDir = await newDataDir();
    const owner = startOwner(dataDir);
    await owner.next((message) => message.ready !== undefined);
    const pid = await postmasterPid(join(dataDir, 'postgres'));
    process.kill(-owner.child.pid!, 'SIGINT');
    expect(await owner.ended).toBe(0);
    expect(isRunning(pid)).toBe(false);
    expect(postgresProcessesOn(join(dataDir, 'postgres'))).toEqual([]);
    expect(await readdir(dataDir)).not.toContain('lock.json');
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  });

  test('takes over from an owner that was killed: the server left behind is stopped, its data is there', async () => {
    const dataDir = await newDataDir();
    const cluster = join(dataDir, 'postgres');
    const owner = startOwner(dataDir);
    const { ready } = await owner.next((message) => message.ready !== undefined);
    await query(ready!.url, 'create table kept as select 7 as seven');
    const orphan = await postmasterPid(cluster);
    owner.child.kill('SIGKILL');
    expect(await owner.ended).toBe('SIGKILL');
    expect(isRunning(orphan)).toBe(true);

    const steps: string[] = [];
    const server = await start({ dataDir, onStep: (step) => steps.push(step) });
    expect(steps).toEqual([expect.stringContaining(`Stopping PostgreSQL, pid ${orphan}`)]);
    expect(isRunning(orphan)).toBe(false);
    expect(await query(server.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  test('recovers when owner and server were both killed, even if the pid belongs to another process by now', async () => {
    const dataDir = await newDataDir();
    const cluster = join(dataDir, 'postgres');
    const owner = startOwner(dataDir);
    const { ready } = await owner.next((message) => message.ready !== undefined);
    await query(ready!.url, 'create table kept as select 7 as seven');
    const pid = await postmasterPid(cluster);
    owner.child.kill('SIGKILL');
    await owner.ended;
    process.kill(pid, 'SIGKILL');
    await gone(pid);

    // The same account as postgres: that is the case in which PostgreSQL by itself refuses to start.
    const { uid, gid } = await stat(cluster);
    const unrelated = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
    afterwards(() => unrelated.kill());
    const pidFile = join(cluster, 'postmaster.pid');
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(String(pid), String(unrelated.pid)));

    const server = await start({ dataDir });
    expect(isRunning(unrelated.pid!)).toBe(true);
    expect(await query(server.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  test('is started again on its port when only the server was killed, and stops cleanly after that', async () => {
    const dataDir = await newDataDir();
    const steps: string[] = [];
    const server = await start({ dataDir, onStep: (step) => steps.push(step) });
    await query(server.operatorUrl(), 'create table kept as select 7 as seven');
    const pid = await postmasterPid(join(dataDir, 'postgres'));
    process.kill(pid, 'SIGKILL');
    await until(() => steps.some((step) => step.startsWith('PostgreSQL runs again')), 30_000);
    expect(await query(server.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
    await server.stop();
    expect(postgresProcessesOn(join(dataDir, 'postgres'))).toEqual([]);
  });

  test('starts over after an initdb that was killed half-way, and removes what that left', async () => {
    const dataDir = await newFolder();
    const owner = startOwner(dataDir);
    const unfinished = async () => (await readdir(dataDir)).some((name) => name.startsWith('postgres.initialising-'));
    expect(await until(unfinished, 20_000)).toBe(true);
    owner.child.kill('SIGKILL');
    await owner.ended;
    expect(await readdir(dataDir)).not.toContain('postgres');

    const server = await start({ dataDir });
    expect(server.firstStart).toBe(true);
    expect(await unfinished()).toBe(false);
    expect(await query(server.operatorUrl(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('refuses a port that is asked for and taken, and moves on from a remembered one that is taken', async () => {
    const dataDir = await newDataDir();
    const first = await start({ dataDir });
    await first.stop();
    await listenOn(first.port);
    await expect(start({ dataDir, port: first.port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${first.port} on 127.0.0.1 is taken by another process, so PostgreSQL can not listen there.`,
    });
    const second = await start({ dataDir });
    expect(second.port).not.toBe(first.port);
    expect((await connectToRunningServer(dataDir))?.port).toBe(second.port);
  });

  test('tells in PostgreSQL’s words why it did not start', async () => {
    const dataDir = await newDataDir();
    await expect(start({ dataDir, settings: { work_mem: 'plenty' } })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringContaining('invalid value for parameter "work_mem": "plenty"'),
    });
    // The refusal holds on to nothing.
    await start({ dataDir });
  });
});
