import { readdirSync, readFileSync } from 'node:fs';
import { Supergraph } from '@apollo/federation-internals';
import { scalars } from '@bailiwick/kernel/graphql';
import { getOperationAST, isScalarType, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { defaultMaxOperationCost, operationCost } from '../src/limits/cost.js';
import { limitDepth } from '../src/limits/depth.js';
import { readOperations } from '../src/pages/operations.js';
import { committedSupergraph } from '../src/supergraph.js';

const schema = Supergraph.build(readFileSync(committedSupergraph, 'utf8')).apiSchema().toGraphQLJSSchema();
for (const scalar of Object.values(scalars)) {
  const type = schema.getType(scalar.name);
  if (isScalarType(type))
    Object.assign(type, { parseValue: scalar.parseValue.bind(scalar), parseLiteral: scalar.parseLiteral.bind(scalar) });
}
const operations = readOperations();

describe('the example operations', () => {
  test('me comes first, and the mutations last', () => {
    expect(operations[0]?.name).toBe('me');
    expect(operations.map(({ kind }) => kind).join()).toMatch(/^(query,?)+(mutation,?)+$/);
  });

  test('every file of the folder belongs to an operation', () => {
    const files = readdirSync(new URL('../operations/', import.meta.url));
    const named = operations.flatMap(({ name, variables }) =>
      variables ? [`${name}.graphql`, `${name}.variables.json`] : [`${name}.graphql`],
    );
    expect(files.sort()).toEqual(named.sort());
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is valid, explained, named after its file, and within the limits',
    (name, operation) => {
      const document = parse(operation.document);
      expect(validate(schema, document)).toEqual([]);
      expect(operation.description.length).toBeGreaterThan(20);
      const definition = getOperationAST(document)!;
      expect(definition.name?.value).toBe(name[0]!.toUpperCase() + name.slice(1));
      const variables = JSON.parse(operation.variables || '{}') as Record<string, unknown>;
      expect(getVariableValues(schema, definition.variableDefinitions ?? [], variables).errors).toBeUndefined();
      expect(operationCost({ schema, document, variables })).toBeLessThan(defaultMaxOperationCost);
      expect(() => limitDepth(document, definition)).not.toThrow();
    },
  );
});
