import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Ownership } from '@bailiwick/database/owners/ownership';
import { picture } from '@bailiwick/database/owners/picture';
import { readOwnership } from '@bailiwick/database/owners/readOwnership';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

let database: TestDatabase;
let folder: string;
let file: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-owners-'));
  file = join(folder, 'ownership.md');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function owners(url: string, ...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = url;
  try {
    return { exitCode: await runProgram(['owners', '--data-dir', join(folder, 'none'), ...args]), stdout, stderr };
  } finally {
    delete process.env.DATABASE_URL;
    if (before !== undefined) process.env.DATABASE_URL = before;
    out.mockRestore();
    err.mockRestore();
  }
}

const change = async (sql: string): Promise<unknown> =>
  withSession(database.operatorUrl, 'tests', async (client) => client.query(sql));
const ownership = async (): Promise<Ownership> =>
  withSession(database.operatorUrl, 'tests', async (client) => readOwnership(client, database.operatorUrl));

describe('npm run db -- owners', () => {
  test('writes the page, and finds it as the database is', async () => {
    expect((await owners(database.operatorUrl, '--to', file)).exitCode).toBe(0);
    const { exitCode, stdout } = await owners(database.operatorUrl, '--check', '--to', file);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/is as the database is: \d+ tables\.\n$/),
    });
    expect(await readdir(folder)).toEqual(['ownership.md']);
  });

  // Whatever changes who may do what must show. Each is taken back, so that the next is seen alone.
  test.each([
    [
      'a privilege',
      'grant select on public.people to case_management_app',
      'revoke select on public.people from case_management_app',
    ],
    [
      'a privilege on a column',
      'grant update (name) on public.org_units to audit_system_app',
      'revoke update (name) on public.org_units from audit_system_app',
    ],
    [
      'a policy',
      `alter policy people_read on public.people using (true)`,
      `alter policy people_read on public.people using ((select identity.may('shared_tables', 'read')))`,
    ],
    [
      'row security',
      'alter table guard.log_seal enable row level security',
      'alter table guard.log_seal disable row level security',
    ],
    [
      'the owner of a function',
      'alter function identity.may_by_tables(text, text) security invoker',
      'alter function identity.may_by_tables(text, text) security definer',
    ],
    [
      'a limit of the guard',
      `update guard.mass_change_limits set most_rows = 999 where schema_name = '*'`,
      `update guard.mass_change_limits set most_rows = 1000 where schema_name = '*'`,
    ],
    ['a new table', 'create table audit_system.fresh (id uuid primary key)', undefined],
  ])('says which line is stale after a change of %s, and leaves the page alone', async (_what, sql, back) => {
    const before = await readFile(file, 'utf8');
    await allowed(sql);
    const { exitCode, stdout, stderr } = await owners(database.operatorUrl, '--check', '--to', file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /PAGE_STALE: .+ is not as database \w+ is\. Line \d+ says .+, and should be .+\.\nHint: Make it anew with npm run db -- owners/s,
    );
    expect(await readFile(file, 'utf8')).toBe(before);
    if (back !== undefined) {
      await allowed(back);
      expect((await owners(database.operatorUrl, '--check', '--to', file)).exitCode).toBe(0);
    }
  });

  test('says so when there is no page to check, and when none can be written', async () => {
    const missing = await owners(database.operatorUrl, '--check', '--to', join(folder, 'missing.md'));
    expect({ ...missing, stdout: '' }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('missing.md is not there.'),
    });
    const nowhere = await owners(database.operatorUrl, '--to', join(folder, 'nowhere', 'page.md'));
    expect(nowhere).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('its folder does not exist') });
    expect(await owners(database.operatorUrl, '--to', folder)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('it is a folder'),
    });
    expect(await readdir(folder)).toEqual(['ownership.md']);
  });

  test('--json prints what the page is made of, and writes none', async () => {
    const { exitCode, stdout } = await owners(database.operatorUrl, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(await ownership())));
  });

  test('a team that deploys alone is told whose work this is, and an empty database what comes first', async () => {
    const deployer = await owners(database.urlOf('audit_system_deployer'), '--to', file);
    expect(deployer).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('PRIVILEGE_MISSING: Role audit_system_deployer'),
    });
    const empty = await createEmptyDatabase();
    try {
      expect(await owners(empty.operatorUrl, '--to', file)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('DATABASE_NOT_INITIALISED'),
      });
    } finally {
      await empty.drop();
    }
  });
});

describe('what the page is made of', () => {
  test('the privileges are those that PostgreSQL grants', async () => {
    const { roles, tables } = await ownership();
    const { rows } = await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query<{ role: string; relation: string; privilege: string }>(
        `select r.role, t.relation, p.privilege from unnest($1::text[]) r (role), unnest($2::text[]) t (relation),
           unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p (privilege)
         where has_table_privilege(r.role, t.relation, p.privilege)
           and not exists (select from pg_class c where c.oid = t.relation::regclass and c.relowner::regrole::text = r.role)`,
        [
          roles.map(({ name }) => name).filter((name) => !/_deployer$|backup_reader/.test(name)),
          tables.map(({ schema, name }) => `${schema}.${name}`),
        ],
      ),
    );
    const granted = tables.flatMap(({ schema, name, grants }) =>
      grants.flatMap(({ role, may }) =>
        may
          .filter((privilege) => !privilege.includes('('))
          .map((privilege) => ({ role, relation: `${schema}.${name}`, privilege })),
      ),
    );
    const sorted = (list: object[]) => list.map((one) => JSON.stringify(one)).sort();
    expect(sorted(granted)).toEqual(sorted(rows));
  });

  test('the picture has each table once, in the box of its schema, and an arrow for each pair that a foreign key connects', async () => {
    const found = await ownership();
    const lines = picture(found).split('\n');
    const nodes = new Map<string, string>();
    let box = '';
    for (const line of lines) {
      box = /^ {2}subgraph box_(\w+)\["/.exec(line)?.[1] ?? (line === '  end' ? '' : box);
      const [, node, label] = /^ {4}(\w+)\["(\w+)"\]$/.exec(line) ?? [];
      if (node === undefined) continue;
      expect(nodes.has(node)).toBe(false);
      nodes.set(node, `${box}.${label}`);
    }
    expect([...nodes.values()].sort()).toEqual(found.tables.map(({ schema, name }) => `${schema}.${name}`).sort());
    const arrows = lines.flatMap((line) => {
      const [, from, arrow, to] = /^ {2}(\w+) (-->|==>) (\w+)$/.exec(line) ?? [];
      return from === undefined ? [] : [`${nodes.get(from)} ${arrow} ${nodes.get(to!)}`];
    });
    const keys = found.tables.flatMap(({ schema, name, foreignKeys }) =>
      foreignKeys.map((key) => `${schema}.${name} ${key.toSchema === schema ? '-->' : '==>'} ${key.toSchema}.${key.toTable}`),
    );
    expect(arrows.sort()).toEqual([...new Set(keys)].sort());
    // Between the two systems there is none.
    expect(arrows.filter((arrow) => /case_management\..* audit_system\.|audit_system\..* case_management\./.test(arrow))).toEqual(
      [],
    );
  });

  test('no name breaks the picture', () => {
    const table = { schema: 'public', name: 'end "x"|', foreignKeys: [] } as unknown as Ownership['tables'][number];
    const drawn = picture({ schemas: [{ name: 'public', owner: 'o', team: 't' }], tables: [table] } as unknown as Ownership);
    expect(drawn).toContain('    public__end_20__22_x_22__7c_["end #quot;x#quot;|"]');
  });
});

/** The guard refuses to weaken what protects the data; an operator approves it. */
async function allowed(sql: string): Promise<void> {
  await change(`insert into guard.approvals (statement, because) values ($bailiwick$${sql}$bailiwick$, 'a test')`);
  await change(sql);
}
