import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeBaseBackup } from '../archive/baseBackup.js';
import { drillFolders, removeLeftServers, removeScratchFolder } from '../embedded/scratchLeftovers.js';
import { startEmbeddedServer } from '../embedded/server.js';
import type { EmbeddedServer } from '../embedded/server.js';
import { migrateDatabase } from '../migrate/migrate.js';
import { embeddedDatabase } from '../operator.js';
import { fillWithSampleData } from '../sample/sample.js';
import { withSession } from '../setup/connect.js';
import { fromEmbedded } from '../setup/credentials.js';
import type { Credentials } from '../setup/credentials.js';
import { initialiseDatabase } from '../setup/init.js';

/** A server with an archive, a database full of sample data, and nothing to do with any other. */
export interface ScratchDatabase {
  readonly dataDir: string;
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly server: EmbeddedServer;
  takeBase(): Promise<void>;
  /** Stops the server and takes everything away. */
  remove(): Promise<void>;
}

export async function makeScratchDatabase(onStep: (sentence: string) => void = () => undefined): Promise<ScratchDatabase> {
  await removeLeftServers(onStep);
  const folder = await mkdtemp(join(tmpdir(), drillFolders.prefix));
  // The account that PostgreSQL runs as, where we are root, must be able to enter.
  await chmod(folder, 0o755);
  const dataDir = drillFolders.dataOf(folder);
  // The data lives for minutes, so nothing is lost by not waiting for the disk.
  const server = await startEmbeddedServer({ dataDir, archive: true, settings: { fsync: 'off' }, onStep });
  const remove = async () => {
    await server.stop();
    await removeScratchFolder(folder, drillFolders);
  };
  try {
    await withSession(server.operatorUrl(), 'drill', async (client) =>
      client.query(`create database ${embeddedDatabase} template template0 encoding 'UTF8'`),
    );
    const operatorUrl = server.operatorUrl(embeddedDatabase);
    const credentials = fromEmbedded(server.credentials);
    await initialiseDatabase({ operatorUrl, credentials });
    await migrateDatabase({ operatorUrl, credentials });
    await fillWithSampleData({ operatorUrl, onStep });
    const takeBase = async () => {
      if (server.archive) await takeBaseBackup({ operatorUrl, archive: server.archive, onStep });
    };
    return { dataDir, operatorUrl, credentials, server, takeBase, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
