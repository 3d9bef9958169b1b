import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '@bailiwick/database/sample/random';
import { contentsOf, startDb } from './backupSupport.js';
import { ForeignBench } from './foreignBench.js';

const bench = ForeignBench.declare();
const random = createRandom('a restore that is broken off');

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
});
