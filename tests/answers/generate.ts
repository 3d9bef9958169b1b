import { createRandom } from '@bailiwick/database/sample/random';
import type { Random } from '@bailiwick/database/sample/random';
import {
  astFromValue,
  getNamedType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  print,
  validate,
} from 'graphql';
import type { GraphQLArgument, GraphQLCompositeType, GraphQLField, GraphQLInputType, GraphQLSchema } from 'graphql';
import { makeValue } from './values.js';
import type { KnownValues } from './values.js';

export interface GeneratedOperation {
  /** `seed number`: makes it again. */
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Aliases of `query` that are the names of other fields, and what they are called in `plain`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The same operation with aliases that are no other field's name, and no variable named `representations`. */
  readonly plain: string;
  readonly plainVariables: Record<string, unknown>;
}

/** Names that an alias had better not have: of keys, of other fields, of what every object has. */
const wildNames = [
  ...['id', '__typename', 'title', 'name', 'code', 'nodes', 'totalCount', 'lead', 'orgUnit', 'status', 'version', '_entities'],
  ...['constructor', 'toString', 'hasOwnProperty', '__proto__', 'representations', 'title__alias_0', 'createdAt', 'pageInfo'],
];

/** Makes the operation of this number: the same for the same seed and the same `known`. It is valid, and of a bearable size. */
export function generateOperation(schema: GraphQLSchema, known: KnownValues, seed: string, number: number): GeneratedOperation {
  for (let attempt = 0; ; attempt++) {
    const name = `${seed} ${number}`;
    const random = createRandom(`${name} ${attempt}`);
    const writer = new Writer(schema, known, random);
    const plain = writer.write();
    if (validate(schema, parse(plain)).length > 0) continue;
    const { variables: plainVariables } = writer;
    const variable = random.chance(10) ? `v${random.integer(0, 3)}` : undefined;
    const aliases = random.chance(40) ? wildAliases(random, writer.aliases) : new Map<string, string>();
    const query = withVariable(withAliases(plain, aliases), variable);
    const variables = Object.fromEntries(
      Object.entries(plainVariables).map(([key, value]) => [key === variable ? 'representations' : key, value]),
    );
    // `pageInfo: pageInfo` merges with a pageInfo beside it, and `plain` keeps the two apart.
    const isMerged = [...aliases.keys()].some((wild) => query.includes(`${wild}: ${wild}`));
    if (isMerged || validate(schema, parse(query)).length > 0)
      return { name, query: plain, variables: plainVariables, plain, plainVariables, aliases: new Map() };
    return { name, query, variables, plain, plainVariables, aliases };
  }
}

function wildAliases(random: Random, aliases: readonly string[]): Map<string, string> {
  const chosen = random.some(aliases, random.integer(1, 3));
  const names = random.some(wildNames, chosen.length);
  return new Map(chosen.map((alias, index) => [names[index]!, alias]));
}

function withVariable(query: string, variable: string | undefined): string {
  return variable === undefined ? query : query.replaceAll(new RegExp(`\\$${variable}\\b`, 'g'), '$representations');
}

function withAliases(plain: string, aliases: ReadonlyMap<string, string>): string {
  let query = plain;
  for (const [wild, alias] of aliases) query = query.replaceAll(new RegExp(`\\b${alias}:`, 'g'), `${wild}:`);
  return query;
}

/** One operation while it is written. */
class Writer {
  readonly variables: Record<string, unknown> = {};
  readonly aliases: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #known: KnownValues;
  readonly #random: Random;
  readonly #declarations: string[] = [];
  readonly #conditions: string[] = [];
  readonly #fragments: { name: string; on: string; text: string }[] = [];
  #fieldsLeft: number;

  constructor(schema: GraphQLSchema, known: KnownValues, random: Random) {
    this.#schema = schema;
    this.#known = known;
    this.#random = random;
    this.#fieldsLeft = random.integer(4, 45);
  }

  write(): string {
    const selections = this.#selectionSet(this.#schema.getQueryType()!, this.#random.integer(3, 7));
    const declared = this.#declarations.length > 0 ? `(${this.#declarations.join(', ')})` : '';
    const fragments = this.#fragments.map(({ name, on, text }) => `fragment ${name} on ${on} ${text}`);
    return [`query Generated${declared} ${selections}`, ...fragments].join('\n');
  }

  #selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = this.#random.integer(1, 4);
    const selections = Array.from({ length: count }, () => this.#selection(type, depth)).filter((text) => text !== '');
    return `{ ${selections.length > 0 ? selections.join(' ') : '__typename'} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const kind = this.#random.weighted([
      ['field', 70],
      ['typename', 8],
      ['inline', 11],
      ['named', 11],
    ] as const);
    if (kind === 'typename') return `${this.#alias(30)}__typename${this.#directives(6)}`;
    if (kind === 'inline') {
      const condition = this.#random.chance(60) ? ` on ${type.name}` : '';
      return `...${condition}${this.#directives(30)} ${this.#selectionSet(type, depth)}`;
    }
    if (kind === 'named') return `...${this.#fragment(type, depth)}${this.#directives(30)}`;
    return this.#field(type, depth);
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const known = this.#fragments.filter(({ on }) => on === type.name);
    if (known.length > 0 && this.#random.chance(40)) return this.#random.pick(known).name;
    const text = this.#selectionSet(type, Math.min(depth, 4));
    const name = `f${this.#fragments.length}`;
    this.#fragments.push({ name, on: type.name, text });
    return name;
  }

  #field(type: GraphQLCompositeType, depth: number): string {
    this.#fieldsLeft--;
    if (type === this.#schema.getQueryType() && this.#random.chance(3)) return this.#introspection();
    const all = isObjectType(type) ? Object.values(type.getFields()) : [];
    const mayNest = depth > 0 && this.#fieldsLeft > 0;
    const fields = all.filter((field) => isLeafType(getNamedType(field.type)) || mayNest);
    if (fields.length === 0) return '';
    const nested = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    const field = this.#random.pick(nested.length > 0 && this.#random.chance(45) ? nested : fields);
    const named = getNamedType(field.type);
    const givenArguments = this.#arguments(field);
    const selections = isCompositeType(named) ? ` ${this.#selectionSet(named, depth - 1)}` : '';
    return `${this.#alias(givenArguments === '' ? 20 : 80)}${field.name}${givenArguments}${this.#directives(12)}${selections}`;
  }

  #introspection(): string {
    if (this.#random.chance(50))
      return `${this.#alias(50)}__schema { queryType { name } ${this.#random.chance(50) ? '__typename' : ''} }`;
    const name = this.#variable('String!', this.#random.pick(['LegalCase', 'Person', 'Nothing']));
    return `${this.#alias(100)}__type(name: ${name}) { name kind fields { name } }`;
  }

  #alias(percent: number): string {
    if (!this.#random.chance(percent)) return '';
    const alias = `a_${this.aliases.length}`;
    this.aliases.push(alias);
    return `${alias}: `;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.flatMap((argument) => {
      const text = this.#argument(field.name, argument);
      return text === undefined ? [] : [`${argument.name}: ${text}`];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  #argument(of: string, { name, type, defaultValue }: GraphQLArgument): string | undefined {
    const isNeeded = isNonNullType(type) && defaultValue === undefined;
    // A page of the default size, in a page of the default size, is more than a comparison needs.
    const usual = { first: 92, last: 2, before: 2, after: 6, filter: 25 }[name] ?? 40;
    if (!isNeeded && !this.#random.chance(usual)) return undefined;
    const value = makeValue(this.#random, this.#known, type, { place: name, of });
    return this.#random.chance(35) ? this.#argumentVariable(type, value, defaultValue !== undefined) : literal(value, type);
  }

  #argumentVariable(type: GraphQLInputType, value: unknown, hasDefault: boolean): string {
    const isNullable = !isNonNullType(type);
    const written = String(type);
    // With a default of its own, a nullable variable may stand where null may not.
    const withDefault = value !== null && this.#random.chance(30);
    const declared = isNullable || (!withDefault && !hasDefault) || this.#random.chance(50) ? written : written.slice(0, -1);
    const sent = withDefault ? this.#random.pick(['sent', 'left out'] as const) : 'sent';
    return this.#variable(`${declared}${withDefault ? ` = ${literal(value, type)}` : ''}`, value, sent === 'sent');
  }

  #variable(declaration: string, value: unknown, isSent = true): string {
    const name = `v${this.#declarations.length}`;
    this.#declarations.push(`$${name}: ${declaration}`);
    if (isSent) this.variables[name] = value;
    return `$${name}`;
  }

  #directives(percent: number): string {
    if (!this.#random.chance(percent)) return '';
    const names = this.#random.chance(15) ? ['skip', 'include'] : [this.#random.pick(['skip', 'include'])];
    return names.map((name) => ` @${name}(if: ${this.#condition(name === 'include')})`).join('');
  }

  #condition(usual: boolean): string {
    const value = this.#random.chance(75) ? usual : !usual;
    if (this.#random.chance(30)) return String(value);
    if (this.#conditions.length > 0 && this.#random.chance(50)) return this.#random.pick(this.#conditions);
    const declaration = this.#random.pick(['Boolean!', `Boolean! = ${!value}`, `Boolean = ${value}`]);
    const isSent = !declaration.endsWith(` = ${value}`) || this.#random.chance(50);
    const name = this.#variable(declaration, value, isSent);
    this.#conditions.push(name);
    return name;
  }
}

function literal(value: unknown, type: GraphQLInputType): string {
  const node = astFromValue(value, type);
  return node ? print(node) : 'null';
}
