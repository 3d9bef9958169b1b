import { AppError } from '@bailiwick/kernel/errors';
import { CsvScanner } from '@bailiwick/database/import/csvScanner';
import { parse } from 'csv-parse/sync';

/** The COPY lines that a CSV text becomes, read in chunks of so many bytes. */
function scan(csv: string | Buffer, fieldCount: number, options: { chunk?: number; delimiter?: string } = {}): string[] {
  const scanner = new CsvScanner({ file: 'test.csv', delimiter: options.delimiter ?? ',', fieldCount });
  const bytes = Buffer.from(csv as string);
  const size = options.chunk ?? bytes.length;
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(Buffer.from(scanner.push(bytes.subarray(at, at + size))));
  parts.push(scanner.end());
  return Buffer.concat(parts).toString().split('\n').slice(0, -1);
}

function refusal(csv: string | Buffer, fieldCount: number): string {
  try {
    scan(csv, fieldCount);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('SOURCE_INVALID');
    return (error as AppError).message;
  }
  throw new Error('It was not refused.');
}

/** A fixed sequence, the same every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('CsvScanner', () => {
  test('an unquoted empty field is NULL, a quoted one is the empty text', () => {
    expect(scan('a,b,c\n1,,""\n', 3)).toEqual(['2\t1\t\\N\t\t\\N']);
  });

  test('a value that looks like the mark of NULL stays what it is', () => {
    expect(scan('a,b\n\\N,"\\N"\n', 2)).toEqual(['2\t\\\\N\t\\\\N\t\\N']);
  });

  test('quotes, line breaks, tabs and backslashes within a value survive, and line numbers count the breaks', () => {
    expect(scan('a,b\n"x\ny","say ""hi"""\nt\tt,back\\slash\n', 2)).toEqual([
      '2\tx\\ny\tsay "hi"\t\\N',
      '4\tt\\tt\tback\\\\slash\t\\N',
    ]);
  });

  test('a byte order mark, CRLF, blank lines and a missing last newline make no difference', () => {
    expect(scan('\ufeffa,b\r\n1,2\r\n\r\n3,"4"', 2)).toEqual(['2\t1\t2\t\\N', '4\t3\t4\t\\N']);
  });

  test('a quote inside an unquoted value is a character like any other', () => {
    expect(scan('a,b\n5" pipe,x\n', 2)).toEqual(['2\t5" pipe\tx\t\\N']);
  });

  test('another delimiter makes commas part of the value', () => {
    expect(scan('a;b\n1,5;2\n', 2, { delimiter: ';' })).toEqual(['2\t1,5\t2\t\\N']);
  });

  test('rows of another length are marked, and empty surplus fields are not worth a word', () => {
    expect(scan('a,b\n1\n1,2,\n1,2,3\n', 2)).toEqual(['2\t1\t\\N\tshort 1', '3\t1\t2\t\\N', '4\t1\t2\tlong 3']);
  });

  test('bytes that are not UTF-8 are named by position and line', () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,caf'), Buffer.from([0xe9]), Buffer.from(',2\n')]);
    expect(refusal(bytes, 2)).toBe('test.csv is not UTF-8 text: byte 0xE9 at position 9 (line 2) is no part of a character.');
  });

  test('a character that the end of the file cuts in two is no UTF-8', () => {
    expect(refusal(Buffer.from('a\ncafé').subarray(0, -1), 1)).toMatch(/byte 0xC3 at position 5 \(line 2\)/);
  });

  test('a byte zero is refused, because no PostgreSQL text can hold it', () => {
    expect(refusal('a\nx\0y\n', 1)).toMatch(/byte 0x00 at position 3/);
  });

  test('a file that ends inside quotes is refused with the line where the record begins', () => {
    expect(refusal('a,b\n1,2\n3,"four\nfive\n', 2)).toBe(
      'test.csv ends inside a quoted value that begins in the record of line 3.',
    );
  });

  test('a file that ends within a record is refused as cut off', () => {
    expect(refusal('a,b,c\n1,2,3\n4,5', 3)).toBe(
      'test.csv is cut off: its last record, on line 3, has 2 of 3 fields and no end of line.',
    );
  });

  test('text after a closing quote is refused', () => {
    expect(refusal('a,b\n"one" two,3\n', 2)).toMatch(/text after a closing quote on line 2/);
  });

  test('reads a thousand made-up files as csv-parse does, however they are cut into chunks', () => {
    const next = random(42);
    const alphabet = ['a', 'é', '漢', '😀', ' ', ',', '"', '\n', '\r\n', '\t', '\\', '1', "'"];
    for (let file = 0; file < 1000; file++) {
      const width = 1 + Math.floor(next() * 4);
      const rows = Array.from({ length: 1 + Math.floor(next() * 5) }, () =>
        Array.from({ length: width }, () =>
          Array.from({ length: Math.floor(next() * 6) }, () => alphabet[Math.floor(next() * alphabet.length)]).join(''),
        ),
      );
      const csv = [Array.from({ length: width }, (_, i) => `h${i}`), ...rows]
        .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
        .join('\n');
      const expected = parse(csv, { from: 2 });
      const lines = scan(csv, width, { chunk: 1 + Math.floor(next() * 7) });
      const read = lines.map((line) => line.split('\t').slice(1, -1).map(unescaped));
      expect(read).toEqual(expected);
    }
  });
});

const unescaped = (field: string): string =>
  field.replace(/\\([\\ntr])/g, (_match, letter: string) => ({ '\\': '\\', n: '\n', t: '\t', r: '\r' })[letter] ?? '');
