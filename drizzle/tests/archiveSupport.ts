import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAccount } from '../src/embedded/account.js';
import { until } from '../src/embedded/deadline.js';
import { giveTo } from '../src/embedded/place.js';
import type { EmbeddedServer, EmbeddedServerOptions } from '../src/embedded/server.js';
import type { BaseBackup } from '../src/archive/baseBackup.js';
import type { Archive } from '../src/archive/place.js';
import { recoverySettings } from '../src/archive/restoreCommand.js';
import { findSegment } from '../src/archive/walFiles.js';
import { newFolder, query, start } from './embeddedSupport.js';

export type ArchivingServer = EmbeddedServer & { readonly archive: Archive };

/** Starts a server that archives; stopped at the end. */
export async function startArchiving(dataDir: string, options: Partial<EmbeddedServerOptions> = {}): Promise<ArchivingServer> {
  const server = await start({ dataDir, archive: true, ...options });
  if (!server.archive) throw new Error('The server does not archive.');
  return { ...server, archive: server.archive };
}

/** Closes the current WAL segment. Returns its name, or that of the one before when nothing is in it. */
export async function switchWal(url: string): Promise<string> {
  const [row] = await query<{ name: string }>(
    url,
    'with switched as materialized (select pg_switch_wal() as lsn) select pg_walfile_name(lsn - 1) as name from switched',
  );
  return row?.name ?? '';
}

/** Closes the current WAL segment and waits until the archive has it. Returns its name. */
export async function archiveAll(url: string, { walFolder }: Archive): Promise<string> {
  const segment = await switchWal(url);
  if (!(await until(() => findSegment(walFolder, segment), 30_000))) throw new Error(`${segment} was not archived.`);
  return segment;
}

/** Starts a server on a copy of a base backup, and waits until it has recovered to the end of the archived WAL. */
export async function recoverFrom(backup: BaseBackup, { walFolder }: Archive, source: EmbeddedServer): Promise<EmbeddedServer> {
  const folder = await newFolder();
  const cluster = join(folder, 'postgres');
  await cp(backup.clusterPath, cluster, { recursive: true });
  await writeFile(join(cluster, 'recovery.signal'), '');
  await giveTo(serverAccount(), cluster);
  await writeFile(join(folder, 'credentials.json'), JSON.stringify(source.credentials));
  const server = await start({ dataDir: folder, settings: recoverySettings(walFolder) });
  // It takes connections before it has replayed everything.
  const isRecovering = 'select from pg_database where pg_is_in_recovery() limit 1';
  if (!(await until(async () => (await query(server.operatorUrl(), isRecovering)).length === 0, 60_000)))
    throw new Error('The recovery did not come to its end.');
  return server;
}
