import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { createTestDatabase } from './support/database.js';
import type { TestDatabase } from './support/database.js';
import { seed } from './support/seed.js';
import type { Seed } from './support/seed.js';
import { startService } from './support/serviceProcess.js';
import type { ServiceProcess } from './support/serviceProcess.js';
import { createTestIssuer } from './support/tokens.js';
import type { TestIssuer } from './support/tokens.js';

// docs/adding.md shows three changes as diffs. Here they are applied to a copy of the project, and run.

const project = fileURLToPath(new URL('..', import.meta.url));
const team = 'subgraphs/case-management';
const execute = promisify(execFile);

let copy: string;
/** The files that the diffs of the page change. */
let written: string[];
let database: TestDatabase;
let rows: Seed;
let issuer: TestIssuer;
let service: ServiceProcess;

beforeAll(async () => {
  copy = copyProject();
  written = await applyPage();
  await run('npm', ['run', 'codegen']);
  await run('npm', ['run', 'compose']);

  database = await createTestDatabase();
  await migrateDatabase({
    operatorUrl: database.operatorUrl,
    credentials: database.credentials,
    folder: join(copy, 'drizzle/migrations'),
    backupFolder: join(copy, 'backups'),
  });
  rows = await seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .person('assigned lawyer', { roles: ['Lawyer'] })
    .person('auditor', { roles: ['Auditor'] })
    .legalCase('open', { presidingJudge: 'Kariko' })
    .legalCase('secret', { isRestricted: true })
    .assign('secret', 'assigned lawyer')
    .onCase('case_notes', 'open', 'plain note', { body: 'Plain' })
    .onCase('case_notes', 'secret', 'secret note', { body: 'Secret' })
    .write();
  issuer = await createTestIssuer();
  service = await startService(pathToFileURL(join(copy, team, 'src/main.ts')), {
    BAILIWICK_DATABASE_URL: database.urlOf('case_management_app'),
    BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem,
    BAILIWICK_PORT: '0',
  });
}, 120_000);

afterAll(async () => {
  await service?.end();
  await database?.drop();
  rmSync(copy, { recursive: true, force: true });
});

test('a team touches its own folder, its migrations, and what is generated', () => {
  expect(written.length).toBeGreaterThan(10);
  const outside = written.filter((file) => !file.startsWith(`${team}/`));
  expect(outside).toEqual(outside.filter((file) => /^drizzle\/migrations\/\d{3}_case_management_\w+\.sql$/.test(file)));
  expect(changedFiles().filter((file) => !written.includes(file))).toEqual([
    'gateway/supergraph.graphql',
    `${team}/src/__generated__/resolverMap.ts`,
    `${team}/src/__generated__/resolvers.ts`,
  ]);
});

test('the field of the new column answers with its value', async () => {
  const query = 'query ($id: ID!) { legalCase(id: $id) { presidingJudge } }';
  expect(await ask('lawyer', query, { id: rows.id('open') })).toEqual({ legalCase: { presidingJudge: 'Kariko' } });
});

test.each([
  ['assigned lawyer', ['Plain', 'Secret']],
  ['lawyer', ['Plain']],
  ['auditor', []],
])('the connection of the new entity answers %s with what they may see', async (who, bodies) => {
  const query = '{ caseNotes(first: 5, orderBy: CREATED_AT_ASC) { totalCount nodes { body } } }';
  const nodes = bodies.map((body) => ({ body }));
  expect(await ask(who, query)).toEqual({ caseNotes: { totalCount: bodies.length, nodes } });
});

test('the new entity is read by its id, by those who may see it', async () => {
  const query = 'query ($id: ID!) { caseNote(id: $id) { body legalCase { title } } }';
  const variables = { id: rows.id('secret note') };
  expect(await ask('assigned lawyer', query, variables)).toEqual({
    caseNote: { body: 'Secret', legalCase: { title: 'secret' } },
  });
  expect(await ask('lawyer', query, variables)).toEqual({ caseNote: null });
});

test('the new mutation writes for those who may, and refuses the others', async () => {
  const mutation = `mutation ($input: AddCaseNoteInput!) {
    addCaseNote(input: $input) { caseNote { body version } userErrors { code } }
  }`;
  const variables = { input: { legalCaseId: rows.id('open'), body: 'Called the registry.' } };
  expect(await ask('lawyer', mutation, variables)).toEqual({
    addCaseNote: { caseNote: { body: 'Called the registry.', version: 1 }, userErrors: [] },
  });
  expect(await ask('auditor', mutation, variables)).toEqual({
    addCaseNote: { caseNote: null, userErrors: [{ code: 'FORBIDDEN' }] },
  });
});

test("the tests of the page pass, and those of every team's resolvers, columns and row policies", async () => {
  const held = [`${team}/tests/resolvers`, 'tests/drift', 'drizzle/tests/policies.test', 'drizzle/tests/policiesRestricted'];
  await run('npm', ['test', '--', 'caseNotes', 'addCaseNote', ...held]);
}, 120_000);

async function ask(who: string, query: string, variables = {}): Promise<unknown> {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.tokenFor(rows.id(who))}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** Copies the project without what is installed and built. The packages of the copy are links to those of the project. */
function copyProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bailiwick-adding-')));
  cpSync(project, folder, { recursive: true, filter: (source) => isSource(relative(project, source)) });
  for (const workspace of ['.', 'shared', 'gateway', 'drizzle', 'start', 'subgraphs/shared', team, 'subgraphs/audit'])
    linkPackages(folder, join(workspace, 'node_modules'));
  return folder;
}

function linkPackages(folder: string, packages: string): void {
  if (!existsSync(join(project, packages))) return;
  const entries = readdirSync(join(project, packages), { withFileTypes: true });
  mkdirSync(join(folder, packages));
  for (const { name } of entries) {
    // The workspaces are links relative to the project: copied, they lead to the folders of the copy.
    if (name === '@bailiwick')
      cpSync(join(project, packages, name), join(folder, packages, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(project, packages, name), join(folder, packages, name));
  }
}

function isSource(path: string): boolean {
  return !path.split('/').some((name) => ['.git', '.bailiwick', 'node_modules', 'dist', 'coverage'].includes(name));
}

/** Applies the diffs of the page in their order. Returns the paths of the files that they change. */
async function applyPage(): Promise<string[]> {
  const page = readFileSync(join(project, 'docs/adding.md'), 'utf8');
  const diffs = Array.from(page.matchAll(/^```diff\n(.+?)^```$/gms), ([, diff]) => diff!);
  let number = readdirSync(join(project, 'drizzle/migrations')).filter((name) => name.endsWith('.sql')).length;
  const paths: string[] = [];
  for (const diff of diffs) {
    const numbered = diff.replace(/(?<=\/)NNN(?=_)/, () => String(++number).padStart(3, '0'));
    paths.push(/^\+\+\+ b\/(.+)$/m.exec(numbered)![1]!);
    const applied = run('git', ['apply', '--verbose', '-']);
    applied.child.stdin!.end(numbered);
    await applied;
  }
  return paths;
}

/** The files of the copy that differ from those of the project, sorted. */
function changedFiles(): string[] {
  const files = readdirSync(copy, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(copy, join(entry.parentPath, entry.name)));
  return files.filter((file) => isSource(file) && textOf(project, file) !== textOf(copy, file)).sort();
}

function textOf(folder: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** Runs a command in the copy. Throws with its output where it fails. */
function run(command: string, args: string[]) {
  const environment = Object.entries(process.env).filter(([name]) => !/^(JEST_|npm_|BAILIWICK_)/.test(name));
  return execute(command, args, { cwd: copy, env: Object.fromEntries(environment) });
}
