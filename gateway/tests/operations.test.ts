import { readdirSync, readFileSync } from 'node:fs';
import { Supergraph } from '@apollo/federation-internals';
import { scalars } from '@bailiwick/kernel/graphql';
import { getOperationAST, isScalarType, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { createCostCounter, defaultMaxOperationCost } from '../src/limits/cost.js';
import { limitDepth } from '../src/limits/depth.js';
import { documentLimits } from '../src/limits/rules/index.js';
import { readOperations } from '../src/pages/operations.js';
import { committedSupergraph } from '../src/supergraph.js';

const supergraphSdl = readFileSync(committedSupergraph, 'utf8');
const countCost = createCostCounter(supergraphSdl);
const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
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
      expect(validate(schema, document, documentLimits)).toEqual([]);
      expect(operation.description.length).toBeGreaterThan(20);
      const definition = getOperationAST(document)!;
      expect(definition.name?.value).toBe(name[0]!.toUpperCase() + name.slice(1));
      const variables = JSON.parse(operation.variables || '{}') as Record<string, unknown>;
      const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
      expect(errors).toBeUndefined();
      expect(countCost({ document, operation: definition, variables: coerced! })).toBeLessThan(defaultMaxOperationCost);
      expect(() => limitDepth(document, definition)).not.toThrow();
    },
  );
});
