/** What a field costs: 20 cases with 1 to 50 fields each. A document may have no more aliases. */
import { openArena } from '../arena.js';
import { graphqlRequest } from '../contenders.js';
import { cpuOf, median } from '../results.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const numbers = [1, 10, 25, 50];
const columns = [
  'caseNumber',
  'title',
  'status',
  'priority',
  'openedOn',
  'region',
  'caseType',
  'isRestricted',
  'version',
  'updatedAt',
];

export const fields: Study = async (options, onStep) => {
  const arena = await openArena({ ...options, contenders: ['oneProcess'], operations: [], callers: 100, compared: 0 }, onStep);
  try {
    const contender = arena.contenders[0]!;
    const subjects = numbers.map((number) => {
      const selected = Array.from({ length: number }, (_, index) => `f${index}: ${columns[index % columns.length]}`);
      const document = `{ legalCases(first: 20) { nodes { ${selected.join(' ')} } } }`;
      const operation = { name: 'fields', document, isWrite: false, sets: [] };
      const requests = arena.callers.readers.map((caller) => graphqlRequest(operation, { variables: {}, caller }));
      return { name: `${number} fields`, contender, requests, connections: options.connections, postmaster: arena.postmaster };
    });
    const found = await runRounds({ ...options, title: 'fields', subjects, onStep });
    const [one, most] = [found['1 fields']!, found['50 fields']!];
    const perField = ((median(most.map(cpuOf)) - median(one.map(cpuOf))) * 1000) / (49 * 20);
    return {
      subject: 'fields',
      node: arena.ground.runtime.version,
      lines: [
        ...Object.entries(found).map(([name, rounds]) => lineOf(name, rounds)),
        `One field of one case costs ${perField.toFixed(1)} µs of CPU.`,
      ],
      figures: { ...comparison('50 fields to 1', most, one), 'microseconds of CPU a field': Math.round(perField * 10) / 10 },
    };
  } finally {
    await arena.stop();
  }
};
