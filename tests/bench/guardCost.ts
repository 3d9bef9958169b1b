/**
 * What the guard's triggers cost a write load, as a ratio within one run: single-row statements, each a transaction of its own, on a
 * table with the guard's triggers and on its twin without them, one by one in turns, so that whatever else the machine does meets both.
 * Run: node --conditions=bailiwick-source --import tsx tests/bench/guardCost.ts <superuser URL of a migrated database with sample data>
 * It makes and drops a schema `bench`, and takes its own rows away again.
 */
import { connect } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';

const [url = ''] = process.argv.slice(2);
const statements = 6000;
const guarded = 'case_management.tasks';
const twin = 'bench.tasks';

const operator = await connect(url, 'bench');
await operator.query(
  `drop schema if exists bench cascade; create schema bench; create table ${twin} (like ${guarded} including all)`,
);
const { rows: triggers } = await operator.query<{ definition: string }>(
  `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = '${guarded}'::regclass and not tgisinternal and tgname !~ '^guard_'
   union all select format('alter table ${twin} add constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint
     where conrelid = '${guarded}'::regclass and contype = 'f'`,
);
for (const { definition } of triggers) await operator.query(definition.replace(`ON ${guarded}`, `ON ${twin}`));
await operator.query(`insert into ${twin} select * from ${guarded}; analyze ${twin}; analyze ${guarded}`);
const { rows: found } = await operator.query<{ id: string; caseId: string }>(
  `select id, case_id as "caseId" from ${guarded} limit 1`,
);
const { id = '', caseId = '' } = found[0] ?? {};

const writer = await connect(url, 'bench');
const newId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const load: Record<string, (client: Client, table: string, n: number) => Promise<unknown>> = {
  insert: (client, table, n) =>
    client.query({
      name: `insert ${table}`,
      text: `insert into ${table} (id, case_id, title) values ($1, $2, 'bench')`,
      values: [newId(n), caseId],
    }),
  update: (client, table, n) =>
    client.query({
      name: `update ${table}`,
      text: `update ${table} set completion_notes = $1 where id = $2`,
      values: [String(n), id],
    }),
  delete: (client, table, n) =>
    client.query({ name: `delete ${table}`, text: `delete from ${table} where id = $1`, values: [newId(n)] }),
};

/** Milliseconds, the slowest twentieth left out: that is the machine, not the statement. */
const mean = (values: number[]) => {
  const kept = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length * 0.95));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
};

let [all, allOfTwin] = [0, 0];
for (const [name, send] of Object.entries(load)) {
  const spent: Record<string, number[]> = { [guarded]: [], [twin]: [] };
  for (let n = 0; n < statements; n++) {
    for (const table of n % 2 ? [guarded, twin] : [twin, guarded]) {
      const started = performance.now();
      await send(writer, table, n);
      spent[table]?.push(performance.now() - started);
    }
  }
  const [on, off] = [mean(spent[guarded] ?? []), mean(spent[twin] ?? [])];
  [all, allOfTwin] = [all + on, allOfTwin + off];
  process.stdout.write(`${name}: ${off.toFixed(4)} ms without, ${on.toFixed(4)} ms with the guard: ${(on / off).toFixed(3)}\n`);
}
process.stdout.write(`all three alike: ${(all / allOfTwin).toFixed(3)}\n`);
await operator.query('drop schema bench cascade');
await operator.end();
await writer.end();
