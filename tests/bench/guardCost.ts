/**
 * What the guard's triggers cost a write load, as a ratio within one run, on tables with the guard's triggers and on their twins without them, one by one
 * in turns, so that whatever else the machine does meets both. First single-row statements, each a transaction of its own; then the transaction of
 * pgbench's own script (PostgreSQL: "pgbench", tpcb-like), statement by statement: three single-row updates of three tables, a select, an insert.
 * Run: node --conditions=bailiwick-source --import tsx tests/bench/guardCost.ts <superuser URL of a migrated database with sample data> [6000]
 * It makes and drops a schema `bench`, and takes its own rows away again.
 */
import { connect } from '@bailiwick/database/setup/connect';

const [url = '', count = '6000'] = process.argv.slice(2);
const statements = Number(count);
const tables = ['tasks', 'parties', 'documents', 'case_events'];

const operator = await connect(url, 'bench');
await operator.query('drop schema if exists bench cascade; create schema bench');
for (const table of tables) {
  const [guarded, twin] = [`case_management.${table}`, `bench.${table}`];
  await operator.query(
    `create table ${twin} (like ${guarded} including all); alter table ${twin} enable row level security, force row level security`,
  );
  const { rows: triggers } = await operator.query<{ definition: string }>(
    `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = '${guarded}'::regclass and not tgisinternal and tgname !~ '^guard_'
     union all select format('alter table ${twin} add constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint
       where conrelid = '${guarded}'::regclass and contype = 'f'`,
  );
  for (const { definition } of triggers) await operator.query(definition.replace(`ON ${guarded}`, `ON ${twin}`));
  await operator.query(`insert into ${twin} select * from ${guarded}; analyze ${twin}; analyze ${guarded}`);
}
const firstOf = async (table: string): Promise<{ id: string; caseId: string }> => {
  const { rows } = await operator.query<{ id: string; caseId: string }>(
    `select id, case_id as "caseId" from case_management.${table} limit 1`,
  );
  return rows[0] ?? { id: '', caseId: '' };
};
const [task, party, document] = [await firstOf('tasks'), await firstOf('parties'), await firstOf('documents')];

const writer = await connect(url, 'bench');
const newId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** Prepared once for each text. */
const send = async (text: string, ...values: unknown[]): Promise<unknown> =>
  writer.query({ name: text.slice(0, 60), text, values });

const load: Record<string, (schema: string, n: number) => Promise<unknown>> = {
  insert: async (schema, n) =>
    send(`insert into ${schema}.tasks (id, case_id, title) values ($1, $2, 'bench')`, newId(n), task.caseId),
  update: async (schema, n) => send(`update ${schema}.tasks set completion_notes = $1 where id = $2`, String(n), task.id),
  delete: async (schema, n) => send(`delete from ${schema}.tasks where id = $1`, newId(n)),
  'pgbench transaction': async (schema, n) => {
    await writer.query('begin');
    await send(`update ${schema}.tasks set completion_notes = $1 where id = $2`, String(n), task.id);
    await send(`select completion_notes from ${schema}.tasks where id = $1`, task.id);
    await send(`update ${schema}.parties set phone = $1 where id = $2`, String(n), party.id);
    await send(`update ${schema}.documents set description = $1 where id = $2`, String(n), document.id);
    await send(
      `insert into ${schema}.case_events (id, case_id, event_type, title, starts_at) values ($1, $2, 'meeting', 'bench', now())`,
      newId(n),
      task.caseId,
    );
    await writer.query('commit');
  },
};

/** Milliseconds, the slowest twentieth left out: that is the machine, not the statement. */
const mean = (values: number[]) => {
  const kept = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length * 0.95));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
};

const measured: Record<string, { on: number; off: number }> = {};
for (const [name, run] of Object.entries(load)) {
  const spent: Record<string, number[]> = { case_management: [], bench: [] };
  for (let n = 0; n < statements; n++) {
    for (const schema of n % 2 ? ['case_management', 'bench'] : ['bench', 'case_management']) {
      const started = performance.now();
      await run(schema, n);
      spent[schema]?.push(performance.now() - started);
    }
  }
  measured[name] = { on: mean(spent.case_management ?? []), off: mean(spent.bench ?? []) };
}
const say = (name: string, of: readonly string[]): void => {
  const sum = (which: 'on' | 'off'): number => of.reduce((all, one) => all + (measured[one]?.[which] ?? NaN), 0);
  const [on, off] = [sum('on'), sum('off')];
  process.stdout.write(`${name}: ${off.toFixed(4)} ms without, ${on.toFixed(4)} ms with the guard: ${(on / off).toFixed(3)}\n`);
};
for (const name of Object.keys(load)) say(name, [name]);
say('inserts and updates, as many of each', ['insert', 'update']);
// In pieces that the guard lets pass.
await operator.query(`do $$ begin loop
  delete from case_management.case_events where id in (select id from case_management.case_events where title = 'bench' limit 500);
  exit when not found;
end loop; end $$; drop schema bench cascade`);
await operator.end();
await writer.end();
