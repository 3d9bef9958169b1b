import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { composeSupergraph } from '../src/compose/compose.js';
import { runCompose } from '../src/compose/run.js';
import { committedSupergraph } from '../src/supergraph.js';

const names = ['shared', 'case-management', 'audit'];

describe('composition', () => {
  let folder: string;
  const schemaOf = (name: string) => join(folder, name, 'schema.graphql');
  const edit = (name: string, from: string, to: string) => {
    const text = readFileSync(schemaOf(name), 'utf8');
    expect(text).toContain(from);
    writeFileSync(schemaOf(name), text.replace(from, to));
  };
  const compose = () => composeSupergraph(names.map((name) => ({ name, schemaFile: pathToFileURL(schemaOf(name)) })));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bailiwick-compose-'));
    for (const name of names) cpSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), schemaOf(name));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('the committed supergraph is what the three schemas compose to', () => {
    expect(readFileSync(committedSupergraph, 'utf8')).toBe(compose());
  });

  test('an unknown type is named with its subgraph, field and line', () => {
    edit('audit', 'reference: String', 'reference: Bogus');
    expect(compose).toThrow(/\[audit\] Unknown type Bogus \(subgraphs\/audit\/schema\.graphql, line \d+: Finding\.reference\)/);
  });

  test('a field that two subgraphs give different types is named with both', () => {
    edit(
      'audit',
      '  "The engagements the person leads."',
      '  "The name."\n  fullName: Int! @shareable\n  "The engagements the person leads."',
    );
    edit('shared', 'fullName: String!', 'fullName: String! @shareable');
    expect(compose).toThrow(/Person\.fullName.*(audit|shared).*(audit|shared)/s);
  });

  test('a syntax error is named with its subgraph and line', () => {
    edit('shared', 'type Mutation {', 'type Mutation {{');
    expect(compose).toThrow(/\[shared\] Syntax Error.*subgraphs\/shared\/schema\.graphql, line \d+/s);
  });

  test('a missing schema is named', () => {
    rmSync(schemaOf('audit'));
    expect(compose).toThrow(/schema of the subgraph audit can not be read/);
  });

  test('compose writes the supergraph, and --check finds drift and leaves the file alone', () => {
    const file = join(folder, 'supergraph.graphql');
    const args = ['--subgraphs', folder, '--out', file];
    expect(() => runCompose([...args, '--check'])).toThrow(
      expect.objectContaining({ code: 'SUPERGRAPH_STALE', exitCode: 1 }) as Error,
    );
    expect(runCompose(args)).toContain('Composed shared, case-management, audit');
    expect(runCompose([...args, '--check'])).toContain('is what the three subgraph schemas compose to');
    const before = readFileSync(file, 'utf8');
    edit('audit', 'reference: String', 'reference: ID');
    expect(() => runCompose([...args, '--check'])).toThrow(
      expect.objectContaining({
        code: 'SUPERGRAPH_STALE',
        message: expect.stringMatching(/first at line \d+/) as string,
      }) as Error,
    );
    edit('audit', 'reference: ID', 'reference: Bogus');
    expect(() => runCompose(args)).toThrow(expect.objectContaining({ code: 'COMPOSITION_FAILED', exitCode: 1 }) as Error);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('an unknown option is refused with the usage', () => {
    expect(() => runCompose(['--chek'])).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        hint: expect.stringContaining('Usage: npm run compose') as string,
      }) as Error,
    );
  });
});
