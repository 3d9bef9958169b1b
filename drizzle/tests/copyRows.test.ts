import { CopyRows } from '@bailiwick/database/backup/copyRows';

/** A message of the protocol (PostgreSQL: "Message Formats"): code, length, content. */
function message(code: string, content: string): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(5);
  head.write(code);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

const numbers = ['9223372036854775807', '-9223372036854775808', '0', '-1', '1000000000', '-999999999', '42'];
const bodies = ['a,b\n', ',""\n', '"two\nlines",\n', 'x\n', '\\.\n', 'a\\.\n', '\n'];
const sent = Buffer.concat([
  message('H', '\0\0\x02\0\0\0\0'),
  message('d', 'share,one,"t,wo"\n'),
  message('N', 'SNOTICE\0\0'),
  ...numbers.map((number, i) => message('d', `${number},${bodies[i]}`)),
  message('S', 'TimeZone\0UTC\0'),
]);
const end = Buffer.concat([message('c', ''), message('C', 'COPY 7\0'), message('Z', 'T')]);
const expected = {
  text: `one,"t,wo"\n${bodies.join('').replace('\n\\.\n', '\n"\\."\n')}`,
  sum: String(numbers.reduce((sum, number) => sum + BigInt(number), 0n)),
  rows: 7,
};

function read(chunks: readonly Buffer[]) {
  const pieces: Buffer[] = [];
  const rows = new CopyRows((piece) => pieces.push(Buffer.from(piece)));
  const after: Buffer[] = [];
  for (const chunk of chunks) {
    if (after.length > 0) after.push(chunk);
    else after.push(...[rows.take(chunk)].filter((rest) => rest !== undefined));
  }
  const found = { text: Buffer.concat(pieces).toString('utf8'), sum: String(rows.sum), rows: rows.rows };
  return { ...found, after: Buffer.concat(after).toString('latin1') };
}

describe('the rows of a COPY', () => {
  test('are the same wherever the bytes are cut', () => {
    const all = Buffer.concat([sent, end]);
    const whole = { ...expected, after: end.toString('latin1') };
    expect(read([all])).toEqual(whole);
    for (let cut = 1; cut < all.length; cut++)
      expect([cut, read([all.subarray(0, cut), all.subarray(cut)])]).toEqual([cut, whole]);
    expect(read(Array.from(all, (byte) => Buffer.from([byte])))).toEqual(whole);
  });

  test('end where an error begins', () => {
    const error = message('E', 'SERROR\0C22012\0\0');
    expect(read([sent, error])).toEqual({ ...expected, after: error.toString('latin1') });
  });

  test('are added without a loss, a million of the largest', () => {
    const many = Buffer.concat(Array<Buffer>(1000).fill(message('d', '9223372036854775807,x\n')));
    const rows = new CopyRows(() => undefined);
    for (let i = 0; i < 1000; i++) rows.take(many);
    // The first was taken for the header.
    expect([rows.rows, rows.sum]).toEqual([999_999, 999_999n * 9223372036854775807n]);
  });
});
