import { compiling, createExecutor } from '@bailiwick/kernel/graphql';
import type { GraphQLSchema } from 'graphql';
import { compareExecutions } from './compareExecutions.js';
import type { Executions } from './compareExecutions.js';
import { nastyOperation } from './nastyOperations.js';
import { nastySchema } from './nastySchema.js';

const executing = (schema: GraphQLSchema) => ({ schema, execute: createExecutor(schema) });
const executions: Executions = { strict: executing(nastySchema(false)), lenient: executing(nastySchema(true)) };

/** EXECUTOR_SEED and EXECUTOR_OPERATIONS look further. */
const seed = process.env['EXECUTOR_SEED'] ?? '4';
const operations = Number(process.env['EXECUTOR_OPERATIONS'] ?? 400);

test.each([0, 1, 4, 15])(
  'operations are answered as graphql-js answers them, where %i %% of the values fail',
  async (failures) => {
    let errors = 0;
    let same = 0;
    for (let number = 1; number <= operations / 4; number++) {
      const name = `${seed} ${failures} ${number}`;
      const operation = nastyOperation(executions.strict.schema, name);
      // Every other one by functions of its own, as after many objects.
      compiling.after = number % 2 === 0 ? 0 : Infinity;
      const compared = await compareExecutions(executions, operation, name, failures);
      if (compared.differences.length > 0) {
        throw new Error(
          `${name}:\n${operation.query}\n${JSON.stringify(operation.variables)}\n  ${compared.differences.join('\n  ')}`,
        );
      }
      errors += compared.errors;
      same += Number(compared.hasSameErrors);
    }
    // The operations are worth something, and where the specification leaves a choice of errors, most choices are the same.
    expect(errors).toBeGreaterThan(operations / 8);
    expect(same).toBeGreaterThan(operations / 8);
  },
  120_000,
);
