/**
 * How long an import takes beside a plain COPY of the same rows, as a ratio of medians within one run. The limit is 3.
 *
 *   node --conditions=bailiwick-source --import tsx tests/bench/importVersusCopy.ts [--rows 2000000] [--rounds 3] [--url postgres://…]
 *
 * Without --url it starts an embedded server in a folder of its own and takes it away again; with --url it uses a database of its own on that server.
 */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { importData } from '@bailiwick/database/import/importData';
import { parseMapping } from '@bailiwick/database/import/loadMapping';
import { streamProgress } from '@bailiwick/database/import/progress';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded, loginRoles } from '@bailiwick/database/setup/credentials';
import type { Credentials } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { liftGuard } from '../support/guard.js';
import { benchMapping, copyColumns, writeCases, writeCosts } from './importVersusCopyData.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, rounds: { type: 'string', default: '3' }, url: { type: 'string' } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const target = 'case_management.case_costs';
const limit = 3;

interface Server {
  operatorUrl: string;
  credentials: Credentials;
  stop: () => Promise<void>;
}

async function openServer(folder: string): Promise<Server> {
  if (values.url) {
    const roles = Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`]));
    return { operatorUrl: values.url, credentials: { roles }, stop: async () => undefined };
  }
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data') });
  return {
    operatorUrl: server.operatorUrl('postgres'),
    credentials: fromEmbedded(server.credentials),
    stop: async () => server.stop(),
  };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** COPY of the very bytes that the import reads, into the table and its indexes, constraints and triggers. */
async function plainCopy(client: Client, table: string, file: string): Promise<number> {
  await client.query(`truncate ${table}`);
  await client.query('checkpoint');
  return seconds(async () =>
    pipeline(
      createReadStream(file),
      client.query(copyFrom(`copy ${table} (${copyColumns.join(', ')}) from stdin (format csv, header)`)),
    ),
  );
}

/** A table like the target, with its indexes, CHECKs and foreign keys, and without its triggers. */
async function createTwin(client: Client): Promise<string> {
  await client.query(`create table public.case_costs_twin (like ${target} including all)`);
  await client.query('alter table public.case_costs_twin alter case_is_restricted set default false');
  await client.query(
    'alter table public.case_costs_twin add foreign key (case_id, case_is_restricted) references case_management.legal_cases (id, is_restricted) on update cascade',
  );
  return 'public.case_costs_twin';
}

const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
const shown = (numbers: number[]): string => numbers.map((number) => number.toFixed(1)).join(' ');

async function measure(folder: string, server: Server): Promise<void> {
  const name = `bailiwick_bench_${process.pid}`;
  const operatorUrl = urlOfDatabase(server.operatorUrl, name);
  await withSession(server.operatorUrl, 'bench', async (client) =>
    client.query(`create database ${name} template template0 encoding 'UTF8'`),
  );
  try {
    await initialiseDatabase({ operatorUrl, credentials: server.credentials });
    await migrateDatabase({ operatorUrl, credentials: server.credentials });
    // The comparison empties its tables between the rounds.
    await liftGuard(operatorUrl);
    const csvFolder = join(folder, 'csv');
    await mkdir(csvFolder);
    const file = join(csvFolder, 'costs.csv');
    await writeCosts(file, rows);
    await withSession(operatorUrl, 'bench', async (client) => {
      await writeCases(client);
      await compare(client, operatorUrl, csvFolder, file);
    });
  } finally {
    await withSession(server.operatorUrl, 'bench', async (client) =>
      client.query(`drop database if exists ${name} with (force)`),
    );
  }
}

async function compare(client: Client, operatorUrl: string, csvFolder: string, file: string): Promise<void> {
  const mapping = parseMapping('bench', benchMapping);
  const twin = await createTwin(client);
  const times = { import: [] as number[], copy: [] as number[], twin: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.copy.push(await plainCopy(client, target, file));
    times.twin.push(await plainCopy(client, twin, file));
    await client.query(`truncate ${twin}, ${target}`);
    await client.query('checkpoint');
    const progress = streamProgress(process.stderr);
    times.import.push(await seconds(async () => importData({ operatorUrl, mapping, from: csvFolder, progress })));
  }
  const ratio = median(times.import) / median(times.copy);
  const strictRatio = median(times.import) / median(times.twin);
  process.stdout.write(
    [
      `${rows.toLocaleString('en-US')} rows, ${rounds} rounds, seconds of each and ratio of medians (limit ${limit}):`,
      `  import                                     ${shown(times.import)}`,
      `  COPY into the same table                   ${shown(times.copy)}   ratio ${ratio.toFixed(2)}`,
      `  COPY into a twin of it without triggers    ${shown(times.twin)}   ratio ${strictRatio.toFixed(2)}`,
      `  memory of this process at its highest      ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
      '',
    ].join('\n'),
  );
  if (ratio > limit) process.exitCode = 1;
}

const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-'));
try {
  const server = await openServer(folder);
  try {
    await measure(folder, server);
  } finally {
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
