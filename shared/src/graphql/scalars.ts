import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** What a scalar's SDL says, for the three schemas: each declares `scalar DateTime`, `scalar Date` and `scalar Decimal` and takes these resolvers. */
export const scalars = { DateTime: dateTime(), Date: date(), Decimal: decimal(), BigInt: bigInt() };

/**
 * A point in time, RFC 3339 in UTC with the six decimals that PostgreSQL keeps. Rows hold it as PostgreSQL's own text
 * ("2026-11-22 17:10:56.123456+00"), because a JavaScript Date drops the microseconds and a cursor made of it would skip rows.
 */
function dateTime(): GraphQLScalarType<string, string> {
  return stringScalar('DateTime', parseDateTime, (value) => {
    const text = value instanceof Date ? value.toISOString() : String(value);
    const [, second = text, fraction = ''] = /^(.+?)(?:\.(\d+))?(?:Z|\+00(?::?00)?)$/.exec(text) ?? [];
    // PostgreSQL leaves out zeros at the end; with them the strings of a column also sort as text.
    return `${second.replace(' ', 'T')}.${fraction.padEnd(6, '0')}Z`;
  });
}

function parseDateTime(text: string): string {
  const form = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/.exec(text);
  if (form === null || !isDay(form[1]!)) {
    throw new GraphQLError(`"${text}" is not a point in time. Write it like 2026-11-22T17:10:56Z (RFC 3339).`);
  }
  return text;
}

/** A calendar day, YYYY-MM-DD (ISO 8601), from the year 1 on: PostgreSQL has no year 0. */
function date(): GraphQLScalarType<string, string> {
  return stringScalar('Date', (text) => {
    if (!isDay(text)) {
      throw new GraphQLError(`"${text}" is not a day of the calendar. Write it like 2026-11-22.`);
    }
    return text;
  });
}

/** Whether the text is a day of the calendar. Date alone would not tell: it rolls February 30 over to March. */
function isDay(text: string): boolean {
  const parsed = /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return parsed !== undefined && !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === text;
}

/** An exact decimal number as a string, because a binary floating-point number loses cents. */
function decimal(): GraphQLScalarType<string, string> {
  return stringScalar('Decimal', (text) => {
    if (!/^-?\d{1,16}(\.\d{1,2})?$/.test(text))
      throw new GraphQLError(`"${text}" is not an amount. Write it like "1200.50", with at most two decimals.`);
    return text;
  });
}

/** A whole number beyond 32 bits, as a string. */
function bigInt(): GraphQLScalarType<string, string> {
  return stringScalar('BigInt', (text) => {
    if (!/^-?\d{1,18}$/.test(text)) throw new GraphQLError(`"${text}" is not a whole number.`);
    return text;
  });
}

function stringScalar(
  name: string,
  parse: (text: string) => string,
  serialize: (value: unknown) => string = (value) => String(value),
) {
  return new GraphQLScalarType<string, string>({
    name,
    serialize,
    parseValue(value) {
      if (typeof value !== 'string') throw new GraphQLError(`A ${name} is written as a string, not as ${JSON.stringify(value)}.`);
      return parse(value);
    },
    parseLiteral(node) {
      if (node.kind !== Kind.STRING) throw new GraphQLError(`A ${name} is written as a string.`, { nodes: node });
      return parse(node.value);
    },
  });
}
