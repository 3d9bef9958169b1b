import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';

/** The file with our settings in the cluster; postgresql.conf includes it, so what ALTER SYSTEM sets stands above it. */
export const settingsFile = 'bailiwick.conf';

/** For a developer's machine: small memory, everything that a base backup with archived WAL needs, UTC. */
const defaults: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  wal_level: 'replica',
  max_wal_senders: '5',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  cluster_name: 'bailiwick',
};

/**
 * Writes the settings of this start.
 * @param settings names and values of postgresql.conf; they stand above our defaults.
 * @throws CONFIG_INVALID for a name that can't be one. A value that PostgreSQL refuses fails the start, with its own words.
 */
export async function writeSettings(cluster: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries({ ...defaults, ...settings }).map(([name, value]) => {
    if (!/^[a-z_][\w.]*$/i.test(name)) {
      throw new AppError('CONFIG_INVALID', `"${name}" is not the name of a PostgreSQL setting.`, {
        hint: 'Use the names of postgresql.conf, for example work_mem.',
      });
    }
    return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
  });
  const text = ['# Written anew at every start of the embedded server. Use ALTER SYSTEM for settings that stay.', ...lines, ''];
  const path = join(cluster, settingsFile);
  // Removed first and made anew: the folder is postgres's, and as root we must not write through a link that it put there.
  await rm(path, { force: true });
  await writeFile(path, text.join('\n'), { mode: 0o644, flag: 'wx' });
}
