import { createRandom } from '@bailiwick/database/sample/random';
import type { Random } from '@bailiwick/database/sample/random';
import { parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { composite, fields } from './nastySchema.js';

export interface NastyOperation {
  readonly query: string;
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
}

const aliases = ['__proto__', 'constructor', 'toString', 'then', 'toJSON', 'id', 'a', 'string1', 'a2'];
const conditions = ['', '', '', '', '@skip(if: $t)', '@include(if: $t)', '@skip(if: $d) @include(if: $t)', '@include(if: false)', '@skip(if: false)']; // prettier-ignore
const stringArguments = [
  ...['', '', '(n: 1)', '(n: $n)', '(s: $s)', '(s: "x", c: RED)', '(c: $c)', '(in: {c: null})', '(in: $in)', '(list: $s)'],
  ...['(in: { odd: [$s, "y"], n: $n })', '(list: ["a", $s])', '(s: null, n: 2)', '(list: "refused")'],
];
const entityIds = ['0198ab00-0000-7000-8000-000000000001', '0198AB00-0000-7000-8000-000000000002', 'none'];

/** Makes an operation that is valid: the same for the same seed. */
export function nastyOperation(schema: GraphQLSchema, seed: string): NastyOperation {
  for (let attempt = 0; ; attempt++) {
    const random = createRandom(`${seed} ${attempt}`);
    const query = new Writer(random).operation();
    const document = parse(query);
    if (validate(schema, document).length === 0) return { query, document, variables: variablesOf(random) };
  }
}

function variablesOf(random: Random): Record<string, unknown> {
  // Beside a type that is none, @apollo/subgraph lets go of what fails, and Node ends the process.
  const types = random.weighted([[['A', 'A', 'A', 'B', 'C', 'Query'], 18], [['B', 'C', 'Colour'], 1], [['B', 'C', 'Node'], 1]] as const); // prettier-ignore
  const entity = () => ({ __typename: random.pick(types), id: random.pick(entityIds), x: 1 });
  return Object.fromEntries(
    Object.entries({
      t: random.chance(50),
      d: random.weighted<unknown>([[true, 8], [false, 8], [null, 1], [undefined, 8]]), // prettier-ignore
      n: random.pick([1, null, undefined]),
      s: random.pick(['x', null, undefined]),
      c: random.pick(['RED', undefined]),
      in: random.pick<unknown>([{ n: 1, odd: 'z' }, { c: 'RED', in: {} }, null, undefined]),
      representations: Array.from({ length: random.integer(0, 4) }, entity),
    }).filter(([, value]) => value !== undefined),
  );
}

class Writer {
  readonly #random: Random;
  readonly #fragments = new Map<string, string>();
  #left = 40;

  constructor(random: Random) {
    this.#random = random;
  }

  operation(): string {
    const root = this.#selections('Query', 0);
    const entities = this.#random.chance(25)
      ? ` _entities(representations: $representations) ${this.#selections('_Entity', 1)}`
      : '';
    const given = '$t: Boolean!, $d: Boolean = true, $n: Int, $s: Odd, $c: Colour! = GREEN, $in: In, $representations: [_Any!]!';
    // Every variable has to be used.
    const used = 'u: __typename @skip(if: $t) @include(if: $d) u1: string2(n: $n, s: $s, c: $c, in: $in)';
    const useless = entities ? '' : ' _entities(representations: $representations) { __typename }';
    return `query Nasty(${given}) { ${used}${entities || useless} ${root.slice(1)}\n${[...this.#fragments.values()].join('\n')}`;
  }

  #selections(type: string, depth: number): string {
    const random = this.#random;
    const count = random.integer(1, depth === 0 ? 6 : 5);
    return `{ ${Array.from({ length: count }, () => this.#selection(type, depth)).join(' ')} }`;
  }

  #selection(type: string, depth: number): string {
    const random = this.#random;
    const condition = random.pick(conditions);
    if (random.chance(10)) return `${random.chance(30) ? 'alias: ' : ''}__typename ${condition}`;
    if (random.chance(10) && type !== 'Query') return `... ${condition} ${this.#selections(type, depth + 1)}`;
    if (type === 'Any' || type === '_Entity' || (random.chance(20) && type !== 'Query')) {
      const inner = random.pick(type === 'Query' ? ['Query'] : random.chance(60) && composite.has(type) && type !== 'Any' ? [type] : ['A', 'B', 'C', 'Node']); // prettier-ignore
      if (random.chance(50)) return `... on ${inner} ${condition} ${this.#selections(inner, depth + 1)}`;
      const known = [...this.#fragments.keys()].filter((name) => name.startsWith(`${inner}_`));
      if (known.length > 0 && random.chance(50)) return `...${random.pick(known)} ${condition}`;
      const name = `${inner}_${this.#fragments.size}`;
      this.#fragments.set(name, '');
      this.#fragments.set(name, `fragment ${name} on ${inner} ${this.#selections(inner, depth + 1)}`);
      return `...${name} ${condition} ${random.chance(20) ? `...${name}` : ''}`;
    }
    this.#left--;
    const isLeaf = depth > 4 || this.#left < 0;
    // The same few fields, so that they meet and are merged.
    const few = fields.filter(({ base }, index) => !(isLeaf && composite.has(base)) && (index * 7) % 3 === 0);
    const { name, base } = random.pick(
      random.chance(70) ? few : fields.filter((field) => !(isLeaf && composite.has(field.base))),
    );
    const alias = random.chance(12) ? `${random.pick(aliases)}: ` : '';
    const given = base === 'String' ? random.pick(stringArguments) : '';
    // A name of its own for each choice of arguments, or they could not be merged.
    const own = given && !alias ? `${name}_${stringArguments.indexOf(given)}: ` : alias;
    return `${own}${name}${given} ${condition} ${composite.has(base) ? this.#selections(base, depth + 1) : ''}`;
  }
}
