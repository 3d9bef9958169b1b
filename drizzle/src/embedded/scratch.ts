import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSession } from '../setup/connect.js';
import { fromEmbedded } from '../setup/credentials.js';
import type { Credentials } from '../setup/credentials.js';
import { proofFolders, removeScratchFolder } from './scratchLeftovers.js';
import { startEmbeddedServer } from './server.js';

export interface ScratchDatabase {
  /** Of an empty database, as superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
}

/** Runs `work` with an empty database on a server of its own, which is taken away again whatever happens. */
export async function withScratchDatabase<T>(step: string, work: (database: ScratchDatabase) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), proofFolders.prefix));
  // The account that PostgreSQL runs as, where we are root, must be able to enter.
  await chmod(dataDir, 0o755);
  try {
    const server = await startEmbeddedServer({
      dataDir,
      // The data lives for minutes, so nothing is lost by not waiting for the disk.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
    });
    try {
      await withSession(server.operatorUrl(), step, async (client) =>
        client.query(`create database bailiwick template template0 encoding 'UTF8'`),
      );
      return await work({ operatorUrl: server.operatorUrl('bailiwick'), credentials: fromEmbedded(server.credentials) });
    } finally {
      await server.stop();
    }
  } finally {
    await removeScratchFolder(dataDir, proofFolders);
  }
}
