import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { contentsOf, db, startDb } from './backupSupport.js';
import { fixture, ForeignBench } from './foreignBench.js';

const csvFolder = fileURLToPath(new URL('fixtures/legacy', import.meta.url));
const bench = ForeignBench.declare();

// foreignRestore.deep.test.ts has what takes longer, kills among it.
describe('db restore from an SQL dump of the legacy layout', () => {
  test('brings every row home that the mapping takes, lists what it does not, and a second run changes nothing', async () => {
    const first = await bench.restore(fixture);
    expect({ exitCode: first.exitCode, stderr: first.exitCode === 0 ? '' : first.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(first.stderr).toContain(`${fixture} is a plain SQL dump.`);
    expect(first.stdout).toMatch(/^cases +6 +6 +6 +0$/m);
    expect(first.stdout).toMatch(/^people +5 +5 +4 +1 +ROLE_UNKNOWN 1$/m);
    expect(first.stdout).toMatch(/^case_management\.legal_cases +0 +6 +0 +0 +6 +changed$/m);
    expect(first.stdout).toContain('passed over: roles that are not here, 2 statements (anon, authenticated)');
    expect(first.stdout).toContain('passed over: event triggers');
    expect(first.stdout).toContain('7 rows of auth.users: the host');
    expect(await readFile(join(bench.folder, 'rejects.csv'), 'utf8')).toContain('Astronaut');
    expect(
      await bench.query(`select c.description, c.opened_on::text, c.created_at, u.code from case_management.legal_cases c left join public.org_units u on u.id = c.org_unit_id
        order by case_number limit 4`),
    ).toEqual([
      expect.objectContaining({ code: null, created_at: new Date('2019-05-05T21:08:09.123Z') }),
      expect.objectContaining({ description: '', code: 'LEGAL' }),
      expect.objectContaining({ description: '\\.' }),
      expect.objectContaining({ description: 'two\r\nlines' }),
    ]);
    const contents = await contentsOf(bench.database.operatorUrl);
    const again = await bench.report(fixture);
    expect(again.legacy?.tables.every(({ isContentEqual, differing }) => isContentEqual && differing === 0)).toBe(true);
    expect(again.legacy?.imported.targets.every(({ inserted, changed }) => inserted + changed === 0)).toBe(true);
    expect(await contentsOf(bench.database.operatorUrl)).toEqual(contents);
    await bench.query(`update case_management.legal_cases set title = 'Changed since' where case_number = 'LC-2'`);
    const kept = await bench.report(fixture);
    expect(kept.legacy?.tables.filter(({ differing }) => differing > 0)).toMatchObject([
      { table: 'case_management.legal_cases', differing: 1 },
    ]);
    expect(await bench.query(`select title from case_management.legal_cases where case_number = 'LC-2'`)).toEqual([
      { title: 'Changed since' },
    ]);
    expect(await bench.leftInWork()).toEqual([]);
  }, 240_000);

  test('rows that do not arrive are an error, and nothing is changed', async () => {
    const contents = await contentsOf(bench.database.operatorUrl);
    const broken = await bench.put('broken.sql', bench.dump.replace('LC-1\t', 'LC-1\textra\t'));
    const { exitCode, stderr } = await bench.restore(broken);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /RESTORE_FAILED: Rows of the dump did not arrive in the scratch server: line \d+, COPY public\.cases .*extra data after last expected column/,
    );
    expect(await contentsOf(bench.database.operatorUrl)).toEqual(contents);
    expect(await bench.leftInWork()).toEqual([]);
  }, 120_000);

  test('a dump that is cut off is refused; with --accept-truncated its whole rows come in, and what is missing is said', async () => {
    const end = bench.dump.indexOf('\n', bench.dump.indexOf('COPY public.events')) + 400;
    const cut = await bench.put('cut.sql', bench.dump.slice(0, end));
    const refused = await bench.restore(cut);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(
      /DUMP_INVALID: .*cut\.sql is cut off: it ends within the rows of public\.events, after \d whole ones/,
    );
    const taken = await bench.report(cut, '--accept-truncated');
    expect(taken.notBroughtBack[0]).toContain('the end of the dump: it ends within the rows of public.events');
    // The org units and people come behind the cut: without them the cases of a division are rejected, and of the others the lead.
    expect(await bench.query('select count(*)::int as n from case_management.legal_cases')).toEqual([{ n: 3 }]);
    expect(taken.legacy?.imported.rejectsBySource).toContainEqual({ source: 'cases', code: 'REFERENCE_MISSING', count: 6 });
  }, 240_000);

  test('a dump of a newer PostgreSQL is refused with both versions', async () => {
    const newer = await bench.put(
      'newer.sql',
      bench.dump.replace(/Dumped from database version 15/, 'Dumped from database version 99'),
    );
    const { exitCode, stderr } = await bench.restore(newer);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/DUMP_REFUSED: .* was dumped from PostgreSQL 99\.\d+, and the scratch server that reads it is 18/);
  });

  test('what a dump runs can not leave the scratch server', async () => {
    const marker = join(bench.folder, 'escaped');
    const evil = await bench.put(
      'evil.sql',
      bench.dump.replace(
        'COPY auth.users',
        () =>
          `DO $$ begin execute 'copy (select 1) to program ''touch ${marker}'''; end $$;\nCREATE EXTENSION file_fdw;\nSELECT pg_read_file('/etc/passwd');\n` +
          `ALTER ROLE dump_loader SUPERUSER;\nSET SESSION AUTHORIZATION postgres;\nCOPY auth.users`,
      ),
    );
    const { extraction } = await bench.report(evil);
    await expect(readFile(marker)).rejects.toThrow('ENOENT');
    expect(extraction?.load.failed.map(({ message }) => message)).toEqual([
      'permission denied to COPY to or from an external program',
      'permission denied for function pg_read_file',
    ]);
  }, 120_000);

  test('tables of neither system are refused by name', async () => {
    const { exitCode, stderr } = await bench.restore(
      await bench.put('other.sql', 'CREATE TABLE public.sheep (a int);\nRESET ALL;\n'),
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'The dump holds the tables public.sheep: neither a Bailiwick database nor a table of the legacy layout.',
    );
  }, 120_000);
});

describe('db restore from a folder of CSV files', () => {
  test('wants the name of the database typed back, and takes no schema alone', async () => {
    const bare = await db(['restore', csvFolder, ...bench.options], bench.env);
    expect(bare.exitCode).toBe(2);
    expect(bare.stderr).toContain(`add --confirm ${bench.database.name}`);
    const part = await bench.restore(csvFolder, '--schema', 'public');
    expect(part.exitCode).toBe(3);
    expect(part.stderr).toContain('--schema public is for databases that have schemas');
  }, 120_000);
});

describe('a restore that is broken off', () => {
  test('two at once: the second one is told who is at it', async () => {
    const first = startDb(['restore', fixture, ...bench.confirmed], bench.env);
    let stderr = '';
    first.child.stderr.on('data', (text: string) => (stderr += text));
    const deadline = performance.now() + 60_000;
    while (!stderr.includes('Starting a scratch server') && performance.now() < deadline) await pause(10);
    // However slow the machine is, the first one is still at it.
    first.child.kill('SIGSTOP');
    const second = await bench.restore(fixture);
    first.child.kill('SIGCONT');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/LOCK_HELD: The dump is being restored by another process, pid \d+/);
    expect((await first.ended).exitCode).toBe(0);
  }, 240_000);

  test('a work folder that can not be written is said, and nothing is changed', async () => {
    const file = await bench.put('a-file', 'x');
    const { exitCode, stderr } = await db(
      ['restore', fixture, '--confirm', bench.database.name, '--work', join(file, 'inner')],
      bench.env,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('RESTORE_FAILED');
  });
});
