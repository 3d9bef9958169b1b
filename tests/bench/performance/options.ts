import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { operationNames } from './operations.js';
import { studies } from './growth/studies.js';
import { contenders } from './registry.js';

export interface BenchOptions {
  readonly cases: number;
  readonly operations: readonly string[];
  readonly contenders: readonly string[];
  readonly sets: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** How many answers of each operation are compared before the load. */
  readonly compared: number;
  readonly short: boolean;
  readonly json: string | undefined;
  readonly record: string | undefined;
  readonly against: string | undefined;
  /** What was measured before, in place of measuring. */
  readonly from: readonly string[];
  readonly docs: boolean;
  /** A study of growth, in place of the contenders. */
  readonly growth: string | undefined;
  /** Of the databases that the study of sizes compares, in cases. */
  readonly sizes: readonly number[];
  /** The file of the Node that runs the contenders; chosen when left out. */
  readonly node: string | undefined;
  readonly url: string | undefined;
  readonly dataDir: string | undefined;
}

export const usage = `npm run bench -- [options]

  --short               a few minutes: 20,000 cases, four operations, three rounds of two seconds
  --only a,b            operations: ${operationNames.join(', ')}
  --contenders a,b      ${Object.keys(contenders).join(', ')}
  --sets 1,20,1000      how many different variable sets are sent in turns
  --rounds n            alternating rounds (5)
  --seconds n           of each round (4)
  --connections n       (16)
  --compared n          answers of each operation that are compared before the load (100)
  --cases n             in the database (100000)
  --json FILE           writes ratios and all figures
  --record FILE         writes the ratios of CPU time that --against holds
  --against FILE        fails when a ratio is more than a fifth below the one in the file
  --growth name         ${Object.keys(studies).join(', ')}, in place of the contenders
  --sizes 10000,…       cases of the databases that --growth sizes compares (10000,1000000)
  --node FILE           the Node that runs the contenders (this one; where it is older than 22 and Hive Gateway or
                        PostGraphile takes part, that of tests/bench/contenders, which PostGraphile has beside an older FILE as well)
  --from a.json,b.json  measures nothing, and puts together what --json wrote
  --docs                writes the figures and the chart into docs/performance.md
  --url postgres://…    a superuser of a PostgreSQL on this machine that serves nothing else, in place of the embedded one
  --data-dir FOLDER     keeps the embedded server's data there, and fills it only once
`;

/** Reads the command line. Throws with what is wrong. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      contenders: { type: 'string' },
      sets: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      cases: { type: 'string' },
      compared: { type: 'string' },
      json: { type: 'string' },
      record: { type: 'string' },
      against: { type: 'string' },
      growth: { type: 'string' },
      sizes: { type: 'string', default: '10000,1000000' },
      from: { type: 'string' },
      docs: { type: 'boolean', default: false },
      node: { type: 'string' },
      url: { type: 'string' },
      'data-dir': { type: 'string' },
    },
  });
  const { short } = values;
  const number = (name: 'rounds' | 'seconds' | 'connections' | 'cases' | 'compared', otherwise: number): number => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} is ${values[name]}; give a number above 0.`);
    return value;
  };
  const names = (name: 'only' | 'contenders', known: readonly string[], otherwise: readonly string[]): string[] => {
    const given = values[name]?.split(',') ?? [...otherwise];
    const unknown = given.filter((one) => !known.includes(one));
    if (unknown.length > 0) throw new Error(`--${name} names ${unknown.join(', ')}; known are ${known.join(', ')}.`);
    return given;
  };
  if (values.growth !== undefined && !studies[values.growth])
    throw new Error(`--growth is ${values.growth}; known are ${Object.keys(studies).join(', ')}.`);
  return {
    cases: number('cases', short ? 20_000 : 100_000),
    operations: names('only', operationNames, short ? ['caseList', 'orgTree', 'me', 'openLegalCase'] : operationNames),
    contenders: names('contenders', Object.keys(contenders), Object.keys(contenders)),
    sets: values.sets?.split(',').map(Number) ?? (short ? [1000] : [1, 20, 1000]),
    rounds: number('rounds', short ? 3 : 5),
    seconds: number('seconds', short ? 2 : 4),
    warmUpSeconds: short ? 3 : 5,
    connections: number('connections', 16),
    compared: number('compared', short ? 20 : 100),
    short,
    json: values.json,
    record: values.record,
    against: values.against,
    from: values.from?.split(',') ?? [],
    docs: values.docs,
    growth: values.growth,
    sizes: values.sizes.split(',').map(Number),
    node: values.node?.includes('/') ? resolve(values.node) : values.node,
    url: values.url,
    dataDir: values['data-dir'],
  };
}
