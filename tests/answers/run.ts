import { samplePeople } from '@bailiwick/database/sample/sample';
import { compareAnswers } from './compare.js';
import { generateOperation } from './generate.js';
import type { GeneratedOperation } from './generate.js';
import type { Graphs } from './graphs.js';
import type { KnownValues } from './values.js';

/** What so many operations came to. */
export interface Tally {
  operations: number;
  withErrors: number;
  withNulls: number;
  refused: number;
  differing: number;
}

export interface RunOptions {
  seed: string;
  operations: number;
  /** Is told of each operation that is not answered alike. */
  onDifference: (operation: GeneratedOperation, role: string, differences: readonly string[]) => void;
}

/** Generates operations and compares their answers, each for the next of the sample people. */
export async function compareGenerated(graphs: Graphs, known: KnownValues, options: RunOptions): Promise<Tally> {
  const tally: Tally = { operations: options.operations, withErrors: 0, withNulls: 0, refused: 0, differing: 0 };
  for (let number = 1; number <= options.operations; number++) {
    const operation = generateOperation(graphs.schema, known, options.seed, number);
    const { personId, role } = samplePeople[number % samplePeople.length]!;
    const { differences, hasErrors, hasNulls, isRefused } = await compareAnswers(graphs, personId, operation);
    tally.withErrors += Number(hasErrors);
    tally.withNulls += Number(hasNulls);
    tally.refused += Number(isRefused);
    if (differences.length === 0) continue;
    tally.differing++;
    options.onDifference(operation, role, differences);
  }
  return tally;
}
