import type { Command } from 'commander';
import { backupAges, describeBackups } from '../backup/record.js';
import { describeGuard, embeddedLogFile, guardStatus } from '../guard/status.js';
import { describeHolder } from '../migrate/lock.js';
import { databaseStatus } from '../migrate/status.js';
import type { DatabaseStatus } from '../migrate/status.js';
import { openDatabase } from '../operator.js';
import { printResult, tellStep } from './output.js';

interface StatusFlags {
  json?: boolean;
  dataDir?: string;
}

/** `db status`: what is applied, what is pending, what differs, and who migrates now. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show owners, applied and pending migrations, drift, and who holds the migration lock')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, dataDir }: StatusFlags) => {
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const status = await databaseStatus(open.operatorUrl);
        const backups = await backupAges(open.operatorUrl);
        const guard = await guardStatus(open.operatorUrl, embeddedLogFile(dataDir));
        const text = [describe(status), describeBackups(backups), describeGuard(guard)].join('\n');
        printResult(json, { ...status, backups: backups ?? null, guard }, text);
      } finally {
        await open.close();
      }
    });
}

function describe(status: DatabaseStatus): string {
  const { host, port, database, serverVersion, owners, applied, pending, drift, lifts, lock } = status;
  const last = applied.at(-1);
  const rows = [
    ['owner', 'schema', 'tables', 'applied', 'pending'],
    ...owners.map((one) => [one.owner, one.schema, ...[one.tables, one.applied, one.pending].map(String)]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  return [
    `Database ${database} on ${host}:${port}, PostgreSQL ${serverVersion}.`,
    '',
    ...rows.map(line),
    '',
    last ? `Last applied: ${last.name} by ${last.appliedBy} at ${last.appliedAt.toISOString()}.` : 'Nothing is applied yet.',
    pending.length ? `Pending: ${pending.join(', ')}.` : 'Pending: nothing.',
    ...(drift.length ? drift.map(({ code, message }) => `${code}: ${message}`) : ['Drift: none.']),
    lock ? describeHolder(lock) : 'The migration lock is free.',
    lifts.length
      ? `Lifted rules of db check: ${lifts.length} (${lifts.map(({ file, rule }) => `${rule} in ${file}`).join(', ')}).`
      : 'Lifted rules of db check: none.',
  ].join('\n');
}
