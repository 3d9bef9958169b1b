import { quoteText } from './sql.js';

/**
 * How a text becomes a value of a column's type. PostgreSQL 15 has no cast that fails softly, so each text is matched against the type's form first;
 * `sql` gives NULL for what does not fit, and `expects` says in words what would.
 */
export interface Conversion {
  sql: (text: string) => string;
  expects: string;
}

const dateForm = '(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const timeForm = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?';
const zoneForm = ' ?(Z|z|UTC|[+-](0\\d|1[0-5])(:?[0-5]\\d)?)';
const isDate = quoteText(`^${dateForm}$`);
const isTimestamp = quoteText(`^${dateForm}([ T]${timeForm}(${zoneForm})?)?$`);

/** Days 1 to 28 are in every month; the last days are counted. */
const hasThatDay = (text: string): string =>
  `(substr(${text}, 9, 2) <= '28' or substr(${text}, 9, 2)::int <= extract(day from make_date(substr(${text}, 1, 4)::int, substr(${text}, 6, 2)::int, 1) + interval '1 month' - interval '1 day'))`;

const whole = (min: string, max: string, type: string): Conversion => ({
  sql: (text) =>
    `case when ${text} ~ '^[+-]?\\d{1,18}$' then case when ${text}::bigint between ${min} and ${max} then ${text}::${type} end end`,
  expects: `a whole number from ${min} to ${max}`,
});

const byType: Record<string, Conversion> = {
  uuid: {
    sql: (text) => `case when ${text} ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then ${text}::uuid end`,
    expects: 'a UUID',
  },
  date: {
    sql: (text) =>
      `case when ${text} ~ ${isDate} or ${text} ~ ${isTimestamp} then case when ${hasThatDay(text)} then left(${text}, 10)::date end end`,
    expects: 'a date like 2024-02-29',
  },
  'timestamp with time zone': {
    sql: (text) => `case when ${text} ~ ${isTimestamp} then case when ${hasThatDay(text)} then ${text}::timestamptz end end`,
    expects: 'a time like 2024-02-29T10:30:00Z',
  },
  boolean: {
    sql: (text) =>
      `case when lower(${text}) in ('true', 't', 'yes', 'y', '1') then true when lower(${text}) in ('false', 'f', 'no', 'n', '0') then false end`,
    expects: 'yes or no',
  },
  smallint: whole('-32768', '32767', 'smallint'),
  integer: whole('-2147483648', '2147483647', 'integer'),
  bigint: whole('-999999999999999999', '999999999999999999', 'bigint'),
};

/** The conversion to a type as format_type writes it, or undefined when the import knows no way to fill such a column. Text needs none. */
export function conversionTo(type: string): Conversion | undefined {
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (!numeric) return byType[type];
  const [scale, precision] = [Number(numeric[2]), Number(numeric[1])];
  return {
    sql: (text) => `case when ${text} ~ '^[+-]?0*\\d{1,${precision - scale}}(\\.\\d{1,${scale}}0*)?$' then ${text}::${type} end`,
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
