import { createTestFederation } from './support/testFederation.js';
import type { TestFederation, TestSubgraph } from './support/testFederation.js';

type Row = Record<string, unknown>;

const cases: Row[] = [
  { id: '1', lead: { id: 'ann' }, team: [{ id: 'ann' }, { id: 'bob' }], unit: { id: 'lnd' }, judge: null },
  { id: '2', lead: { id: 'bob' }, team: [], unit: null, judge: null },
];
const people: Record<string, Row> = {
  ann: { id: 'ann', name: 'Ann', unit: { id: 'lnd' } },
  bob: { id: 'bob', name: 'Bob', unit: { id: 'leg' } },
};

const casesSubgraph: TestSubgraph = {
  sdl: `
    type Query { cases: [Case!]! }
    type Case { id: ID! lead: Person team: [Person!]! unit: Unit judge: Person }
    type Person @key(fields: "id", resolvable: false) { id: ID! }
    type Unit @key(fields: "id", resolvable: false) { id: ID! }`,
  resolvers: { Query: { cases: () => cases } },
};
const peopleSdl = `
  type Person @key(fields: "id") { id: ID! name: String mail: String nick(length: Int = 2, suffix: String): String unit: Unit friend: Person }
  type Unit @key(fields: "id") { id: ID! name: String }`;
const peopleSubgraph: TestSubgraph = {
  sdl: peopleSdl,
  resolvers: {
    Person: {
      __resolveReference: ({ id }: Row) => people[id as string],
      mail: ({ id }: Row) => {
        if (id === 'bob') throw new Error('no mail');
        return `${String(id)}@example.org`;
      },
      nick: ({ name }: { name: string }, { length, suffix }: { length: number; suffix?: string }) =>
        name.slice(0, length) + (suffix ?? ''),
      friend: () => people['ann'],
    },
    Unit: { __resolveReference: ({ id }: Row) => ({ id, name: `Unit ${String(id)}` }) },
  },
};
const placesSubgraph: TestSubgraph = {
  sdl: 'type Unit @key(fields: "id") { id: ID! floor: Int }',
  resolvers: { Unit: { __resolveReference: ({ id }: Row) => ({ id, floor: 4 }) } },
};

describe('entities of several places', () => {
  let federation: TestFederation;
  beforeAll(async () => {
    federation = await createTestFederation({ cases: casesSubgraph, people: peopleSubgraph, places: placesSubgraph });
  });
  afterAll(async () => federation.stop());
  beforeEach(() => void federation.asked.splice(0));

  const askedOf = (subgraph: string) => federation.asked.filter((operation) => operation.subgraph === subgraph);

  test('are asked of a subgraph in one request, those of each place once', async () => {
    const { data } = await federation.askBoth('{ cases { lead { name } team { name nick } unit { name } } }');
    expect(data).toMatchObject({ cases: [{ lead: { name: 'Ann' }, unit: { name: 'Unit lnd' } }, { lead: { name: 'Bob' } }] });
    const [asked, ...others] = askedOf('people');
    expect(others).toEqual([]);
    const ids = Object.values(asked!.variables!).map((representations) => (representations as Row[]).map(({ id }) => id));
    expect(ids.map(String).sort()).toEqual(['ann,bob', 'ann,bob', 'lnd']);
  });

  test('and what follows from them is asked together as well', async () => {
    const { errors } = await federation.askBoth(
      '{ cases { lead { unit { floor } } team { unit { floor } } unit { floor name } } }',
    );
    expect(errors).toBeUndefined();
    // Of the cases' own units at once, of those of people when they are known.
    expect(federation.asked.map(({ subgraph }) => subgraph)).toEqual(['cases', 'people', 'places', 'places']);
  });

  test('of which one has none are asked as one place alone is', async () => {
    await federation.askBoth('{ cases { lead { name } judge { name nick } } }');
    const [asked] = askedOf('people');
    expect(asked!.variables).toEqual({
      representations: [expect.objectContaining({ id: 'ann' }), expect.objectContaining({ id: 'bob' })],
    });
    expect(asked!.query).not.toContain('nick');
  });

  test('of which some have none are asked in one request', async () => {
    await federation.askBoth('{ cases { lead { name } judge { name } team { nick } } }');
    const [asked, ...others] = askedOf('people');
    expect(others).toEqual([]);
    expect(
      Object.values(asked!.variables!)
        .map((representations) => (representations as Row[]).length)
        .sort(),
    ).toEqual([0, 2, 2]);
  });

  test('of which all have none are not asked about', async () => {
    await federation.askBoth('{ cases { judge { name } again: judge { nick } } }');
    expect(askedOf('people')).toEqual([]);
  });

  test('share the variables of the caller, whatever they are called', async () => {
    const query = (suffix: string) => `query Names($representations0: Int = 1, $${suffix}: String, $__proto__: String) {
      cases { lead { nick(length: $representations0, suffix: $${suffix}) } team { nick(length: $representations0, suffix: $__proto__) } }
    }`;
    for (const variables of [{}, { representations0: 3 }, { representations1: '!', representations0: null }])
      await federation.askBoth(query('representations1'), { variables });
    // The stock gateway takes the caller's $representations for its own.
    const variables = JSON.parse('{"__proto__": "?", "representations": "!"}') as Row;
    const { data } = await federation.ask(query('representations'), { variables });
    expect(data).toEqual({
      cases: [
        { lead: { nick: 'A!' }, team: [{ nick: 'A?' }, { nick: 'B?' }] },
        { lead: { nick: 'B!' }, team: [] },
      ],
    });
  });

  test('keep their fragments apart', async () => {
    const query = `
      query People($length: Int) { cases { lead { ...body friend { ...body } } team { name friend { ...body friend { ...body } } } } }
      fragment body on Person { name nick(length: $length) }`;
    await federation.askBoth(query, { variables: { length: 1 } });
    expect(askedOf('people')).toHaveLength(1);
    expect(askedOf('people')[0]!.query).toMatch(/fragment part0_body.*fragment part1_body/);
  });

  test('are skipped or not each for itself', async () => {
    const query = `query Some($wide: Boolean!) { cases { lead @include(if: $wide) { name } team { nick @skip(if: $wide) name } unit { name @include(if: $wide) } } }`;
    for (const wide of [true, false]) await federation.askBoth(query, { variables: { wide } });
  });

  test('fail each at its place', async () => {
    const { errors } = await federation.askBoth('{ cases { lead { mail } team { name mail } unit { name } } }');
    expect(errors!.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ['cases', 1, 'lead', 'mail'],
        ['cases', 0, 'team', 1, 'mail'],
      ]),
    );
    expect(errors).toHaveLength(2);
  });
});

describe('a subgraph that is asked about entities of several places', () => {
  const query = '{ cases { lead { name } unit { name } } }';
  const nothing = {
    data: {
      cases: [
        { lead: { name: null }, unit: { name: null } },
        { lead: { name: null }, unit: null },
      ],
    },
  };
  const named = (...names: string[]) => names.map((name) => ({ name }));

  async function answered(answer: TestSubgraph['answer']) {
    const federation = await createTestFederation({ cases: casesSubgraph, people: { sdl: peopleSdl, answer: answer! } });
    try {
      return await federation.ask(query);
    } finally {
      await federation.stop();
    }
  }

  test('and can not answer fails at each of them', async () => {
    const { errors, ...rest } = await answered(() => ({ data: null, errors: [{ message: 'Not today.' }] }));
    expect(rest).toMatchObject(nothing);
    expect(errors!.map(({ path }) => path)).toEqual([['cases'], ['cases']]);
  });

  test('and fails altogether for one of them answers the others', async () => {
    const { data, errors } = await answered(({ query: asked, variables }) => {
      if (asked.includes('entities0')) return { data: null, errors: [{ message: 'No people.', path: ['entities0'] }] };
      const isOfPeople = (variables!['representations'] as Row[])[0]!['__typename'] === 'Person';
      return isOfPeople
        ? { data: null, errors: [{ message: 'No people.', path: ['_entities'] }] }
        : { data: { _entities: named('Lands') } };
    });
    expect(data).toEqual({
      cases: [
        { lead: { name: null }, unit: { name: 'Lands' } },
        { lead: { name: null }, unit: null },
      ],
    });
    expect(errors!.map(({ path }) => path)).toEqual([['cases']]);
  });

  test('and refuses what is asked of one of them answers the others', async () => {
    const { data, errors } = await answered(({ query: asked, variables }) => {
      const isOfPeople = asked.includes('Person');
      if (isOfPeople) return { errors: [{ message: 'Cannot query field "name" on type "Person".' }] };
      return { data: { _entities: named(...(variables!['representations'] as Row[]).map(() => 'Lands')) } };
    });
    expect(data).toEqual({
      cases: [
        { lead: { name: null }, unit: { name: 'Lands' } },
        { lead: { name: null }, unit: null },
      ],
    });
    expect(errors!.map(({ path }) => path)).toEqual([['cases']]);
  });

  test('and says of the request what is wrong with it, is not asked again', async () => {
    let times = 0;
    const message = 'The database can not be reached.';
    const { errors } = await answered(() => {
      times += 1;
      return { data: null, errors: [{ message, path: ['entities0'], extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
    });
    expect(times).toBe(1);
    expect(errors!.map((error) => error.message)).toContain(message);
  });

  test('and reports errors in one of them only, is not asked again', async () => {
    let times = 0;
    const { data, errors } = await answered(({ variables }) => {
      times += 1;
      const answers = Object.entries(variables!).map(([name, asked]): [string, unknown[]] => {
        const representations = asked as Row[];
        const isOfPeople = representations[0]!['__typename'] === 'Person';
        return [name.replace('representations', 'entities'), representations.map(() => ({ name: isOfPeople ? null : 'Lands' }))];
      });
      const [ofPeople] = answers.find(([, [first]]) => (first as Row)['name'] === null)!;
      return { data: Object.fromEntries(answers), errors: [{ message: 'no name', path: [ofPeople, 1, 'name'] }] };
    });
    expect(times).toBe(1);
    expect(data).toEqual({
      cases: [
        { lead: { name: null }, unit: { name: 'Lands' } },
        { lead: { name: null }, unit: null },
      ],
    });
    expect(errors!.map(({ path }) => path)).toEqual([['cases', 1, 'lead', 'name']]);
  });

  test('and is asked by somebody who has gone is not asked again', async () => {
    const gone = new AbortController();
    let times = 0;
    const federation = await createTestFederation({
      cases: casesSubgraph,
      people: {
        sdl: peopleSdl,
        answer: () => {
          times += 1;
          gone.abort();
          return { data: null, errors: [{ message: 'Not today.' }] };
        },
      },
    });
    await federation.ask(query, { signal: gone.signal });
    await federation.stop();
    expect(times).toBe(1);
  });

  test('and can not be reached is told of once', async () => {
    const { errors, ...rest } = await answered(() => Promise.reject(new Error('connect ECONNREFUSED')));
    expect(rest).toMatchObject(nothing);
    expect(errors).toHaveLength(1);
  });

  test('and answers of one with another number is believed about the others', async () => {
    const { data, errors } = await answered(({ variables }) => ({
      data: Object.fromEntries(
        Object.entries(variables!).map(([name, asked]) => {
          const isOfPeople = (asked as Row[])[0]!['__typename'] === 'Person';
          return [name.replace('representations', 'entities'), isOfPeople ? named('Ann') : named('Lands')];
        }),
      ),
    }));
    expect(data).toEqual({
      cases: [
        { lead: { name: null }, unit: { name: 'Lands' } },
        { lead: { name: null }, unit: null },
      ],
    });
    expect(errors).toHaveLength(1);
  });
});
