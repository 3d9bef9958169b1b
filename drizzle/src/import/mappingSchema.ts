import { z } from 'zod';

/** The shape of a mapping file. docs/import.md explains each key to whoever writes one. */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** An absent key stays absent: wrapped into a list it would look present. */
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).min(1));
const tableName = z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'must name a table with its schema, like public.people');

const conditionKeys = {
  column: z.string(),
  is: oneOrMore(scalar).optional(),
  isNot: oneOrMore(scalar).optional(),
  present: z.boolean().optional(),
  matches: z.string().optional(),
};
type ConditionKeys = { is?: unknown; isNot?: unknown; present?: unknown; matches?: unknown };
const hasOneTest = (value: ConditionKeys): boolean =>
  [value.is, value.isNot, value.present, value.matches].filter((test) => test !== undefined).length === 1;
const oneTest = { message: 'needs exactly one of is, isNot, present and matches' };

const condition = z.strictObject(conditionKeys).refine(hasOneTest, oneTest);
const feedCondition = z
  .strictObject({ ...conditionKeys, otherwise: z.enum(['skip', 'reject']), reason: z.string().optional() })
  .refine(hasOneTest, oneTest);

const lookup = z.strictObject({
  table: tableName,
  by: oneOrMore(z.string()),
  take: z.string().default('id'),
  ignoreCase: z.boolean().default(false),
  whenMissing: z.enum(['reject', 'nothing', 'skip']).default('reject'),
});

const otherwise = z.union([z.enum(['reject', 'keep', 'nothing']), z.strictObject({ value: scalar })]);

const repeatRule = z.union([
  z.enum(['agree', 'first', 'last', 'any', 'all', 'min', 'max', 'union', 'join']),
  z.strictObject({ strictest: z.array(z.string()).min(2) }),
]);

/** Where a text comes from: exactly one of column, template, value, cases and earliest. */
const textKeys = {
  column: oneOrMore(z.string()).optional(),
  optional: z.boolean().optional(),
  template: z.string().optional(),
  idOf: tableName.optional(),
  value: z.union([scalar, z.null()]).optional(),
  earliest: z.array(z.string()).min(2).optional(),
  split: z.strictObject({ at: oneOrMore(z.string()), part: z.int().min(1).max(9) }).optional(),
  extract: z.string().optional(),
  trim: z.boolean().optional(),
};
type TextKeys = { column?: unknown; template?: unknown; value?: unknown; cases?: unknown; earliest?: unknown };
const hasOneOrigin = (spec: TextKeys): boolean =>
  [spec.column, spec.template, spec.value, spec.cases, spec.earliest].filter((origin) => origin !== undefined).length === 1;
const oneOrigin = { message: 'needs exactly one of column, template, value, cases and earliest' };

const fromShorthand = (value: unknown): unknown =>
  typeof value === 'string' || Array.isArray(value) ? { column: value } : value;

const plainText = z.preprocess(fromShorthand, z.strictObject(textKeys).refine(hasOneOrigin, oneOrigin));
const caseOf = z.strictObject({ ...textKeys, when: oneOrMore(condition) }).refine((spec) => hasOneOrigin(spec), oneOrigin);
const defaultText = z.union([scalar, plainText]);

const columnSpec = z.preprocess(
  fromShorthand,
  z
    .strictObject({
      ...textKeys,
      cases: z.array(caseOf).min(1).optional(),
      list: z.literal(true).optional(),
      values: z.record(z.string(), z.union([scalar, z.null()])).optional(),
      otherwise: otherwise.optional(),
      lookup: lookup.optional(),
      default: defaultText.optional(),
      format: oneOrMore(z.string().regex(/^[DMY/. -]+$/, 'is made of DD, MM, YYYY and separators')).optional(),
      repeats: repeatRule.optional(),
    })
    .refine(hasOneOrigin, oneOrigin),
);

const idSpec = z.union([
  z.strictObject({ column: oneOrMore(z.string()) }),
  z.strictObject({ from: z.string(), ignoreCase: z.boolean().default(false) }),
]);

const feed = z.strictObject({
  from: z.string(),
  id: idSpec.optional(),
  conditions: z.array(feedCondition).default([]),
  columns: z.record(z.string(), columnSpec),
});

const source = z.strictObject({
  file: oneOrMore(z.string()),
  having: z.array(z.string()).default([]),
  optional: z.boolean().default(false),
  delimiter: z
    .string()
    .regex(/^[\t\x20-\x7e]$/, 'must be one character of ASCII')
    .regex(/[^"]/, 'must not be the quote')
    .default(','),
  quotedEmpty: z.enum(['empty', 'nothing']).default('empty'),
  chain: z
    .strictObject({
      id: z.string(),
      parent: z.string(),
      known: z.strictObject({ table: tableName, id: z.string(), root: z.string(), position: z.string() }).optional(),
    })
    .optional(),
});

const target = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_ -]*$/, 'is made of lower-case letters, digits, spaces and hyphens'),
  // The other schemas are the operator's alone: whom roles are given to, what was approved.
  table: tableName.regex(
    /^(public|case_management|audit_system)\./,
    'must be a table of public, case_management or audit_system',
  ),
  key: oneOrMore(z.string()).optional(),
  unite: z.boolean().default(false),
  repeats: z.enum(['reject', 'merge']).default('reject'),
  existing: z.enum(['update', 'keep']).default('update'),
  feeds: z.array(feed).min(1),
});

/** `from`, `id`, `conditions` and `columns` beside `table` are short for a single feed. */
const targetWithShorthand = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || 'feeds' in value || !('from' in value)) return value;
  const { from, id, conditions, columns, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    feeds: [{ from, columns, ...(id === undefined ? {} : { id }), ...(conditions === undefined ? {} : { conditions }) }],
  };
}, target);

export const mappingSchema = z.strictObject({
  title: z.string(),
  requires: z
    .array(z.strictObject({ mapping: z.string(), table: tableName, where: z.record(z.string(), z.string()) }))
    .default([]),
  sources: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), source),
  targets: z.array(targetWithShorthand).min(1),
  leftOut: z.array(z.strictObject({ file: z.string(), why: z.string() })).default([]),
});

export type Mapping = z.infer<typeof mappingSchema> & { name: string };
export type SourceSpec = z.infer<typeof source>;
export type TargetSpec = z.infer<typeof target>;
export type FeedSpec = z.infer<typeof feed>;
export type ColumnSpec = z.infer<typeof columnSpec>;
export type TextSpec = z.infer<typeof plainText>;
export type Condition = z.infer<typeof condition>;
export type FeedCondition = z.infer<typeof feedCondition>;
export type IdSpec = z.infer<typeof idSpec>;
export type RepeatRule = z.infer<typeof repeatRule>;
