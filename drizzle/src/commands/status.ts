import type { Command } from 'commander';
import { archiveStatus, describeArchive } from '../archive/status.js';
import { backupAges, defaultProofLimit, describeBackups, proofFault } from '../backup/record.js';
import { until } from '../embedded/deadline.js';
import { describeGuard, embeddedLogFile, guardStatus } from '../guard/status.js';
import { describeHolder } from '../migrate/lock.js';
import { databaseStatus } from '../migrate/status.js';
import type { DatabaseStatus } from '../migrate/status.js';
import { openDatabase } from '../operator.js';
import type { OpenDatabase } from '../operator.js';
import { AlreadyTold, printResult, tellStep, wholeNumber } from './output.js';

interface StatusFlags {
  check?: boolean;
  proofLimit: string;
  json?: boolean;
  dataDir?: string;
}

/** `db status`: what is applied, what is pending, what differs, and who migrates now. */
export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show owners, applied and pending migrations, drift, and who holds the migration lock')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--proof-limit <days>', 'how old the last proven restore may be', String(defaultProofLimit))
    .option('--check', 'end with exit code 1 when anything is wrong, for a monitor or a cron job')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, dataDir, check, proofLimit }: StatusFlags) => {
      const limit = wholeNumber('--proof-limit', proofLimit, 1, 3650);
      const open = await openDatabase({ dataDir, onStep: tellStep });
      let red: string[];
      try {
        const status = await databaseStatus(open.operatorUrl);
        const backups = await backupAges(open.operatorUrl);
        const guard = await guardStatus(open.operatorUrl, embeddedLogFile(dataDir));
        const archive = await settledArchive(open, dataDir);
        const proof = proofFault(backups, status.applied[0]?.appliedAt, limit);
        red = [...status.drift.map(({ message }) => message), ...guard.missing, ...archive.red, ...(proof ? [proof] : [])];
        const text = [
          describe(status),
          describeBackups(backups),
          describeArchive(archive),
          describeGuard(guard),
          ...red.map((sentence) => `RED: ${sentence}`),
        ];
        printResult(json, { ...status, backups: backups ?? null, archive, guard, red }, text.join('\n'));
      } finally {
        await open.close();
      }
      if (check && red.length > 0) throw new AlreadyTold(1);
    });
}

/** A server that was started for this command archives what it had left waiting: that is not wrong yet. */
async function settledArchive({ operatorUrl, isOurServer, archive }: OpenDatabase, dataDir: string | undefined) {
  const look = async () => archiveStatus(operatorUrl, { archive, logFile: embeddedLogFile(dataDir) });
  if (!isOurServer) return look();
  const settled = await until(async () => {
    const status = await look();
    return status.waiting?.count === 0 || status.isFailing ? status : undefined;
  }, 5_000);
  return settled ?? (await look());
}

function describe(status: DatabaseStatus): string {
  const { host, port, database, serverVersion, owners, applied, protections, pending, drift, lifts, lock } = status;
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
    ...protections.map(
      ({ name, losses, backupName, backupFolder, restorePoint }) =>
        `${name} took away ${losses === 1 ? '1 thing' : `${losses} things`}; backup ${backupName} in ${backupFolder}${restorePoint ? `, restore point ${restorePoint}` : ''}.`,
    ),
    pending.length ? `Pending: ${pending.join(', ')}.` : 'Pending: nothing.',
    ...(drift.length ? drift.map(({ code, message }) => `${code}: ${message}`) : ['Drift: none.']),
    lock ? describeHolder(lock) : 'The migration lock is free.',
    lifts.length
      ? `Lifted rules of db check: ${lifts.length} (${lifts.map(({ file, rule }) => `${rule} in ${file}`).join(', ')}).`
      : 'Lifted rules of db check: none.',
  ].join('\n');
}
