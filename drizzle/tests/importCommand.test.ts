import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@bailiwick/database/setup/connect';
import { nodeArguments } from '../../tests/support/programs.js';
import { failure, openImportBench } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

const mapping = `
title: Units
sources: { units: { file: units.csv } }
targets:
  - { name: units, table: public.org_units, from: units, key: code, columns: { code: code, name: name } }
`;

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(async () => bench.close());

function start(args: string[]) {
  const bare = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !key.startsWith('BAILIWICK_') && key !== 'DATABASE_URL'),
  );
  const child = spawn(process.execPath, [...nodeArguments('drizzle/src/main.ts'), 'import', ...args], {
    env: { ...bare, DATABASE_URL: bench.database.operatorUrl },
    cwd: bench.folder,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, ...output })),
  );
  return { child, ended };
}

const unitCount = async (): Promise<number> =>
  Number((await bench.query<{ n: string }>('select count(*) as n from public.org_units'))[0]?.n);

describe('db import', () => {
  test('exits with 0 and lists the rejects in a file beside; with 1 for all or nothing; with 3 for bad input', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\nA,Alpha\n,Beta\n', 'test.yaml': mapping });
    const yaml = join(folder, 'test.yaml');
    const done = await start([yaml, '--from', folder]).ended;
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout).toContain('1 inserted, 0 changed, 0 unchanged');
    expect(done.stdout).toContain('1 row rejected: VALUE_MISSING 1');
    expect(done.stdout).toContain('test-rejects.csv: mend it there');
    expect(await readFile(join(bench.folder, 'test-rejects.csv'), 'utf8')).toContain('units,units.csv,3,code,');
    const strict = await start([yaml, '--from', folder, '--all-or-nothing', '--json']).ended;
    expect(strict.exitCode).toBe(1);
    expect(JSON.parse(strict.stdout)).toMatchObject({ error: { code: 'IMPORT_REJECTED' } });
    const bad = await start(['us_federal_agencies', '--from', folder]).ended;
    expect(bad.exitCode).toBe(3);
    expect(bad.stderr).toContain('SOURCE_INVALID: ');
    expect(bad.stderr).not.toMatch(/^\s+at /m);
  });

  test('a second run says that nothing changed', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\nB,Beta\n', 'test.yaml': mapping });
    await start([join(folder, 'test.yaml'), '--from', folder]).ended;
    const second = await start([join(folder, 'test.yaml'), '--from', folder, '--rejects', 'none.csv']).ended;
    expect(second.stdout).toContain('0 inserted, 0 changed, 1 unchanged');
    expect(second.stdout).toContain('Nothing changed: the database has everything already');
  });

  test('does its work to the end when nobody reads what it says any more', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\nP,Pipe\n', 'test.yaml': mapping });
    const { child, ended } = start([join(folder, 'test.yaml'), '--from', folder]);
    child.stdout.destroy();
    child.stderr.destroy();
    expect((await ended).exitCode).toBe(0);
    expect(await bench.query(`select name from public.org_units where code = 'P'`)).toEqual([{ name: 'Pipe' }]);
  });

  test('a mended file is not overwritten by its own rejects', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\n,Beta\n', 'own.yaml': mapping });
    const yaml = join(folder, 'own.yaml');
    await start([yaml, '--from', folder]).ended;
    const before = await readFile(join(bench.folder, 'own-rejects.csv'), 'utf8');
    const again = await start([yaml, '--from', 'own-rejects.csv']).ended;
    expect(again.stdout).toContain('own-rejects-2.csv');
    expect(await readFile(join(bench.folder, 'own-rejects.csv'), 'utf8')).toBe(before);
    const refused = await start([yaml, '--from', 'own-rejects.csv', '--rejects', './own-rejects.csv']).ended;
    expect(refused).toMatchObject({ exitCode: 3 });
  });

  test('two imports at once: the second names the holder of the lock', async () => {
    const holder = await connect(bench.database.operatorUrl, 'import somebody_else');
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock(6118513)');
    const folder = await bench.files({ 'units.csv': 'code,name\nC,Gamma\n' });
    const error = await failure(bench.run(mapping, folder));
    expect(error.code).toBe('LOCK_HELD');
    expect(error.message).toMatch(
      /^The import lock is held by pid \d+ \(bailiwick import somebody_else, since \d\d:\d\d:\d\d\)\.$/,
    );
    await holder.end();
    await bench.run(mapping, folder);
  });

  test('kill -9 in the middle leaves nothing behind', async () => {
    const before = await unitCount();
    const folder = await bench.files({ 'test.yaml': mapping });
    const file = createWriteStream(join(folder, 'units.csv'));
    file.write('code,name\n');
    for (let block = 0; block < 120; block++) {
      file.write(Array.from({ length: 1000 }, (_, n) => `K${block * 1000 + n},Unit number ${n}\n`).join(''));
    }
    file.end();
    await once(file, 'close');
    const { child, ended } = start([join(folder, 'test.yaml'), '--from', folder]);
    const importing = `select pid, wait_event from pg_stat_activity where application_name = 'bailiwick import test' and datname = current_database()
      and (query like 'insert into%' or query like 'copy%')`;
    const deadline = performance.now() + 30_000;
    while ((await bench.query(importing)).length === 0) {
      if (performance.now() > deadline) throw new Error('The import did not begin.');
      await pause(10);
    }
    child.kill('SIGKILL');
    expect((await ended).exitCode).toBeNull();
    const session = `select from pg_stat_activity where application_name = 'bailiwick import test' and datname = current_database()`;
    while ((await bench.query(session)).length > 0) {
      if (performance.now() > deadline + 30_000) throw new Error('The session of the killed import is still there.');
      await pause(50);
    }
    expect(await unitCount()).toBe(before);
    const again = await bench.run(mapping, folder);
    expect(again.targets[0]?.inserted).toBe(120_000);
  });
});
