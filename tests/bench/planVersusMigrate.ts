/**
 * What a plan costs beside the plain migration of the same file, as a ratio within one run, in turns. Plain is what `migrate` did before there were
 * plans: lock, checksums, check, and the statements in one transaction with the record. Each is taken back.
 * Run: node --conditions=bailiwick-source --import tsx tests/bench/planVersusMigrate.ts <superuser URL of a migrated database, filled by manyRows.ts> [rounds]
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles } from '@bailiwick/database/check/checkFile';
import { sourcesOf } from '@bailiwick/database/check/refuse';
import { applyMigration } from '@bailiwick/database/migrate/apply';
import { migrationsFolder, readMigrations } from '@bailiwick/database/migrate/files';
import { withPending } from '@bailiwick/database/migrate/pending';
import { planMigrations } from '@bailiwick/database/plan/planMigrations';
import { connect } from '@bailiwick/database/setup/connect';
import { loginRoles } from '@bailiwick/database/setup/credentials';

const [url = '', rounds = '5'] = process.argv.slice(2);
const credentials = { roles: Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`])) };
const table = 'case_management.case_events';

const migrations: Record<string, { up: string; down: string }> = {
  'column, table and index': {
    up: `alter table ${table} add column if not exists bench_note text;
         create table case_management.bench_rooms (id uuid primary key, name text not null);
         create index bench_rooms_name on case_management.bench_rooms (name);`,
    down: `alter table ${table} drop column bench_note; drop table case_management.bench_rooms`,
  },
  'a constraint that every row is held against': {
    up: `alter table ${table} add constraint bench_created check (created_at > '1999-01-01');`,
    down: `alter table ${table} drop constraint bench_created`,
  },
  'an index over every row': {
    up: `create index bench_events on ${table} (created_at);`,
    down: `drop index case_management.bench_events`,
  },
  'a copy of every row': {
    up: `create table case_management.bench_copy as select id, created_at from ${table};`,
    down: `drop table case_management.bench_copy`,
  },
};

const operator = await connect(url, 'bench');
const { rows: counted } = await operator.query<{ rows: string }>(
  `select sum(guard.rows_of(id))::text as rows from guard.guarded_tables()`,
);
process.stdout.write(`${Number(counted[0]?.rows).toLocaleString('en-US')} rows; ${rounds} rounds\n`);
const number = (await readMigrations()).length + 1;
const name = `${String(number).padStart(3, '0')}_case_management_bench`;
const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-'));
await cp(migrationsFolder, folder, { recursive: true });
const options = { operatorUrl: url, credentials, folder };

/** The guard refuses what this takes back; the trigger that asks it sleeps meanwhile. */
async function takeBack(down: string): Promise<void> {
  await operator.query(
    `begin; alter event trigger guard_drop disable; ${down}; delete from guard.migrations where name = '${name}'; alter event trigger guard_drop enable always; commit`,
  );
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

let [allPlans, allPlain] = [0, 0];
for (const [what, { up, down }] of Object.entries(migrations)) {
  await writeFile(join(folder, `${name}.sql`), up);
  const spent = { plan: [] as number[], plain: [] as number[] };
  const plan = async (): Promise<void> => {
    const began = performance.now();
    await withPending(options, 'plan', async ({ pending }) =>
      planMigrations(pending, { ...options, limits: { lock: 0, statement: 0 } }),
    );
    spent.plan.push(performance.now() - began);
  };
  const plain = async (): Promise<void> => {
    const began = performance.now();
    await withPending(options, 'migrate', async ({ pending, sessionOf }) => {
      await checkFiles(sourcesOf(pending));
      for (const file of pending) {
        const protection = { operatorUrl: url, credentials, backupFolder: '', onStep: () => undefined };
        await applyMigration(await sessionOf(file.owner), file, undefined, protection);
      }
    });
    spent.plain.push(performance.now() - began);
    await takeBack(down);
  };
  for (let round = 0; round < Number(rounds); round++) {
    for (const one of round % 2 ? [plan, plain] : [plain, plan]) await one();
  }
  const [planned, plainly] = [median(spent.plan), median(spent.plain)];
  [allPlans, allPlain] = [allPlans + planned, allPlain + plainly];
  process.stdout.write(
    `${what}: plain ${plainly.toFixed(0)} ms, plan ${planned.toFixed(0)} ms: ${(planned / plainly).toFixed(2)}\n`,
  );
}
process.stdout.write(`all of them: ${(allPlans / allPlain).toFixed(2)}\n`);
await operator.end();
await rm(folder, { recursive: true });
