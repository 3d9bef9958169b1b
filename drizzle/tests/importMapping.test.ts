import { readFileSync } from 'node:fs';
import type { AppError } from '@bailiwick/kernel/errors';
import { loadMapping, parseMapping, shippedMappings } from '@bailiwick/database/import/loadMapping';
import { rejectCodes } from '@bailiwick/database/import/rejectCodes';
import { progressLine, streamProgress } from '@bailiwick/database/import/progress';

function faults(text: string): string {
  try {
    parseMapping('test', text);
  } catch (error) {
    expect((error as AppError).code).toBe('MAPPING_INVALID');
    return (error as AppError).message;
  }
  throw new Error('It was not refused.');
}

describe('mapping files', () => {
  test.each(shippedMappings())('the shipped mapping %s is well formed', (name) => {
    expect(loadMapping(name).targets.length).toBeGreaterThan(0);
  });

  test('every fault is told at once, under the path of its key', () => {
    const message = faults(`
title: Faulty
sources: { people: { file: people.csv, delimeter: ';' } }
targets:
  - name: people
    table: people
    from: persons
    columns:
      full_name: { column: name, template: '{first}' }
      is_active: { column: active, repeats: sometimes }
`);
    expect(message).toContain('sources.people: Unrecognized key: "delimeter"');
    expect(message).toContain('targets.0.table: must name a table with its schema');
    expect(message).toContain('targets.0.feeds.0.columns.full_name: needs exactly one of column, template');
    expect(message).toContain('targets.0.feeds.0.columns.is_active.repeats');
  });

  test('a source that does not exist and a target without identity are faults', () => {
    const message = faults(`
title: Faulty
sources: { people: { file: people.csv } }
targets: [{ name: people, table: public.people, from: persons, columns: { full_name: name } }]
`);
    expect(message).toContain('targets.0.feeds.0.from: "persons" is none of the sources people');
    expect(message).toContain('targets.0.feeds.0: needs an id, or the target a key');
  });

  test('aliases that would become gigabytes are refused', () => {
    const layers = ['b', 'c', 'd', 'e'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[n]}`).join(', ')}]`);
    expect(faults(`a: &a [${Array(9).fill('x').join(', ')}]\n${layers.join('\n')}`)).toMatch(/alias/);
  });

  test('a name that every JavaScript object knows is no source, and a delimiter is one character of ASCII', () => {
    const mapping = (delimiter: string, from: string) => `
title: Faulty
sources: { people: { file: people.csv, delimiter: ${delimiter} } }
targets: [{ name: people, table: public.people, key: constructor, from: ${from}, columns: { full_name: name } }]
`;
    expect(faults(mapping("';'", 'toString'))).toContain('targets.0.feeds.0.from: "toString" is none of the sources people');
    expect(faults(mapping("';'", 'people'))).toContain('lacks the key column constructor');
    expect(faults(mapping('é', 'people'))).toContain('sources.people.delimiter: must be one character of ASCII');
    expect(faults(mapping(`'"'`, 'people'))).toContain('sources.people.delimiter: must not be the quote');
  });

  test("the operator's own schemas are no targets", () => {
    for (const table of ['identity.roles', 'guard.migrations', 'pg_catalog.pg_authid']) {
      const text = `title: T\nsources: { a: { file: a.csv } }\ntargets: [{ name: t, table: ${table}, key: name, from: a, columns: { name: n } }]`;
      expect(faults(text)).toContain('targets.0.table: must be a table of public, case_management or audit_system');
    }
  });

  test('a fault of YAML is told with its line', () => {
    expect(faults('title: [one\nsources: {}')).toMatch(/line 2/);
  });

  test('an unknown name is answered with the names that there are', () => {
    expect(() => loadMapping('us_agencies')).toThrow('There is no mapping "us_agencies".');
  });
});

describe('docs/import.md', () => {
  const page = readFileSync(new URL('../../docs/import.md', import.meta.url), 'utf8');

  test('its example is a mapping that can be read', () => {
    const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    expect(parseMapping('example', example).targets.map((target) => target.name)).toEqual(['divisions', 'staff']);
  });

  test('it lists the codes of rejects, each once, and every shipped mapping', () => {
    const codes = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(codes.sort()).toEqual(Object.keys(rejectCodes).sort());
    for (const name of shippedMappings()) expect(page).toContain(`| \`${name}\` |`);
  });
});

describe('progress', () => {
  test('the line shows share, rows per second and time left', () => {
    expect(progressLine({ step: 'Reading a.csv', total: 1000, done: 250, rows: 5000, milliseconds: 2000 })).toBe(
      'Reading a.csv [#####...............] 25 %, 5,000 rows, 2,500 rows/s, 6 s left',
    );
  });

  test('elsewhere than on a terminal a line comes every ten seconds, and one at the end', () => {
    let now = 0;
    const lines: string[] = [];
    const progress = streamProgress({ write: (text: string) => lines.push(text) }, () => now);
    progress.begin('Reading a.csv', 100);
    for (let i = 1; i <= 25; i++) {
      now = i * 1000;
      progress.advance(4, i * 10);
    }
    progress.end();
    expect(lines.map((line) => line.replace(/\[.*?\]/, '[]'))).toEqual([
      'Reading a.csv [] 40 %, 100 rows, 10 rows/s, 15 s left\n',
      'Reading a.csv [] 80 %, 200 rows, 10 rows/s, 5 s left\n',
      'Reading a.csv: 250 rows in 25.0 s, 10 rows/s\n',
    ]);
  });

  test('on a terminal one line is written over and over', () => {
    const written: string[] = [];
    const progress = streamProgress({ write: (text: string) => written.push(text), isTTY: true, columns: 60 }, () => 0);
    progress.begin('Reading a.csv', 100);
    progress.end();
    expect(written[0]).toMatch(/^\r\u001b\[KReading a\.csv \[/);
    expect(written.join('')).not.toMatch(/\n.*\[/);
  });
});
