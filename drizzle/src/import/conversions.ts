import { quoteText } from './sql.js';

/**
 * How a text becomes a value of a column's type. PostgreSQL 15 has no cast that fails softly, so each text is held against the type's form first;
 * `sql` gives NULL for what does not fit, and `expects` says in words what would.
 */
export interface Conversion {
  sql: (text: string) => string;
  expects: string;
}

/**
 * The forms are loose and the bounds are tested apart: PostgreSQL builds the states of a pattern anew for every row, and `\d{4}-(0[1-9]|1[0-2])`
 * costs five times as much as `\d+-\d+` with two comparisons.
 */
const dateForm = '^\\d+-\\d+-\\d+$';
const timestampForm = '^\\d+-\\d+-\\d+([ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?( ?(Z|z|UTC|[+-](0\\d|1[0-5])(:?[0-5]\\d)?))?)?$';

const within = (text: string, from: number, min: string, max: string): string =>
  `substr(${text}, ${from}, 2) collate "C" between '${min}' and '${max}'`;

/** Year, month and day of `2024-02-29…` exist. Days 1 to 28 are in every month; the last days are counted. */
const isDay = (text: string): string =>
  `(left(${text}, 4) collate "C" >= '0001' and ${within(text, 6, '01', '12')} and ${within(text, 9, '01', '31')}
    and case when substr(${text}, 9, 2) collate "C" <= '28' then true
      else substr(${text}, 9, 2)::int <= extract(day from make_date(left(${text}, 4)::int, substr(${text}, 6, 2)::int, 1) + interval '1 month' - interval '1 day') end)`;

const isDate = (text: string): string =>
  `case when ${text} like '____-__-__' and ${text} ~ ${quoteText(dateForm)} then ${isDay(text)} else false end`;

const isTimestamp = (text: string): string =>
  `case when length(${text}) between 10 and 40 and ${text} like '____-__-__%' and ${text} ~ ${quoteText(timestampForm)} then ${isDay(text)}
    and (length(${text}) = 10 or (${within(text, 12, '00', '23')} and ${within(text, 15, '00', '59')}
      and (substr(${text}, 17, 1) <> ':' or ${within(text, 18, '00', '59')}))) else false end`;

/** What PostgreSQL calls a date that never comes, and one before all others. */
const isEndless = (text: string): string => `${text} in ('infinity', '-infinity')`;

const isUuid = (text: string): string =>
  `${text} like '________-____-____-____-____________' and ${text} ~ '^[0-9a-fA-F-]+$' and length(replace(${text}, '-', '')) = 32`;

const whole = (min: string, max: string, type: string): Conversion => ({
  sql: (text) =>
    `case when length(${text}) <= 18 and ${text} ~ '^[+-]?\\d+$' then case when ${text}::bigint between ${min} and ${max} then ${text}::${type} end end`,
  expects: `a whole number from ${min} to ${max}`,
});

const byType: Record<string, Conversion> = {
  uuid: {
    sql: (text) => `case when ${isUuid(text)} then ${text}::uuid end`,
    expects: 'a UUID',
  },
  date: {
    sql: (text) =>
      `case when ${isDate(text)} or ${isEndless(text)} then ${text}::date when ${isTimestamp(text)} then left(${text}, 10)::date end`,
    expects: 'a date like 2024-02-29',
  },
  'timestamp with time zone': {
    sql: (text) => `case when ${isTimestamp(text)} or ${isEndless(text)} then ${text}::timestamptz end`,
    expects: 'a time like 2024-02-29T10:30:00Z',
  },
  boolean: {
    sql: (text) =>
      `case when lower(${text}) in ('true', 't', 'yes', 'y', '1') then true when lower(${text}) in ('false', 'f', 'no', 'n', '0') then false end`,
    expects: 'yes or no',
  },
  smallint: whole('-32768', '32767', 'smallint'),
  integer: whole('-2147483648', '2147483647', 'integer'),
  bigint: {
    sql: (text) =>
      `case when length(${text}) <= 20 and ${text} ~ '^[+-]?\\d+$' then
         case when ${text}::numeric between -9223372036854775808 and 9223372036854775807 then ${text}::bigint end end`,
    expects: 'a whole number of at most 8 bytes',
  },
};

/** The conversion to a type as format_type writes it, or undefined when the import knows no way to fill such a column. Text needs none. */
export function conversionTo(type: string): Conversion | undefined {
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (!numeric) return byType[type];
  const [scale, precision] = [Number(numeric[2]), Number(numeric[1])];
  return {
    sql: (text) =>
      `case when length(${text}) <= 60 and ${text} ~ '^[+-]?\\d+(\\.\\d+)?$' then
         case when abs(${text}::numeric) < 1e${precision - scale} and scale(trim_scale(${text}::numeric)) <= ${scale} then ${text}::${type} end end`,
    expects: `a number with at most ${precision - scale} digits before the point and ${scale} behind it`,
  };
}

/** Brings a date written as `DD/MM/YYYY` (or another order; D and M take one digit or two) into the form of ISO 8601; a text of no such form stays as it is. */
export function dateFromFormats(text: string, formats: string[]): string {
  const branches = formats.map((format) => {
    const tokens = [...format.matchAll(/YYYY|DD?|MM?/g)].map((match) => match[0]);
    const position = (letter: string): number => tokens.findIndex((token) => token.startsWith(letter)) + 1;
    const escaped = format.replace(/[/. -]/g, (sign) => (sign === ' ' ? ' ' : `\\${sign}`));
    const form = quoteText(`^${escaped.replace(/YYYY|DD?|MM?/g, (token) => (token === 'YYYY' ? '(\\d{4})' : '(\\d{1,2})'))}$`);
    const part = (letter: string, width: number): string =>
      position(letter) > 0 ? `lpad((regexp_match(${text}, ${form}))[${position(letter)}], ${width}, '0')` : `'01'`;
    return `when ${text} ~ ${form} then ${part('Y', 4)} || '-' || ${part('M', 2)} || '-' || ${part('D', 2)}`;
  });
  return `case ${branches.join(' ')} else ${text} end`;
}
