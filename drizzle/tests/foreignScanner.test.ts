import { createRandom } from '@bailiwick/database/sample/random';
import { DumpScanner } from '@bailiwick/database/foreign/scanner';
import type { DumpPart } from '@bailiwick/database/foreign/scanner';

/** Cuts a text in pieces of the given size, and joins rows that belong to one block, so that the size does not show. */
function scan(text: string | Buffer, size = Number.MAX_SAFE_INTEGER): DumpPart[] {
  const bytes = Buffer.from(text as string);
  const scanner = new DumpScanner();
  const parts: DumpPart[] = [];
  const take = (part: DumpPart): void => {
    const last = parts.at(-1);
    if (part.kind === 'rows' && last?.kind === 'rows') {
      parts[parts.length - 1] = { kind: 'rows', bytes: Buffer.concat([last.bytes, part.bytes]), lines: last.lines + part.lines };
    } else parts.push(part);
  };
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size)).forEach(take);
  scanner.end().forEach(take);
  return parts;
}

const texts = (parts: DumpPart[]): string[] => parts.map((part) => ('text' in part ? part.text : part.kind));

const hard = `-- PostgreSQL database dump
/* a /* nested ; */ comment; */
SET standard_conforming_strings = on;
INSERT INTO t VALUES ('a;b', 'it''s \\', E'it\\'s ; ''x', U&'d\\0061t', $1, 'ä');
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$ begin return '; $$ $bod$'; end $body$;
CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);
CREATE TABLE "odd;name" ("a""b" int, a$b$c int) -- ; not an end
;
COPY public.t (a, "b from stdin") FROM stdin;
1\t\\.
\\.x
2\t-- no comment; '
\\\\.
\\.

COPY empty (a) FROM stdin;
\\.
\\connect -reuse-previous=on "dbname='my db'"
SELECT 1;
-- PostgreSQL database dump complete
`;

describe('DumpScanner', () => {
  test('cuts where psql cuts', () => {
    const parts = scan(hard);
    expect(texts(parts)).toEqual([
      'PostgreSQL database dump',
      'SET standard_conforming_strings = on;',
      expect.stringContaining("E'it\\'s ; ''x'"),
      expect.stringContaining('$body$;'),
      expect.stringContaining('SELECT 2; END;'),
      expect.stringContaining('(SELECT 1; SELECT 2);'),
      expect.stringContaining('"odd;name"'),
      'COPY public.t (a, "b from stdin") FROM stdin;',
      'rows',
      'copyEnd',
      'COPY empty (a) FROM stdin;',
      'copyEnd',
      `\\connect -reuse-previous=on "dbname='my db'"`,
      'SELECT 1;',
      'PostgreSQL database dump complete',
    ]);
    const rows = parts.find((part) => part.kind === 'rows');
    expect(rows).toMatchObject({ lines: 4 });
    expect(rows?.kind === 'rows' && rows.bytes.toString()).toBe("1\t\\.\n\\.x\n2\t-- no comment; '\n\\\\.\n");
  });

  test('tells the line of each part', () => {
    const lines = hard.split('\n');
    for (const part of scan(hard)) {
      if (part.kind !== 'statement' && part.kind !== 'copy' && part.kind !== 'meta') continue;
      expect(lines[part.line - 1]).toContain(Buffer.from(part.text, 'latin1').toString().split('\n')[0]);
    }
  });

  test.each([1, 2, 3, 5, 7, 64])('pieces of %i bytes give the same parts', (size) => {
    expect(scan(hard, size)).toEqual(scan(hard));
    const windows = hard.replaceAll('\n', '\r\n');
    expect(scan(windows, size)).toEqual(scan(windows));
  });

  test('random texts of awkward signs give the same parts, whole or in pieces', () => {
    const signs = [
      "'",
      '"',
      '$',
      '$a$',
      '$$',
      ';',
      '(',
      ')',
      '--',
      '/*',
      '*/',
      '\\.',
      '\n',
      "E'",
      '\\',
      'x',
      ' ',
      'COPY t FROM stdin;\n',
      '\n\\.\n',
    ];
    const random = createRandom('awkward signs');
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: random.integer(1, 60) }, () => random.pick(signs)).join('');
      const whole = scan(text);
      for (const size of [1, random.integer(2, 8)]) expect({ text, parts: scan(text, size) }).toEqual({ text, parts: whole });
    }
  });

  test('old dumps with standard_conforming_strings off escape in plain quotes', () => {
    expect(texts(scan(`SET standard_conforming_strings = off;\nINSERT INTO t VALUES ('it\\'s ; x');\nSELECT 1;\n`))).toHaveLength(
      3,
    );
  });

  test('says where a file is cut off', () => {
    expect(scan('CREATE TABLE t (a in').at(-1)).toMatchObject({ kind: 'cutOff', line: 1 });
    expect(scan("SELECT 1;\nSELECT 'no end").at(-1)).toMatchObject({ kind: 'cutOff', line: 2 });
    const copy = scan('COPY t (a) FROM stdin;\n1\n2\n3 of which the e');
    expect(copy.at(-1)).toMatchObject({ kind: 'copyEnd', isWhole: false });
    expect(copy.at(-2)).toMatchObject({ kind: 'rows', lines: 2 });
  });

  test('holds no more than a line or a statement, however long the rows are', () => {
    const scanner = new DumpScanner();
    scanner.push(Buffer.from('COPY t (a) FROM stdin;\n'));
    const piece = Buffer.from('some text of a row\n'.repeat(10_000));
    for (let i = 0; i < 50; i++) {
      scanner.push(piece);
      expect(scanner.heldBytes).toBeLessThan(100);
    }
    scanner.push(Buffer.from('\\.\n'));
    const statements = Buffer.from("INSERT INTO t VALUES ('some text of a row');\n".repeat(5_000));
    for (let i = 0; i < 20; i++) {
      scanner.push(statements.subarray(i));
      expect(scanner.heldBytes).toBeLessThan(100);
    }
  });
});
