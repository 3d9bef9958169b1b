import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { defaultMaxOperationCost, operationCost } from '../src/limits/cost.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { startTestGateway } from './support/testGateway.js';
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
  const refused = async (query: string, variables?: object) => {
    forwarded().splice(0);
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
  beforeEach(() => Object.values(subgraphs).forEach(({ requests }) => requests.splice(0)));
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

describe('operationCost', () => {
  const schema = buildSchema(`
    type Query { unit: OrgUnit, cases(first: Int, last: Int): CaseConnection }
    type OrgUnit { name: String, children: [OrgUnit!]! }
    type CaseConnection { edges: [CaseEdge!]!, nodes: [Case!]!, pageInfo: PageInfo!, totalCount: Int! }
    type CaseEdge { cursor: String!, node: Case! }
    type Case { id: ID!, parties: [Party!]!, unit: OrgUnit }
    type Party { name: String }
    type PageInfo { endCursor: String }
  `);
  const costOf = (query: string) => operationCost({ schema, document: parse(query) });

  test.each([
    ['{ unit { name } }', 1],
    ['{ unit { children { name } } }', 21],
    ['{ cases { nodes { id } } }', 21],
    ['{ cases(first: 3) { nodes { id unit { name } } } }', 7],
    ['{ cases(last: 3) { edges { cursor node { id } } pageInfo { endCursor } } }', 4],
    ['{ cases(first: 10) { nodes { parties { name } } } }', 61],
    ['{ cases(first: 10) { totalCount } }', 11],
    ['{ cases(first: -5) { nodes { id } } }', 2],
    ['{ a: unit { name } b: unit { name } }', 2],
  ])('%s costs %d', (query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('the default limit lets a page of 100 with lists in it pass with room to spare', () => {
    expect(costOf('{ cases(first: 100) { nodes { parties { name } unit { name } } } }')).toBeLessThan(
      defaultMaxOperationCost / 2,
    );
  });
});
