import { readFileSync } from 'node:fs';
import { samplePeople } from '@bailiwick/database/sample/sample';
import { maxAliases } from '@bailiwick/gateway/limits/rules/max-aliases';
import { committedSupergraph } from '@bailiwick/gateway/supergraph';
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  Kind,
  parse,
  print,
} from 'graphql';
import type { GraphQLObjectType, GraphQLSchema, IntrospectionQuery } from 'graphql';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { TestGraph } from '../support/graph.js';
import { createTestIssuer } from '../support/tokens.js';

const admin = samplePeople.find(({ role }) => role === 'System Admin')!.personId;

/** Every connection at the root. */
const lists = parse(readFileSync(committedSupergraph, 'utf8')).definitions.flatMap((definition) => {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Query') return [];
  const connections = definition.fields!.filter(({ type }) => print(type).endsWith('Connection'));
  return connections.map(({ name }) => name.value);
});

let database: TestDatabase;
let graph: TestGraph;
let schema: GraphQLSchema;

beforeAll(async () => {
  database = await createSampleDatabase();
  graph = await createTestGraph('one process', database, await createTestIssuer(), { maxOperationCost: 1_000_000 });
  schema = buildClientSchema((await nodesOfQuery(getIntrospectionQuery())) as IntrospectionQuery);
});
afterAll(async () => {
  await graph?.stop();
  await database?.drop();
});

async function nodesOfQuery(query: string): Promise<unknown> {
  const { data, errors } = await graph.ask(query, admin);
  expect(errors).toBeUndefined();
  return data;
}

/** Every selection that can be asked alone: each leaf, and each object without arguments with one of its leaves, or with an object of it and a leaf of that. */
function selectionsOf(type: GraphQLObjectType, depth = 2): string[] {
  return Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const named = getNamedType(field.type);
    if (isLeafType(named)) return [field.name];
    if (!isObjectType(named) || named.name.endsWith('Connection') || depth === 0) return [];
    const [first] = Object.values(named.getFields()).filter((one) => isLeafType(getNamedType(one.type)));
    const inner = depth === 1 ? [first!.name] : selectionsOf(named, depth - 1);
    return inner.map((selection) => `${field.name} { ${selection} }`);
  });
}

describe('reading only the columns that are selected', () => {
  test.each(lists)('%s answers each field alone as it answers it among all others', async (list) => {
    const connection = getNamedType(schema.getQueryType()!.getFields()[list]!.type) as GraphQLObjectType;
    const nodes = getNullableType(connection.getFields()['nodes']!.type);
    expect(isListType(nodes)).toBe(true);
    const selections = selectionsOf(getNamedType(nodes) as GraphQLObjectType);
    expect(selections.length).toBeGreaterThan(3);
    type Page = Record<string, { nodes: Record<string, unknown>[] }>;
    const together: Record<string, unknown>[] = [];
    // A document may have no more aliases: the fields are asked in groups of that size.
    for (let start = 0; start < selections.length; start += maxAliases) {
      const group = selections.slice(start, start + maxAliases).map((selection, index) => `f${start + index}: ${selection}`);
      const page = (await nodesOfQuery(`{ ${list}(first: 25) { nodes { ${group.join('\n')} } } }`)) as Page;
      page[list]!.nodes.forEach((node, index) => Object.assign((together[index] ??= {}), node));
    }
    for (const [index, selection] of selections.entries()) {
      const alone = (await nodesOfQuery(`{ ${list}(first: 25) { nodes { f: ${selection} } } }`)) as Page;
      expect([selection, alone[list]!.nodes.map(({ f }) => f)]).toEqual([selection, together.map((node) => node[`f${index}`])]);
    }
  });

  test('a column that nobody selected is not read', async () => {
    graph.statements.length = 0;
    await nodesOfQuery('{ legalCases(first: 2) { nodes { title lead { fullName } } } }');
    const page = graph.statements.find((text) => text.startsWith('/* case-management:legalCases.rows */'))!;
    expect(page).toContain('"title"');
    expect(page).not.toContain('"allegations"');
  });
});

test('a connection has only what its rows and its count are made of', () => {
  // Who selects none of the first three reads no rows (kernel, pagination/connection.ts): a field that is added and reads them has to be added there.
  const connections = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'));
  expect(connections.length).toBeGreaterThan(5);
  for (const connection of connections)
    expect(Object.keys((connection as GraphQLObjectType).getFields()).sort()).toEqual([
      'edges',
      'nodes',
      'pageInfo',
      'totalCount',
    ]);
});
