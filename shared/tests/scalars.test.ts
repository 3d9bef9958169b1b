import { scalars } from '@bailiwick/kernel/graphql';
import { Kind } from 'graphql';

const { DateTime, Date: CalendarDay, Decimal, BigInt: WholeNumber } = scalars;

describe('DateTime', () => {
  test.each([
    ['2026-11-22 17:10:56.123456+00', '2026-11-22T17:10:56.123456Z'],
    ['2026-11-22 17:10:56.12+00', '2026-11-22T17:10:56.120000Z'],
    ['2026-11-22 17:10:56+00', '2026-11-22T17:10:56.000000Z'],
    ['2026-11-22 17:10:56+00:00', '2026-11-22T17:10:56.000000Z'],
  ])('gives "%s" of PostgreSQL out as %s, without losing a microsecond', (stored, shown) => {
    expect(DateTime.serialize(stored)).toBe(shown);
    expect(DateTime.parseValue(shown)).toBe(shown);
  });

  test.each(['2026-11-22T17:10Z', '2026-11-22T17:10:56+10:00', '2028-02-29T00:00:00Z', '2026-11-22T23:59:59.999999-03:30'])(
    'takes %s',
    (text) => expect(DateTime.parseValue(text)).toBe(text),
  );

  test.each([
    ...['2026-02-29T00:00:00Z', '2026-02-30T00:00:00Z', '2026-04-31T12:00:00Z', '2026-13-01T00:00:00Z', '0000-01-01T00:00:00Z'],
    ...[
      '2026-11-22T24:00:00Z',
      '2026-11-22T23:60:00Z',
      '2026-11-22T23:59:60Z',
      '2026-11-22T10:00:00+15:00',
      '2026-11-22T10:00:00.1234567Z',
    ],
    ...['2026-11-22', '2026-11-22 10:00:00Z', '2026-11-22T10:00:00', 'now', 'infinity', ''],
  ])('refuses "%s", and shows how it is written', (text) => {
    expect(() => DateTime.parseValue(text)).toThrow(
      `"${text}" is not a point in time. Write it like 2026-11-22T17:10:56Z (RFC 3339).`,
    );
  });
});

describe('Date', () => {
  test.each(['2026-11-22', '2028-02-29', '0001-01-01', '9999-12-31'])('takes %s', (text) => {
    expect(CalendarDay.parseValue(text)).toBe(text);
    expect(CalendarDay.serialize(text)).toBe(text);
  });

  test.each(['2026-02-29', '2026-02-30', '2026-00-01', '2026-1-1', '0000-01-01', '22.11.2026', '2026-11-22T00:00:00Z', ''])(
    'refuses "%s", which is no day',
    (text) =>
      expect(() => CalendarDay.parseValue(text)).toThrow(`"${text}" is not a day of the calendar. Write it like 2026-11-22.`),
  );
});

describe('Decimal and BigInt', () => {
  test.each(['0', '1200.50', '-0.5', '9999999999999999.99'])('an amount of %s keeps every digit', (text) => {
    expect(Decimal.parseValue(text)).toBe(text);
    expect(Decimal.serialize(text)).toBe(text);
  });

  test.each(['1.234', '1e3', 'NaN', '1,200', '.5', '12345678901234567'])('"%s" is not an amount', (text) => {
    expect(() => Decimal.parseValue(text)).toThrow(/is not an amount/);
  });

  test('a whole number beyond 32 bits keeps every digit', () => {
    expect(WholeNumber.serialize(9_007_199_254_740_993n)).toBe('9007199254740993');
    expect(WholeNumber.parseValue('9007199254740993')).toBe('9007199254740993');
    expect(() => WholeNumber.parseValue('1.5')).toThrow(/is not a whole number/);
  });
});

test.each(Object.values(scalars))('%s takes strings only, also in the text of an operation', (scalar) => {
  expect(() => scalar.parseValue(20_261_122)).toThrow('is written as a string, not as 20261122.');
  expect(() => scalar.parseValue({})).toThrow(/is written as a string/);
  expect(() => scalar.parseLiteral({ kind: Kind.INT, value: '5' }, {})).toThrow(/is written as a string/);
});
