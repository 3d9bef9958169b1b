import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { takeBaseBackup } from '@bailiwick/database/archive/baseBackup';
import { makeScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { embeddedDatabase } from '@bailiwick/database/operator';
import { withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded } from '@bailiwick/database/setup/credentials';
import { currentTestRun, folderOfRun } from './testRun.js';

/**
 * A server of its own with an archive, the sample data and a base backup, as the drill makes one. It runs on a copy: the first caller
 * of the run makes the original, and stops it.
 */
export async function makeArchivedDatabase(): Promise<ScratchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-archived-'));
  await cp(await originalFolder(), folder, { recursive: true });
  // The account that PostgreSQL runs as, where we are root, must be able to enter.
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const server = await startEmbeddedServer({ dataDir, archive: true, settings: { fsync: 'off' } });
  const operatorUrl = server.operatorUrl(embeddedDatabase);
  return {
    dataDir,
    operatorUrl,
    credentials: fromEmbedded(server.credentials),
    server,
    takeBase: async () => {
      if (server.archive) await takeBaseBackup({ operatorUrl, archive: server.archive });
    },
    remove: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

/** The folder with the data directory of a stopped server, and beside it its archive. */
async function originalFolder(): Promise<string> {
  const folder = join(folderOfRun(), 'archived');
  const { operatorUrl } = await currentTestRun();
  await withSession(operatorUrl, 'tests', async (client) => {
    // Another worker may make it at this moment. The lock ends with the session.
    await client.query(`select pg_advisory_lock(hashtext('archived database'))`);
    if (existsSync(folder)) return;
    const database = await makeScratchDatabase();
    await database.takeBase();
    await database.server.stop();
    // A copy chooses a port of its own.
    await rm(join(database.dataDir, 'location.json'));
    await cp(dirname(database.dataDir), `${folder}.draft`, { recursive: true });
    await rename(`${folder}.draft`, folder);
    await database.remove();
  });
  return folder;
}
