import { AppError } from '@bailiwick/kernel/errors';
import { parsePageArguments } from '@bailiwick/kernel/pagination';
import { decodeCursor, encodeCursor } from '../src/pagination/cursor.js';
import type { CursorScope } from '../src/pagination/cursor.js';

const key = 'a key of the tests';
const scope: CursorScope = { connection: 'things', order: 'NAME_ASC', filter: { kind: ['b', 'a'], text: 'x' } };
const position = {
  values: ['2026-11-22 17:10:56.123456+00', 'Ökologie "quoted", 100%'],
  id: '0193a5c4-0000-7000-8000-000000000001',
};
const cursor = encodeCursor(key, scope, position);

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('decodeCursor', () => {
  test('gives back the position to the microsecond, and every character of a text', () => {
    expect(decodeCursor(key, scope, cursor, 'after')).toEqual(position);
    expect(cursor).toMatch(/^[\w-]+$/);
  });

  test.each([
    ['another order of the filter fields', { kind: ['b', 'a'], text: 'x' }, { text: 'x', kind: ['b', 'a'] }],
    ['null for what is left out', { text: 'x' }, { text: 'x', kind: null }],
    ['an empty filter for none', undefined, {}],
    ['null for none', undefined, null],
  ])('takes %s as the same filter', (_what, made, read) => {
    const other = encodeCursor(key, { ...scope, filter: made }, position);
    expect(decodeCursor(key, { ...scope, filter: read }, other, 'after')).toEqual(position);
  });

  test.each([
    ['another value', { text: 'y' }],
    ['a field more', { text: 'x', kind: ['a'] }],
    ['another order of a list', { kind: ['a', 'b'], text: 'x' }],
    ['false for null', { isActive: false }],
  ])('takes %s as another filter', (_what, filter) => {
    const made = { text: 'x' };
    const other = encodeCursor(key, { ...scope, filter: made }, position);
    expect(refusal(() => decodeCursor(key, { ...scope, filter }, other, 'after')).message).toBe(
      'The cursor was made under another filter.',
    );
  });

  test('the same position has the same cursor, and nothing of a position is read without the key', () => {
    expect(encodeCursor(key, scope, position)).toBe(cursor);
    const bytes = Buffer.from(cursor, 'base64url').toString('latin1');
    for (const told of ['2026', 'quoted', 'things', 'NAME_ASC', position.id]) expect(bytes).not.toContain(told);
    // A known position would uncover another one where two shared a nonce.
    const other = encodeCursor(key, scope, { ...position, id: position.id.replace(/1$/, '2') });
    expect(other.slice(0, 16)).not.toBe(cursor.slice(0, 16));
  });

  test('another spelling of the same bytes is not accepted', () => {
    expect(refusal(() => decodeCursor(key, scope, `${cursor}=`, 'after')).code).toBe('BAD_CURSOR');
  });

  test('no single changed character is accepted', () => {
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(refusal(() => decodeCursor(key, scope, changed, 'after')).code).toBe('BAD_CURSOR');
    }
  });

  test.each(['', '.', 'x', `${cursor}.more`.slice(0, 5), 'x'.repeat(5_000), '💥.💥'])('"%.20s" is not a cursor', (made) => {
    const error = refusal(() => decodeCursor(key, scope, made, 'before'));
    expect(error).toMatchObject({ code: 'BAD_CURSOR', field: 'before', hint: expect.stringContaining('"before"') });
    expect(error.message.length).toBeLessThan(150);
  });

  test('another key, connection or order is told as what it is', () => {
    expect(refusal(() => decodeCursor('other', scope, cursor, 'after')).message).toMatch(/was not made by this server/);
    expect(refusal(() => decodeCursor(key, { ...scope, connection: 'others' }, cursor, 'after')).message).toBe(
      'The cursor belongs to things, not to others.',
    );
    expect(refusal(() => decodeCursor(key, { ...scope, order: 'NAME_DESC' }, cursor, 'after')).message).toBe(
      'The cursor was made for the order NAME_ASC, not for NAME_DESC.',
    );
  });
});

describe('parsePageArguments', () => {
  test.each([
    [{}, { direction: 'forward', size: 20, cursor: undefined, cursorField: 'after' }],
    [
      { first: null, after: null, last: null, before: null },
      { direction: 'forward', size: 20, cursor: undefined, cursorField: 'after' },
    ],
    [{ first: 1 }, { direction: 'forward', size: 1, cursor: undefined, cursorField: 'after' }],
    [
      { first: 100, after: 'c' },
      { direction: 'forward', size: 100, cursor: 'c', cursorField: 'after' },
    ],
    [{ after: 'c' }, { direction: 'forward', size: 20, cursor: 'c', cursorField: 'after' }],
    [
      { last: 7, before: 'c' },
      { direction: 'backward', size: 7, cursor: 'c', cursorField: 'before' },
    ],
    [{ first: 0 }, { direction: 'forward', size: 0, cursor: undefined, cursorField: 'after' }],
    [{ last: 0 }, { direction: 'backward', size: 0, cursor: undefined, cursorField: 'before' }],
    [{ last: 7 }, { direction: 'backward', size: 7, cursor: undefined, cursorField: 'before' }],
  ])('%j is %j', (given, page) => {
    expect(parsePageArguments(given)).toEqual(page);
  });

  test.each([
    [{ first: -1 }, 'PAGE_TOO_LARGE', 'first'],
    [{ first: 101 }, 'PAGE_TOO_LARGE', 'first'],
    [{ last: -1 }, 'PAGE_TOO_LARGE', 'last'],
    [{ first: 1, last: 1 }, 'BAD_USER_INPUT', 'last'],
    [{ before: 'c' }, 'BAD_USER_INPUT', 'before'],
    [{ first: 1, before: 'c' }, 'BAD_USER_INPUT', 'before'],
    [{ last: 1, after: 'c' }, 'BAD_USER_INPUT', 'after'],
  ])('%j is refused with %s', (given, code, field) => {
    expect(refusal(() => parsePageArguments(given))).toMatchObject({ code, field, hint: expect.any(String) });
  });
});
