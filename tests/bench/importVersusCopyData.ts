import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Client } from 'pg';

/** The rows of the import benchmark: costs of made-up cases, in the columns that both COPY and the import read. */

export const copyColumns = [
  'id',
  'case_id',
  'cost_type',
  'amount',
  'currency',
  'incurred_on',
  'paid_on',
  'payment_status',
  'amount_paid',
  'description',
  'reference_number',
  'payee_name',
];

export const benchMapping = `
title: Costs for the benchmark
sources:
  costs: { file: costs.csv }
targets:
  - name: costs
    table: case_management.case_costs
    from: costs
    id: { column: id }
    columns: { ${copyColumns
      .filter((name) => name !== 'id')
      .map((name) => `${name}: ${name}`)
      .join(', ')} }
`;

const caseCount = 1000;
const uuid = (kind: string, n: number): string => `${kind}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
/** Spreads ids over the index, as ids from elsewhere do. */
const scattered = (n: number): string => uuid((Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'), n);

/** Inserts the cases that the costs hang on. */
export async function writeCases(client: Client): Promise<void> {
  const ids = Array.from({ length: caseCount }, (_, n) => uuid('00000001', n));
  await client.query(`insert into case_management.legal_cases (id, title) select id, 'A case' from unnest($1::uuid[]) id`, [ids]);
  await client.query('analyze case_management.legal_cases');
}

/** Writes a CSV file of so many costs. */
export async function writeCosts(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1024 * 1024 });
  file.write(`${copyColumns.join(',')}\n`);
  for (let n = 0; n < rows; n++) {
    const month = String((n % 12) + 1).padStart(2, '0');
    const day = String((n % 28) + 1).padStart(2, '0');
    const isPaid = n % 2 === 0;
    const amount = ((n % 100000) / 7).toFixed(2);
    const line = [
      scattered(n),
      uuid('00000001', n % caseCount),
      'filing fee',
      amount,
      'PGK',
      `2024-${month}-${day}`,
      isPaid ? `2025-${month}-${day}` : '',
      isPaid ? 'paid' : 'unpaid',
      isPaid ? amount : '0',
      `"Registry, counter ${n % 9}"`,
      `REF-${n}`,
      'A made-up payee',
    ].join(',');
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
