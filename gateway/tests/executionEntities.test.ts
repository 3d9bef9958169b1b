import { createTestFederation } from './support/testFederation.js';
import type { TestFederation } from './support/testFederation.js';

type Row = Record<string, unknown>;

/** Cases in one subgraph, people in a second, money in a third, which knows an interface of the first as an object, rents in a fourth. */
const people: Record<string, Row> = {
  ann: { id: 'ann', name: 'Ann', unit: { code: 'LND', name: 'Lands' } },
  bob: { id: 'bob', name: 'Bob', unit: null },
};
const cases: Row[] = [
  {
    __typename: 'Suit',
    id: '1',
    office: { code: 'A', floor: 1 },
    number: 10,
    lead: { id: 'ann' },
    team: [{ id: 'ann' }, { id: 'bob' }],
  },
  { __typename: 'Audit', id: '2', office: { code: 'A', floor: 2 }, number: 20, lead: { id: 'ann' }, team: [] },
  {
    __typename: 'Suit',
    id: '3',
    office: { code: 'B', floor: 1 },
    number: 30,
    lead: { id: 'gone' },
    team: [{ id: 'gone' }, null, { id: 'ann' }],
  },
  { __typename: 'Audit', id: '4', office: null, number: null, lead: null, team: null },
];
let federation: TestFederation;

beforeAll(async () => {
  federation = await createTestFederation({
    cases: {
      sdl: `
        type Query { cases: [Case] grid: [[Suit!]] anything: [Anything] suit: Suit counters: [Counter!]! }
        interface Case @key(fields: "id") { id: ID! number: Int lead: Person team: [Person] }
        type Office { code: String! floor: Int! }
        type Suit implements Case @key(fields: "id") @key(fields: "office { code floor }") {
          id: ID! number: Int office: Office lead: Person @provides(fields: "name") team: [Person]
        }
        type Audit implements Case @key(fields: "id") { id: ID! number: Int lead: Person team: [Person] }
        type Person @key(fields: "id") { id: ID! name: String @external }
        union Anything = Suit | Audit | Person
        type Counter @key(fields: "id") { id: ID! weight: Int! @shareable }`,
      resolvers: {
        Query: {
          cases: () => cases,
          grid: () => [[cases[0], cases[2]], [], [cases[0]]],
          anything: () => [cases[0], { __typename: 'Person', id: 'ann' }, cases[1], null],
          suit: () => cases[0],
          counters: () => [
            { id: '1', weight: 1 },
            { id: '1', weight: 2 },
          ],
        },
        Suit: { lead: ({ lead }: Row) => lead && { ...lead, name: 'provided' } },
      },
    },
    people: {
      sdl: `
        type Person @key(fields: "id") { id: ID! name: String @shareable unit: Unit load: [Int] nick(short: Boolean): String }
        type Unit { code: String! name: String! }
        type Counter @key(fields: "id") { id: ID! grade: Int size: Size @shareable }
        type Size { width: Int @shareable }`,
      resolvers: {
        Person: {
          __resolveReference: ({ id }: { id: string }) => people[id] ?? null,
          load: () => [1, null, 3],
          nick: ({ name }: { name: string }, { short }: { short?: boolean }) => (short ? name[0] : name),
        },
        Counter: { __resolveReference: ({ id }: Row) => ({ id, grade: 5, size: { width: 7 } }) },
      },
    },
    money: {
      sdl: `
        type Case @key(fields: "id") @interfaceObject { id: ID! cost: Int! budget: Budget number: Int @external rate: Int @requires(fields: "number") }
        type Budget { total: Int spent: [Int!] }`,
      resolvers: {
        Case: {
          __resolveReference: ({ id, number }: Row) => ({ id, number, cost: 100, budget: { total: Number(id), spent: [1, 2] } }),
          rate: ({ number }: Row) => (number === null ? null : Number(number) * 2),
        },
      },
    },
    offices: {
      sdl: `
        type Suit @key(fields: "office { code floor }") { office: Office rent: Int }
        type Office { code: String! floor: Int! }
        type Counter @key(fields: "id") { id: ID! weight: Int! @external grade: Int @external size: Size @shareable @requires(fields: "weight grade") deep: Deep @requires(fields: "weight") }
        type Size { height: Int @shareable }
        type Deep { weight: Int }`,
      resolvers: {
        Suit: { __resolveReference: ({ office }: { office: Row }) => ({ office, rent: Number(office['floor']) * 5 }) },
        Counter: {
          __resolveReference: (reference: Row) => reference,
          deep: ({ weight }: Row) => ({ weight }),
          size: ({ weight }: Row) => ({ height: weight }),
        },
      },
    },
  });
});
afterAll(async () => federation.stop());
beforeEach(() => void federation.asked.splice(0));

describe('entities', () => {
  test.each([
    ['of an interface', '{ cases { id __typename lead { name unit { name code } } } }'],
    ['of an interface, one type at a time', '{ cases { ... on Suit { lead { load } } ... on Audit { id team { name } } } }'],
    [
      'of a union',
      '{ anything { __typename ... on Person { name } ... on Case { number lead { name } } ... on Suit { rent } } }',
    ],
    ['in lists of entities', '{ cases { team { name unit { code } } number } }'],
    ['in lists of lists', '{ grid { number lead { unit { name } } rent } }'],
    ['with a nested key', '{ suit { rent office { floor } } }'],
    ['with a nested key of an abstract type', '{ cases { ... on Suit { rent } id } }'],
    ['of an interface object', '{ cases { cost __typename budget { spent total } } }'],
    ['of an interface object with a requirement', '{ cases { rate } }'],
    ['of an interface object under one type', '{ cases { ... on Audit { cost rate } ... on Suit { budget { total } } } }'],
    ['with provided fields', '{ suit { lead { name } } }'],
    ['with provided fields and others', '{ suit { lead { name nick(short: true) } team { name } } }'],
    ['with requirements that differ for the same key', '{ counters { weight deep { weight } } }'],
    ['with a part from each of two subgraphs', '{ counters { id size { width height } } }'],
  ])('%s are answered as by the stock gateway', async (_what, query) => {
    const { data } = await federation.askBoth(query);
    expect(data).toBeTruthy();
  });

  test('are asked about once, however often they are in the answer', async () => {
    await federation.ask('{ cases { lead { name } team { name } } }');
    const [asked] = federation.asked.filter(({ subgraph }) => subgraph === 'people');
    const [leads, team] = Object.values(asked!.variables!)
      .map((representations) => (representations as Row[]).map(({ id }) => id))
      .sort((one, other) => one.length - other.length);
    expect(leads).toEqual(['ann', 'gone']);
    expect(team).toEqual(['ann', 'bob', 'gone']);
  });

  test('that a subgraph does not know are there with what the others know', async () => {
    const { data, errors } = await federation.askBoth('{ cases { id lead { id name } } }');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ cases: [{}, {}, { id: '3', lead: { id: 'gone', name: null } }, { lead: null }] });
  });

  test('that are equal for one subgraph and not for the next keep what each is answered', async () => {
    // Asked about `size` both are one; what is added to their sizes later must not meet in one object.
    const { data } = await federation.askBoth('{ counters { size { width height } deep { weight } } }');
    expect(data).toEqual({
      counters: [
        { size: { width: 7, height: 1 }, deep: { weight: 1 } },
        { size: { width: 7, height: 2 }, deep: { weight: 2 } },
      ],
    });
  });

  test('fragments in fragments and conditions on all of them', async () => {
    const query = `
      query Some($deep: Boolean!, $wide: Boolean = true, $none: Boolean = false) {
        cases { ...head @include(if: $deep) ... on Suit @skip(if: $none) { id ...body } }
      }
      fragment head on Case { id ...person }
      fragment person on Case { lead { name @include(if: $wide) ...own } }
      fragment own on Person { unit @skip(if: $wide) { name } nick }
      fragment body on Suit { rent @include(if: $deep) number }`;
    for (const deep of [true, false])
      for (const wide of [true, false, undefined])
        for (const none of [true, undefined]) await federation.askBoth(query, { variables: { deep, wide, none } });
  });
});
