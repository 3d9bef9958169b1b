import { getIntrospectionQuery } from 'graphql';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';

describe('identity', () => {
  const subgraphs = stubSubgraphs();
  let gateway: TestGateway;
  const forwarded = () => Object.values(subgraphs).flatMap(({ requests }) => requests);

  beforeAll(async () => {
    gateway = await startTestGateway({ subgraphs });
  });
  beforeEach(() => Object.values(subgraphs).forEach(({ requests }) => requests.splice(0)));
  afterAll(() => gateway.stop());

  test('an operation over two subgraphs answers, and both are told the token and the request id', async () => {
    const { status, headers, body } = await gateway.ask(
      '{ legalCaseByNumber(caseNumber: "x") { caseNumber lead { fullName } } }',
      { headers: { 'x-request-id': 'from-the-caller' } },
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: { data: { legalCaseByNumber: { caseNumber: 'LC-2026-000001', lead: { fullName: 'Ada Example' } } } },
    });
    expect(headers.get('x-request-id')).toBe('from-the-caller');
    expect(forwarded()).toHaveLength(2);
    for (const { authorization, requestId } of forwarded()) {
      expect(authorization).toMatch(/^Bearer ey/);
      expect(requestId).toBe('from-the-caller');
    }
  });

  test('an anonymous caller gets UNAUTHENTICATED for data, also beside the schema, and nothing is forwarded', async () => {
    for (const query of [
      '{ me { id } }',
      '{ __typename me { id } }',
      '{ ...F } fragment F on Query { me { id } }',
      'mutation { createOrgUnit(input: { code: "A", name: "A" }) { orgUnit { id } } }',
    ]) {
      const { status, headers, body } = await gateway.ask(query, { token: undefined });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body.data).toBeUndefined();
      expect(body.errors?.[0]?.extensions).toEqual({
        code: 'UNAUTHENTICATED',
        hint: expect.stringContaining('Authorization: Bearer') as string,
        requestId: headers.get('x-request-id'),
      });
    }
    expect(forwarded()).toEqual([]);
  });

  test('an anonymous caller may read the schema where introspection is allowed', async () => {
    const { status, body } = await gateway.ask(getIntrospectionQuery(), { token: undefined });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).not.toContain('caseLinks');
  });

  test('without introspection an anonymous caller does not learn whether an operation is valid', async () => {
    const closed = await startTestGateway({ allowIntrospection: false });
    try {
      for (const query of ['{ __typename }', '{ nonsense }', '{', getIntrospectionQuery()]) {
        const { status, body } = await closed.ask(query, { token: undefined });
        expect({ status, code: body.errors?.[0]?.extensions['code'] }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
      }
      const signedIn = await closed.ask(getIntrospectionQuery());
      expect({ status: signedIn.status, data: signedIn.body.data }).toEqual({ status: 400, data: undefined });
      const misspelt = await closed.ask('{ legalCase2 { id } }');
      expect(misspelt.body.errors?.[0]?.message).not.toContain('Did you mean');
      const query = 'query ($f: LegalCaseFilter) { legalCases(filter: $f) { totalCount } }';
      const misspeltVariables = [
        { f: { texts: 'x' } },
        { f: { status: ['OPENN'] } },
        { f: { openedFrom: 'x'.repeat(500), texts: 'x' } },
      ];
      for (const variables of misspeltVariables) {
        const refused = (await closed.ask(query, { variables })).body.errors?.[0];
        expect(refused?.extensions['code']).toBe('BAD_USER_INPUT');
        expect(refused?.message).not.toContain('Did you mean');
      }
    } finally {
      await closed.stop();
    }
  });

  test.each([
    ['an expired token', () => tokenFor(undefined, -60), /^The token expired at \d{4}-/],
    ['a token for a subject that is no id', () => tokenFor('ada'), /"ada" as its subject/],
    ['a token of nonsense', async () => 'nonsense', /signature or its form/],
    ['a token that was tampered with', async () => `${(await tokenFor()).slice(0, -6)}AAAAAA`, /signature or its form/],
  ])('%s is refused with 401, even for the schema', async (_what, token, message) => {
    const { status, body } = await gateway.ask('{ __typename }', { token: await token() });
    expect(status).toBe(401);
    expect(body.errors?.[0]?.message).toMatch(message);
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.any(String) as string,
      requestId: expect.any(String) as string,
    });
    expect(forwarded()).toEqual([]);
  });
});
