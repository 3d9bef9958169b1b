import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import type { Caller, Callers } from './callers.js';
import { amountOf, innerUnits } from './data.js';

/** One operation with the variables and the person of one request. */
export interface VariableSet {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

export interface Operation {
  readonly name: string;
  readonly document: string;
  readonly isWrite: boolean;
  /** As many as were asked for, each of another person; the first ones are the same whatever the number. */
  readonly sets: readonly VariableSet[];
}

const own = new URL('operations/', import.meta.url);
const examples = new URL('../../../gateway/operations/', import.meta.url);
/** caseList, me and orgTree are the bench's own: the examples of that name count rows or reach further. The others are those that analysts see. */
const documents: Record<string, URL> = {
  caseList: new URL('caseList.graphql', own),
  agencyOverview: new URL('agencyOverview.graphql', examples),
  caseDetail: new URL('caseDetail.graphql', examples),
  orgTree: new URL('orgTree.graphql', own),
  search: new URL('search.graphql', examples),
  me: new URL('me.graphql', own),
  openLegalCase: new URL('openLegalCase.graphql', examples),
};

export const operationNames = Object.keys(documents);

/** Comments are for people; the wire carries none. */
export const readDocument = (file: URL): string =>
  readFileSync(file, 'utf8')
    .replace(/^\s*#.*\n/gm, '')
    .trim();

const codeOf = (unit: number): string => `U-${String(unit).padStart(5, '0')}`;

/** Builds the variables of the operations from the rows that are there. */
export async function buildOperations(
  client: Client,
  callers: Callers,
  cases: number,
  names: readonly string[],
): Promise<Operation[]> {
  const { orgUnits } = amountOf(cases);
  const inner = innerUnits(orgUnits);
  const column = async (sql: string, values: unknown[] = []): Promise<string[]> => {
    const { rows } = await client.query<{ value: string }>(sql, values);
    return rows.map(({ value }) => value);
  };
  const many = callers.readers.length;
  const leaves = await column(
    `select u.id as value from public.org_units u where not exists (select from public.org_units k where k.parent_id = u.id) order by md5(u.code) limit $1`,
    [many],
  );
  const numbers = await column(
    `select case_number as value from case_management.legal_cases where not is_restricted and case_number < $2 order by md5(case_number) limit $1`,
    [many, `LC-2024-${String(amountOf(cases).withFile).padStart(8, '0')}`],
  );
  const families = await column(
    `select value from (select distinct split_part(title, ' ', 1) as value from case_management.legal_cases) f order by md5(value) limit $1`,
    [many],
  );
  const leads = callers.writers.map(({ personId }) => personId);
  const pick = <T>(values: readonly T[], index: number): T => values[index % values.length]!;

  const variablesOf: Record<string, (index: number) => Record<string, unknown>> = {
    caseList: (index) => ({ first: 50, filter: { orgUnitId: pick(leaves, index) } }),
    agencyOverview: (index) => ({ code: codeOf(1 + (index % (inner - 1))) }),
    caseDetail: (index) => ({ caseNumber: pick(numbers, index) }),
    // The units of the second to the fourth level: each has three levels below it.
    orgTree: (index) => ({ code: codeOf(1 + (index % Math.min(84, inner - 1))) }),
    search: (index) => ({ text: pick(families, index) }),
    me: () => ({}),
    openLegalCase: (index) => ({
      input: {
        title: `Holdings ${index} -v- The Office`,
        caseType: pick(['DISPUTE', 'TORT', 'FRAUD'], index),
        priority: pick(['MEDIUM', 'HIGH'], index),
        orgUnitId: pick(leaves, index),
        leadPersonId: pick(leads, index * 7),
        parties: [
          { name: `Holdings ${index}`, partyType: 'COMPANY', role: 'PLAINTIFF' },
          { name: 'The Office', partyType: 'GOVERNMENT_ENTITY', role: 'DEFENDANT' },
        ],
      },
    }),
  };
  const callersOf: Record<string, readonly Caller[]> = { me: callers.everybody, openLegalCase: callers.writers };

  return names.map((name) => {
    const persons = callersOf[name] ?? callers.readers;
    return {
      name,
      document: readDocument(documents[name]!),
      isWrite: name === 'openLegalCase',
      sets: persons.map((caller, index) => ({ variables: variablesOf[name]!(index), caller })),
    };
  });
}
