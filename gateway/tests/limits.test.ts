import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getIntrospectionQuery, getOperationAST, isInputObjectType, isObjectType, parse } from 'graphql';
import { composeSupergraph } from '../src/compose/compose.js';
import { createCostCounter, defaultMaxOperationCost } from '../src/limits/cost.js';
import { readCostDirectives } from '../src/limits/costDirectives.js';
import { maxAliases } from '../src/limits/rules/max-aliases.js';
import { maxDirectives } from '../src/limits/rules/max-directives.js';
import { maxRootFields } from '../src/limits/rules/max-root-fields.js';
import { committedSupergraph, readSupergraph } from '../src/supergraph.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';

const hundredCases = `{
  legalCases(first: 100) { totalCount pageInfo { endCursor } nodes {
    caseNumber lead { fullName } orgUnit { code name } parties { name role } nextEvent { title startsAt }
    recommendations { recommendationText finding { title riskRating } }
  } }
}`;

describe('the limits of an operation', () => {
  const subgraphs = stubSubgraphs();
  let gateway: TestGateway;
  const forwarded = () => Object.values(subgraphs).flatMap(({ requests }) => requests);
  const forget = () => Object.values(subgraphs).forEach(({ requests }) => requests.splice(0));
  const refused = async (query: string, variables?: object) => {
    forget();
    const { status, body } = await gateway.ask(query, { variables });
    return {
      status,
      message: body.errors?.[0]?.message,
      extensions: body.errors?.[0]?.extensions,
      forwarded: forwarded().length,
    };
  };

  beforeAll(async () => {
    gateway = await startTestGateway({ subgraphs });
  });
  beforeEach(forget);
  afterAll(() => gateway.stop());

  test('a page of 100 cases with all that hangs on them is answered', async () => {
    const { status, body } = await gateway.ask(hundredCases);
    expect(status).toBe(200);
    expect(body.errors?.map(({ extensions }) => extensions['code']) ?? []).not.toContain('OPERATION_TOO_COSTLY');
  });

  test('nested pages beyond the limit are refused before anything is forwarded, with cost, limit and what to do', async () => {
    const answer = await refused(
      '{ legalCases(first: 100) { nodes { orgUnit { legalCases(first: 100) { nodes { lead { id } } } } } } }',
    );
    expect(answer).toEqual({
      status: 400,
      forwarded: 0,
      message: 'The operation could touch 20,301 objects; the limit is 10,000.',
      extensions: {
        code: 'OPERATION_TOO_COSTLY',
        hint: expect.stringContaining('first or last') as string,
        requestId: expect.any(String) as string,
      },
    });
  });

  test('a page size in a variable counts, and so does its default', async () => {
    const query =
      'query ($n: Int = 100) { legalCases(first: $n) { nodes { orgUnit { legalCases(last: $n) { nodes { id } } } } } }';
    expect((await refused(query)).extensions).toMatchObject({ code: 'OPERATION_TOO_COSTLY' });
    expect((await gateway.ask(query, { variables: { n: 10 } })).status).toBe(200);
  });

  test('what was counted for one choice of variables is no count for another', async () => {
    const query = `query ($n: Int, $all: Boolean!, $code: String = "HQ") {
      legalCases(first: $n) { nodes { orgUnit { legalCases(first: 100) @include(if: $all) { nodes { lead { id } } } } } }
      orgUnitByCode(code: $code) { id }
    }`;
    const costly = { status: 400, extensions: { code: 'OPERATION_TOO_COSTLY' } };
    for (const _time of [1, 2]) {
      expect((await gateway.ask(query, { variables: { n: 100, all: false } })).status).toBe(200);
      expect(await refused(query, { n: 100, all: true })).toMatchObject(costly);
      expect((await gateway.ask(query, { variables: { n: 2, all: true } })).status).toBe(200);
      expect(await refused(query, { n: 2, all: true, code: null })).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(await refused(query, { n: '2', all: true })).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    }
  });

  test('a variable that does not fit is the fault of the request', async () => {
    expect(await refused('query ($n: Int) { legalCases(first: $n) { totalCount } }', { n: 'many' })).toMatchObject({
      status: 400,
      forwarded: 0,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(
      await refused('query ($f: LegalCaseFilter) { legalCases(filter: $f) { totalCount } }', { f: { openedFrom: '2026-02-30' } }),
    ).toMatchObject({
      status: 400,
      forwarded: 0,
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('"2026-02-30" is not a day of the calendar') as string,
    });
  });

  test('a literal that is no value of its scalar is refused where it stands', async () => {
    expect(await refused('{ legalCases(filter: { openedFrom: "soon" }) { totalCount } }')).toMatchObject({
      status: 400,
      forwarded: 0,
      message: expect.stringContaining('"soon" is not a day of the calendar') as string,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  test('an operation that is too deep is refused', async () => {
    const deep = `{ orgUnitByCode(code: "x") ${'{ parent '.repeat(20)}{ id }${' }'.repeat(20)} }`;
    expect(await refused(deep)).toMatchObject({
      status: 400,
      forwarded: 0,
      message: 'The operation is 22 levels deep; the limit is 20.',
      extensions: { code: 'OPERATION_TOO_COSTLY' },
    });
  });

  test('a document of too many tokens is refused while it is read', async () => {
    expect(await refused(`{ me { ${'id '.repeat(5_000)} } }`)).toMatchObject({
      status: 400,
      forwarded: 0,
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  });

  const times = (count: number, write: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => write(index)).join(' ');

  test.each<[string, number, (count: number) => string]>([
    ['aliases', maxAliases, (count) => `{ me { ${times(count, (index) => `a${index}: id`)} } }`],
    [
      'aliases in fragments',
      maxAliases,
      (count) => `{ me { ...F } } fragment F on Person { ${times(count, (index) => `a${index}: id`)} }`,
    ],
    ['fields at its root', maxRootFields, (count) => `{ ${times(count, () => 'me { id }')} }`],
    [
      'fields at its root, in fragments',
      maxRootFields,
      (count) => `{ ...F ... { ...F } } fragment F on Query { ${times(count, () => 'me { id }')} }`,
    ],
    ['directives', maxDirectives, (count) => `{ me { ${times(count, () => 'id @include(if: true)')} } }`],
  ])('a document with too many %s is refused, one with as many as allowed is answered', async (_what, limit, write) => {
    expect((await gateway.ask(write(limit))).status).toBe(200);
    expect(await refused(write(limit + 1))).toMatchObject({
      status: 400,
      forwarded: 0,
      message: expect.stringContaining(String(limit)) as string,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  test.each<[string, object, string]>([
    [
      'many unknown fields',
      { f: Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`field${n}`, 'x'.repeat(180)])) },
      'field0',
    ],
    ['many wrong values', { f: { status: Array.from({ length: 900 }, () => 'WRONG') } }, 'LegalCaseStatus'],
    ['a list that is too long', { f: { status: Array.from({ length: 90_000 }, () => 'WRONG') } }, '1,000 entries'],
    [
      'too many values',
      { f: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`f${n}`, Array(600).fill(1)])) },
      '5,000 values',
    ],
    ['a long key', { f: { ['k'.repeat(400_000)]: 1 } }, '100 characters'],
    ['a long text that does not fit', { f: { openedFrom: 'x'.repeat(400_000) } }, 'not a day of the calendar'],
    ['values of a variable that nobody declared', { g: Array(2_000).fill(1) }, '1,000 entries'],
    ['many lists within lists', { f: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) as unknown }, '20 levels'],
  ])('variables with %s are refused quickly and in few words', async (_what, variables, reason) => {
    const query = 'query ($f: LegalCaseFilter) { legalCases(filter: $f) { totalCount } }';
    const timeOf = async (asked: object) => {
      const start = performance.now();
      const answer = await refused(query, asked);
      return { answer, time: performance.now() - start };
    };
    const fitting = await timeOf({ f: { text: 'x'.repeat(400_000) } });
    const { answer, time } = await timeOf(variables);
    expect(answer).toMatchObject({
      status: 400,
      forwarded: 0,
      message: expect.stringContaining(reason) as string,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(answer.message!.length).toBeLessThan(210);
    // As large a text that fits is answered in some milliseconds. What was printed once for each error took seconds, or all memory.
    expect(time).toBeLessThan(50 * fitting.time);
  });

  test('a document that would take long to plan is refused by its fields, with those of every fragment', async () => {
    const leads = times(40, (index) => `a${index}: lead { ...F }`);
    const write = (fields: number) =>
      `{ legalCases(first: 1) { nodes { ${leads} } } } fragment F on Person { ${times(fields, () => 'id')} }`;
    expect((await gateway.ask(write(22))).status).toBe(200);
    expect(await refused(write(23))).toMatchObject({
      status: 400,
      forwarded: 0,
      message: 'The operation selects more than 1,000 fields, fragments included.',
      extensions: { code: 'OPERATION_TOO_COSTLY' },
    });
  });

  test('a person whose new documents took too long has to wait, and others are answered', async () => {
    const strict = await startTestGateway({ preparation: { share: 0.001, burst: 20 } });
    try {
      const other = await tokenFor('018f0000-0000-7000-8000-00000000000a');
      let answer;
      let asked = 0;
      do {
        answer = await strict.ask(`{ me { ${times(50, (index) => `a${index}of${asked}: id`)} } }`);
      } while (answer.status === 200 && ++asked < 200);
      expect(answer).toMatchObject({
        status: 429,
        body: {
          errors: [
            {
              message: expect.stringContaining('more than 0.02 seconds') as string,
              extensions: { code: 'PREPARATION_TOO_COSTLY', hint: expect.stringContaining('Try again in ') as string },
            },
          ],
        },
      });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await strict.ask('{ me { id } }', { token: other })).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });

  test('a person whose variables are refused again and again has to wait', async () => {
    const strict = await startTestGateway({ preparation: { share: 0.001, burst: 500 } });
    try {
      const query = 'query ($f: LegalCaseFilter) { legalCases(filter: $f) { totalCount } }';
      const variables = {
        f: Object.fromEntries(
          times(2_500, (index) => `field${index}`)
            .split(' ')
            .map((name) => [name, 'x'.repeat(180)]),
        ),
      };
      let status;
      let asked = 0;
      do ({ status } = await strict.ask(query, { variables }));
      while (status === 400 && ++asked < 200);
      expect(status).toBe(429);
    } finally {
      await strict.stop();
    }
  });

  test('fragments that grow with every spread are refused', async () => {
    const fragments = Array.from(
      { length: 15 },
      (_, level) => `fragment F${level} on Person { ${level === 14 ? 'id' : `...F${level + 1} ...F${level + 1}`} }`,
    );
    expect(await refused(`{ me { ...F0 } } ${fragments.join(' ')}`)).toMatchObject({
      status: 400,
      forwarded: 0,
      extensions: { code: 'OPERATION_TOO_COSTLY' },
    });
  });

  test('so are they for somebody without a token, at once', async () => {
    // Two to the power of thirty spreads: where each is followed, the time limit of the test is over long before the answer.
    const fragments = Array.from(
      { length: 30 },
      (_, level) => `fragment F${level} on Query { ${level === 29 ? '__typename' : `...F${level + 1} ...F${level + 1}`} }`,
    );
    const { status, body } = await gateway.ask(`{ ...F0 } ${fragments.join(' ')}`, { token: undefined });
    expect({ status, code: body.errors?.[0]?.extensions['code'] }).toEqual({ status: 400, code: 'OPERATION_TOO_COSTLY' });
  });

  test.each([
    ['two operations, and none asked for', 'query A { me { id } } query B { me { id } }', undefined],
    ['an operation that the document does not hold', 'query A { me { id } }', 'B'],
    ['a kind of operation that the graph does not have', 'subscription { me { id } }', undefined],
  ])('%s is the fault of the request', async (_what, query, operationName) => {
    const { status, body } = await gateway.ask(query, { operationName });
    expect({ status, code: body.errors?.[0]?.extensions['code'] }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test('the whole schema may be read in one operation, but not twenty times', async () => {
    expect((await gateway.ask(getIntrospectionQuery())).status).toBe(200);
    const many = `{ ${Array.from({ length: 21 }, (_, index) => `s${index}: __schema { types { name } }`).join(' ')} }`;
    expect((await refused(many)).extensions).toMatchObject({ code: 'OPERATION_TOO_COSTLY' });
    const deep = '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await refused(deep)).extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test('a configured limit takes the place of the default', async () => {
    const small = await startTestGateway({ maxOperationCost: 50 });
    try {
      expect((await small.ask('{ legalCases(first: 50) { nodes { id } } }')).body.errors?.[0]?.message).toBe(
        'The operation could touch 51 objects; the limit is 50.',
      );
      expect((await small.ask('{ legalCases(first: 49) { nodes { id } } }')).status).toBe(200);
    } finally {
      await small.stop();
    }
  });
});

const costSpec = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`;

describe('the cost of an operation', () => {
  const countCost = createCostCounter(`${costSpec}
    type Query {
      unit: OrgUnit
      cases(first: Int, last: Int, filter: Filter, filters: [Filter], note: String @cost(weight: 3)): CaseConnection
        @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
      latest(count: Int): [Case!]! @listSize(slicingArguments: ["count"])
      report: Report
      newest: Case @cost(weight: 7)
      picture(of: Bitmap): Bitmap
      anything: Anything
    }
    type Mutation { close: Case }
    scalar Bitmap @cost(weight: 9)
    union Anything = Case | OrgUnit
    input Filter { text: String @cost(weight: 10), code: String, or: [Filter!] }
    type OrgUnit { name: String, children: [OrgUnit!]! @listSize(assumedSize: 30), heads: [OrgUnit!]! }
    type CaseConnection { edges: [CaseEdge!]!, nodes: [Case!]!, pageInfo: PageInfo!, totalCount: Int! @cost(weight: 50) }
    type CaseEdge @cost(weight: 0) { cursor: String!, node: Case! }
    type Case { id: ID!, parties: [Party!]!, unit: OrgUnit }
    type Party { name: String }
    type PageInfo @cost(weight: 0) { endCursor: String }
    type Report @cost(weight: 500) { title: String }
  `);
  const costOf = (query: string, variables: Record<string, unknown> = {}) => {
    const document = parse(query);
    return countCost({ document, operation: getOperationAST(document)!, variables });
  };

  test.each([
    ['an object', '{ unit { name } }', 1],
    ['a mutation', 'mutation { close { id } }', 1],
    ['a list of an assumed size', '{ unit { children { name } } }', 31],
    ['a list without a size', '{ unit { heads { name } } }', 6],
    ['a page of the assumed size', '{ cases { nodes { id } } }', 21],
    ['a page of a size', '{ cases(first: 3) { nodes { id unit { name } } } }', 7],
    ['a page with its edges', '{ cases(last: 3) { edges { cursor node { id } } pageInfo { endCursor } } }', 4],
    ['the larger of two sizes', '{ cases(first: 3, last: 5) { nodes { id } } }', 6],
    ['an impossible page', '{ cases(first: -5) { nodes { id } } }', 2],
    ['a list within a page', '{ cases(first: 10) { nodes { parties { name } } } }', 61],
    ['a count', '{ cases(first: 10) { totalCount } }', 51],
    ['a list that is sized itself', '{ latest(count: 4) { id } }', 4],
    ['a type with a weight', '{ report { title } }', 500],
    ['a field with a weight', '{ newest { id unit { name } } }', 8],
    ['a scalar with a weight, returned and given', '{ picture(of: "x") }', 18],
    ['an argument with a weight', '{ cases(first: 1, note: "x") { nodes { id } } }', 5],
    ['a filter without a weight', '{ cases(first: 1, filter: { code: "x" }) { nodes { id } } }', 2],
    ['a filter with a weight', '{ cases(first: 1, filter: { text: "x" }) { nodes { id } } }', 12],
    ['a filter that is null', '{ cases(first: 1, filter: { text: null }) { nodes { id } } }', 2],
    ['filters within one', '{ cases(first: 1, filter: { or: [{ text: "x" }, { text: "y" }] }) { nodes { id } } }', 22],
    ['a list of filters', '{ cases(first: 1, filters: [null, { text: "x" }]) { nodes { id } } }', 12],
    ['an alias', '{ a: unit { name } b: unit { name } }', 2],
    ['fragments', '{ ...F ... on Query { ...F } ... { unit { name } } } fragment F on Query { unit { name } }', 3],
    ['fragments of a union', '{ anything { __typename ... on Case { unit { name } } ... on OrgUnit { heads { name } } } }', 7],
    ['a field that is left out', '{ unit @skip(if: true) { name } a: unit @include(if: false) { name } }', 0],
    ['the schema', '{ __schema { types { name } } __type(name: "Case") { name } }', 1_000],
  ])('counts %s', (_what, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('counts a page size, a condition and a filter in variables', () => {
    const query = 'query ($n: Int, $f: Filter, $no: Boolean!) { cases(first: $n, filter: $f) { nodes @skip(if: $no) { id } } }';
    const document = parse(query);
    const cost = (variables: Record<string, unknown>) =>
      countCost({ document, operation: getOperationAST(document)!, variables });
    for (const _time of [1, 2]) {
      expect(cost({ n: 4, no: false })).toBe(5);
      expect(cost({ n: 4, no: true })).toBe(1);
      expect(cost({ no: false })).toBe(21);
      expect(cost({ n: 4, f: { text: 'x' }, no: false })).toBe(15);
      expect(cost({ n: 4, f: { text: 'y' }, no: false })).toBe(15);
      expect(cost({ n: 4, f: { text: null }, no: false })).toBe(5);
    }
  });

  test('a required slicing argument that is missing is the fault of the request', () => {
    expect(() => costOf('{ latest { id } }')).toThrow('latest needs exactly one of: count.');
  });

  test('without the directives, objects count 1 and lists 5', () => {
    const count = createCostCounter('type Query { units: [Unit] } type Unit { name: String }');
    const document = parse('{ units { name } }');
    expect(count({ document, operation: getOperationAST(document)!, variables: {} })).toBe(5);
  });
});

describe('the costs of the graph', () => {
  const schemas = ['shared', 'case-management', 'audit'].map((name) => ({
    name,
    schemaFile: new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url),
  }));
  const { sdl } = readSupergraph(committedSupergraph);
  const costIn = (supergraph: string, query: string) => {
    const document = parse(query);
    return createCostCounter(supergraph)({ document, operation: getOperationAST(document)!, variables: {} });
  };

  test('a directive that is changed in the schema of a subgraph changes the count', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'costs-'));
    try {
      const text = await readFile(schemas[0]!.schemaFile, 'utf8');
      const changed = text.replace(
        'children: [OrgUnit!]! @listSize(assumedSize: 20)',
        'children: [OrgUnit!]! @listSize(assumedSize: 7)',
      );
      expect(changed).not.toBe(text);
      const schemaFile = pathToFileURL(join(folder, 'schema.graphql'));
      await writeFile(schemaFile, changed);
      const supergraph = composeSupergraph([{ name: 'shared', schemaFile }, ...schemas.slice(1)]);
      const query = '{ orgUnitByCode(code: "x") { children { id } } }';
      expect(costIn(sdl, query)).toBe(21);
      expect(costIn(supergraph, query)).toBe(8);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('every page of the supergraph says its size, and every count and search its cost', () => {
    const { schema, weightOf, listSizeOf } = readCostDirectives(sdl);
    const lacking: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const isPage = isObjectType(type) && type.getFields()[field.name]!.args.some(({ name }) => name === 'first');
        if (isPage && listSizeOf(field)?.slicingArguments?.join() !== 'first,last')
          lacking.push(`${type.name}.${field.name} @listSize`);
        if (
          (field.name === 'totalCount' || (isInputObjectType(type) && field.name === 'text')) &&
          weightOf(field) === undefined
        ) {
          lacking.push(`${type.name}.${field.name} @cost`);
        }
      }
    }
    expect(lacking).toEqual([]);
  });

  test('220 searches that count are too costly, one is not', () => {
    const search = (alias: string) => `${alias}: legalCases(first: 1, filter: { text: "land" }) { totalCount nodes { id } }`;
    const many = Array.from({ length: 220 }, (_, index) => search(`a${index}`)).join(' ');
    expect(costIn(sdl, `{ ${search('a')} }`)).toBe(532);
    expect(costIn(sdl, `{ ${many} }`)).toBeGreaterThan(defaultMaxOperationCost);
  });
});
