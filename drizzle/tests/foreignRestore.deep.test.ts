import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DumpReport } from '@bailiwick/database/foreign/restoreDump';
import { createRandom } from '@bailiwick/database/sample/random';
import { createEmptyDatabase } from '../../tests/support/database.js';
import { contentsOf, db, environmentOf, startDb } from './backupSupport.js';
import { fixture, ForeignBench } from './foreignBench.js';

const csvFolder = fileURLToPath(new URL('fixtures/legacy', import.meta.url));
const bench = ForeignBench.declare();
const random = createRandom('a restore that is broken off');

describe('db restore', () => {
  test('a dump without tables, one of unknown types, and one of INSERTs give the same rows', async () => {
    await bench.restore(fixture);
    const contents = await contentsOf(bench.database.operatorUrl);
    const dataOnly = bench.dump
      .replaceAll(/^CREATE TABLE public\.(?:.|\n)*?^\);$/gm, '')
      .replaceAll(/^CREATE TYPE public\.(?:.|\n)*?^\);$/gm, '');
    expect(dataOnly).not.toContain('CREATE TABLE public.');
    const bare = await bench.report(await bench.put('data-only.sql', dataOnly));
    expect(bare.extraction?.load.simplified.map(({ table }) => table)).toContain('public.cases');
    const strange = await bench.report(await bench.put('strange.sql', bench.dump.replace('search tsvector', 'search vector(3)')));
    expect(strange.extraction?.load.simplified).toEqual([{ table: 'public.cases', why: 'type "vector" does not exist' }]);
    expect(await contentsOf(bench.database.operatorUrl)).toEqual(contents);
    for (const one of [bare, strange]) expect(one.legacy?.tables.every(({ isContentEqual }) => isContentEqual)).toBe(true);
  }, 240_000);

  test('makes the schema where the database is new, then imports in order', async () => {
    const empty = await createEmptyDatabase();
    try {
      const dry = await db(
        ['restore', csvFolder, ...bench.options, '--dry-run'],
        environmentOf(empty, join(bench.folder, 'data')),
      );
      expect(dry.stdout).toContain('This was tried in a scratch server, because the database is not made yet.');
      expect(await contentsOf(empty.operatorUrl)).toEqual({});
      const done = await db(
        ['restore', csvFolder, ...bench.options, '--confirm', empty.name, '--json'],
        environmentOf(empty, join(bench.folder, 'data')),
      );
      expect(done.exitCode).toBe(0);
      const { legacy } = JSON.parse(done.stdout) as DumpReport;
      expect(legacy?.made).toEqual([
        'roles, schemas, identity and guard',
        '001_shared_tables_schema',
        ...(legacy?.made.slice(2) ?? []),
      ]);
      expect(legacy?.tables.find(({ table }) => table === 'case_management.legal_cases')?.rowsAfter).toBeGreaterThan(0);
    } finally {
      await empty.drop();
    }
  }, 240_000);
});

describe('a restore that is broken off', () => {
  test('by kill -9 leaves the old state or the new; the next run says what it found, and ends with the same rows', async () => {
    const big = await bench.put('big.sql', bench.dump);
    // Rows of a table that is not needed make the load long enough to be hit.
    await appendFile(
      big,
      `COPY public.unrelated (n, note) FROM stdin;\n${'7\tsome text that is not needed\n'.repeat(300_000)}\\.\n-- PostgreSQL database dump complete\n`,
    );
    const before = await contentsOf(bench.database.operatorUrl);
    const said: string[] = [];
    for (const phase of ['Starting a scratch server', 'is a dump of a database', 'Importing the rows']) {
      const { child, ended } = startDb(['restore', big, ...bench.confirmed], bench.env);
      let stderr = '';
      child.stderr.on('data', (text: string) => (stderr += text));
      const deadline = performance.now() + 120_000;
      while (!stderr.includes(phase) && child.exitCode === null && performance.now() < deadline) await pause(5);
      await pause(random.integer(0, phase.startsWith('Starting') ? 3000 : 100));
      child.kill('SIGKILL');
      said.push((await ended).stderr);
      const after = await contentsOf(bench.database.operatorUrl);
      if (after['case_management.legal_cases'] === before['case_management.legal_cases']) expect(after).toEqual(before);
      // A killed import holds its lock until the server notices.
      while (
        (
          await bench.query(`select 1 from pg_stat_activity where datname = current_database() and application_name like 'bailiwick%' and pid <> pg_backend_pid()
        and application_name <> 'bailiwick tests'`)
        ).length > 0 &&
        performance.now() < deadline
      )
        await pause(50);
    }
    // What it finds depends on how far the first one came.
    expect(said[1]).toMatch(
      /Took away the scratch server of a run that was killed|An earlier run was killed while it took the rows out|Going on from what an earlier run took out/,
    );
    await bench.report(big);
    expect(await bench.query('select count(*)::int as n from case_management.legal_cases')).toEqual([{ n: 6 }]);
    expect(await bench.leftInWork()).toEqual([]);
  }, 400_000);

  test('what an earlier run took out is used again if it is whole, and taken out anew if it is not', async () => {
    const dry = async () => db(['restore', fixture, ...bench.options, '--dry-run'], bench.env);
    await dry();
    expect((await dry()).stderr).toContain('Going on from what an earlier run took out of this dump');
    const [place = ''] = await bench.leftInWork();
    await appendFile(join(bench.work, place, 'csv', 'cases.csv'), 'x');
    const { stderr, exitCode } = await bench.restore(fixture);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('is damaged, and is taken out anew');
    expect(await bench.leftInWork()).toEqual([]);
  }, 240_000);
});
