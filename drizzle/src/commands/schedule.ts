import type { ChildProcess } from 'node:child_process';
import { Option } from 'commander';
import type { Command } from 'commander';
import { parseKeep } from '../backup/retention.js';
import { parseClock, weekdays } from '../schedule/moments.js';
import type { Weekday } from '../schedule/moments.js';
import { runDueJobs, runForever } from '../schedule/runJobs.js';
import { refuseOverdue } from '../schedule/state.js';
import type { Schedule } from '../schedule/state.js';
import { defaultBackupFolder } from './backup.js';
import { AlreadyTold, printResult, tellStep, wholeNumber } from './output.js';

interface ScheduleFlags {
  to?: string;
  backupAt: string;
  proofAt: string;
  proofOn: Weekday;
  keep?: string;
  retry: string;
  once?: boolean;
  health?: boolean;
  json?: boolean;
  dataDir?: string;
}

/** `db schedule`: a backup every day and a proof every week, for a container that has no cron. */
export function registerSchedule(program: Command): void {
  program
    .command('schedule')
    .description(
      'take a backup every day and prove one every week, one line of log each; what was missed is done at once, what fails is tried again',
    )
    .option('--to <folder>', 'folder of the backups (default: the data folder with -backups behind its name)')
    .option('--backup-at <time>', 'time of the daily backup, in UTC', '03:15')
    .option('--proof-at <time>', 'time of the weekly proof, in UTC', '03:45')
    .addOption(new Option('--proof-on <weekday>', 'its day').choices(weekdays).default('sunday'))
    .option('--keep <counts>', 'passed on to backup, for example last=7,daily=7,weekly=4,monthly=12')
    .option('--retry <seconds>', 'after a failure', '600')
    .option('--once', 'do what is due now and end; exit code 1 when something failed')
    .option('--health', 'do nothing; exit code 1 when the last attempt failed, or a backup or proof is overdue')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'with --health: print the result as JSON')
    .action(async (flags: ScheduleFlags) => {
      const schedule: Schedule = {
        folder: flags.to ?? defaultBackupFolder(flags.dataDir),
        backupAt: parseClock('--backup-at', flags.backupAt),
        proofAt: parseClock('--proof-at', flags.proofAt),
        proofOn: flags.proofOn,
      };
      if (flags.keep !== undefined) parseKeep(flags.keep);
      const retry = wholeNumber('--retry', flags.retry, 1, 86_400) * 1000;
      if (flags.health) {
        const sentence = await refuseOverdue(schedule, new Date());
        printResult(flags.json, { folder: schedule.folder, isHealthy: true, message: sentence }, sentence);
        return;
      }
      tellStep(
        `A backup to ${schedule.folder} every day at ${flags.backupAt} UTC, a proof every ${flags.proofOn} at ${flags.proofAt} UTC.`,
      );
      const running = new Set<ChildProcess>();
      // A job must not outlive what started it.
      process.once('exit', () => running.forEach((child) => child.kill('SIGTERM')));
      const options = {
        schedule,
        keep: flags.keep,
        retry,
        dataDir: flags.dataDir,
        log: (line: string) => process.stdout.write(`${line}\n`),
      };
      if (!flags.once) await runForever(options, running);
      if (!(await runDueJobs(options, running))) throw new AlreadyTold(1);
    });
}
