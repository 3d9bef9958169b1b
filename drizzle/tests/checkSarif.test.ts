import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { checkFiles } from '@bailiwick/database/check/checkFile';
import { asSarif } from '@bailiwick/database/check/sarif';
import { runProgram } from '@bailiwick/database/program';
import { Ajv } from 'ajv';

/** The schema of the SARIF 2.1.0 standard. It is written in draft 4, of which it uses nothing that Ajv reads otherwise than draft 7 but its id. */
async function validator() {
  const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { id, $schema, ...schema } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  expect([id, $schema]).toEqual([expect.stringContaining('sarif-2.1.0-rtm.5.json'), 'http://json-schema.org/draft-04/schema#']);
  const isReference = (text: string) => URL.canParse(text, 'file:///folder/') && !/[\s"<>\\^`{|}]|%(?![\dA-Fa-f]{2})/.test(text);
  return new Ajv({
    strict: false,
    allErrors: true,
    // One of its patterns (of a language) has a bracket too many, which only the older syntax of patterns takes.
    unicodeRegExp: false,
    formats: {
      uri: (text: string) => URL.canParse(text) && isReference(text),
      'uri-reference': isReference,
      'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
    },
  }).compile(schema);
}

const sources = Object.entries({
  // One for each way in which a finding can look: of each, the schema wants another part of the log to be right.
  'drizzle/migrations/904_case_management_finding.sql': '-- Ümläut 🎉\n\tselect 1; drop schema public cascade;\n',
  '/tmp/a folder/905_case_management_100%_"quoted".sql': 'truncate case_management.parties;',
  '906_case_management_lifted.sql':
    '-- lift: truncate because the table only holds what a view can make again\ntruncate case_management.parties;',
  '907_case_management_broken.sql': 'selekt 1;',
  '908_case_management_clean.sql': 'select 1;',
}).map(([path, sql]) => ({ path, name: path.split('/').at(-1)!, sql, checksum: '0'.repeat(64) }));

describe('db check --format sarif', () => {
  test('holds to the schema of SARIF 2.1.0 for findings, lifts, files that do not parse and strange names', async () => {
    const validate = await validator();
    const log = asSarif(await checkFiles(sources, [])) as { runs: { results: { suppressions?: object }[] }[] };
    validate(log);
    expect(validate.errors).toBeNull();
    expect(log.runs[0]!.results.length).toBeGreaterThan(3);
    expect(log.runs[0]!.results.some(({ suppressions }) => suppressions)).toBe(true);
  });

  test('is not held for right when it is wrong', async () => {
    const validate = await validator();
    const good = JSON.stringify(asSarif(await checkFiles(sources, [])));
    const wrong = (change: (run: ReturnType<typeof JSON.parse>) => void) => {
      const log = JSON.parse(good);
      change(log.runs[0]);
      return validate(log);
    };
    expect(wrong(() => undefined)).toBe(true);
    expect(wrong((run) => (run.results[0].level = 'fatal'))).toBe(false);
    expect(wrong((run) => (run.results[0].line = 1))).toBe(false);
    expect(wrong((run) => (run.results[0].locations[0].physicalLocation.region.startLine = 0))).toBe(false);
    expect(wrong((run) => (run.results[0].locations[0].physicalLocation.artifactLocation.uri = 'a file.sql'))).toBe(false);
    expect(wrong((run) => delete run.tool.driver.name)).toBe(false);
    expect(wrong((run) => (run.columnKind = 'bytes'))).toBe(false);
  });

  test('prints the whole catalogue of migrations as such a log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-sarif-'));
    await writeFile(join(folder, '909_audit_system_drop.sql'), 'drop table audit_system.findings;');
    let stdout = '';
    const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
    const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const args = ['check', '--format', 'sarif', '--data-dir', join(folder, 'none')];
      for (const [files, exitCode] of [[[], 0] as const, [[folder], 2] as const]) {
        stdout = '';
        expect(await runProgram([...args, ...files])).toBe(exitCode);
        const validate = await validator();
        validate(JSON.parse(stdout));
        expect(validate.errors).toBeNull();
      }
    } finally {
      out.mockRestore();
      err.mockRestore();
      await rm(folder, { recursive: true });
    }
  });
});
