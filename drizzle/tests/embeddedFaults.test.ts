import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';

const root = process.getuid?.() === 0 ? test : test.skip;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-embedded-faults-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const settings = { fsync: 'off' };
const flip = async (path: string, at: number): Promise<void> => {
  const file = await open(path, 'r+');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0x10]), 0, 1, at);
  } finally {
    await file.close();
  }
};

root(
  'a cluster outside of its data directory is found again when the note about its place is damaged or lost',
  async () => {
    // mkdtemp closes the folder to others, so the cluster lies where PostgreSQL's account may go.
    const dataDir = join(folder, 'data');
    let isFirst = true;
    const seven = async (): Promise<unknown> => {
      const server = await startEmbeddedServer({ dataDir, settings });
      try {
        return await withSession(server.operatorUrl(), 'tests', async (client) => {
          if (isFirst) await client.query('create table kept as select 7 as seven');
          isFirst = false;
          return (await client.query('select * from kept')).rows[0];
        });
      } finally {
        await server.stop();
      }
    };
    const note = join(dataDir, 'location.json');
    expect(await seven()).toEqual({ seven: 7 });
    const { cluster } = JSON.parse(await readFile(note, 'utf8')) as { cluster: string };
    try {
      await flip(note, 0);
      expect(await seven()).toEqual({ seven: 7 });
      await writeFile(note, '');
      expect(await seven()).toEqual({ seven: 7 });
      await rm(note);
      expect(await seven()).toEqual({ seven: 7 });
      // A disk that is not mounted must not look like an empty database.
      await rename(cluster, `${cluster}.elsewhere`);
      await expect(seven()).rejects.toMatchObject({
        code: 'SERVER_START_FAILED',
        message: `The data of the server in ${dataDir} is not there any more: ${cluster} is missing. Nothing was changed.`,
      });
      await rename(`${cluster}.elsewhere`, cluster);
      expect(await seven()).toEqual({ seven: 7 });
    } finally {
      await rm(dirname(cluster), { recursive: true, force: true });
    }
  },
  120_000,
);

test('a flipped byte in a table’s own file ends a backup with an error that names it, and nothing is listed', async () => {
  const dataDir = join(folder, 'flipped');
  await mkdir(dataDir, { mode: 0o755 });
  const first = await startEmbeddedServer({ dataDir, settings });
  const credentials = fromEmbedded(first.credentials);
  const operatorUrl = first.operatorUrl();
  const file = await (async () => {
    try {
      await initialiseDatabase({ operatorUrl, credentials });
      await migrateDatabase({ operatorUrl, credentials });
      return await withSession(operatorUrl, 'tests', async (client) => {
        await client.query(
          `insert into public.org_units (id, code, name) select gen_random_uuid(), 'U-' || n, 'Unit' from generate_series(1, 500) n; checkpoint`,
        );
        const { rows } = await client.query<{ file: string }>(
          `select current_setting('data_directory') || '/' || pg_relation_filepath('public.org_units') as file`,
        );
        return rows[0]?.file ?? '';
      });
    } finally {
      await first.stop();
    }
  })();
  await flip(file, 8192 + 4000);
  const second = await startEmbeddedServer({ dataDir, settings });
  try {
    const backups = join(folder, 'backups');
    await expect(takeBackup({ operatorUrl: second.operatorUrl(), credentials, folder: backups })).rejects.toMatchObject({
      code: 'BACKUP_FAILED',
      message: expect.stringMatching(
        /its own files are damaged: invalid page in block 1 of relation .*No backup was made\./,
      ) as string,
      hint: expect.stringContaining('Keep the backups that are there') as string,
    });
  } finally {
    await second.stop();
    const { cluster } = JSON.parse(await readFile(join(dataDir, 'location.json'), 'utf8')) as { cluster?: string };
    if (cluster) await rm(dirname(cluster), { recursive: true, force: true });
  }
}, 120_000);
