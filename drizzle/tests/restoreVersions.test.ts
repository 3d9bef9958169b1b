import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '@bailiwick/database/backup/manifest';
import type { Manifest } from '@bailiwick/database/backup/manifest';
import { proveBackup } from '@bailiwick/database/backup/proveBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withScratchDatabase } from '@bailiwick/database/embedded/scratch';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { urlOfRole, withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import type { Credentials } from '@bailiwick/database/setup/credentials';
import { bin, startDebianServer } from '../../tests/bench/debianServer.js';
import { createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, db, environmentOf } from './backupSupport.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-versions-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** All that a database has of its own, and the roles of its server: whatever is written shows here. */
const everythingIn = async (url: string): Promise<unknown> =>
  withSession(url, 'tests', async (client) => {
    const { rows } = await client.query(
      `select (select array_agg(c.oid::text order by c.oid) from pg_class c where c.oid >= 16384) as relations,
         (select array_agg(n.nspname::text order by 1) from pg_namespace n where n.nspname !~ '^pg_(temp|toast)') as schemas,
         (select array_agg(p.oid::text order by p.oid) from pg_proc p where p.oid >= 16384) as functions`,
    );
    return rows[0];
  });

const refused = (output: { exitCode: number | null; stderr: string }, newer: string, older: string): void => {
  expect(output.stderr).toMatch(
    new RegExp(`^BACKUP_OTHER_VERSION: The backup in .* is of PostgreSQL ${newer}[^,]*, and the server on `, 'm'),
  );
  expect(output.stderr).toMatch(new RegExp(`is ${older}.*: it may not understand all of it\\. Nothing was changed\\.`));
  expect(output.stderr).toMatch(new RegExp(`^Hint: Restore it into PostgreSQL ${Number.parseInt(newer, 10)} or newer\\.`, 'm'));
  expect(output.exitCode).toBe(2);
};

describe('a backup of a major version that nobody has yet', () => {
  let database: TestDatabase;
  let empty: TestDatabase;
  let backups: string;
  let version: string;

  beforeAll(async () => {
    database = await createDatabaseToSave();
    empty = await createEmptyDatabase();
    const taken = await takeBackup({ ...database, folder: join(folder, 'own') });
    backups = join(folder, 'later');
    await cp(join(folder, 'own'), backups, { recursive: true });
    const path = join(backups, taken.manifest.name);
    const { source, ...rest } = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Manifest;
    version = source.serverVersion;
    const text = JSON.stringify({ ...rest, source: { ...source, serverVersion: '42.1', serverVersionNumber: 420_001 } });
    await writeFile(join(path, 'manifest.json'), text);
    await writeFile(join(path, 'manifest.sha256'), `${sha256Of(text)}  manifest.json\n`);
    backups = path;
  });
  afterAll(async () => {
    await database.drop();
    await empty.drop();
  });

  test('is not restored: both versions are named, the next step, and nothing is written; --accept-newer tries it', async () => {
    const env = environmentOf(empty, join(folder, 'data'));
    const before = await everythingIn(empty.operatorUrl);
    const major = String(Number.parseInt(version, 10));
    for (const more of [['--dry-run'], ['--confirm', empty.name], ['--confirm', empty.name, '--schema', 'public']])
      refused(await db(['restore', backups, ...more], env), '42.1', major);
    expect(await everythingIn(empty.operatorUrl)).toEqual(before);
    const tried = await db(['restore', backups, '--confirm', empty.name, '--accept-newer'], env);
    expect({ exitCode: tried.exitCode, stderr: tried.exitCode ? tried.stderr : '' }).toEqual({ exitCode: 0, stderr: '' });
    expect(await contentsOf(empty.operatorUrl)).toEqual(await contentsOf(database.operatorUrl));
  }, 120_000);

  test('is not proven, and says the same', async () => {
    refused(await db(['verify', backups, '--restore'], environmentOf(database, join(folder, 'data'))), '42.1', '18');
  }, 120_000);
});

const whereOld = existsSync(join(bin, 'postgres')) ? test : test.skip;

whereOld(
  'from PostgreSQL 18 into 15 is refused, or tried when that is asked for; from 15 into 18 goes',
  async () => {
    const old = await startDebianServer();
    try {
      const make = async (operatorUrl: string, credentials: Credentials, name: string) => {
        await initialiseDatabase({ operatorUrl, credentials });
        await migrateDatabase({ operatorUrl, credentials, withoutPlan: true });
        await withSession(operatorUrl, 'tests', async (client) =>
          client.query(
            `insert into public.org_units (id, code, name) values (gen_random_uuid(), 'A', 'From one version to the other')`,
          ),
        );
        return takeBackup({ operatorUrl, credentials, folder: join(folder, name) });
      };
      const ofNew = await withScratchDatabase('tests', async ({ operatorUrl, credentials }) =>
        make(operatorUrl, credentials, 'new'),
      );
      await old.create('target');
      const operatorUrl = old.urlOf('target');
      const { credentials } = old;
      const target: TestDatabase = {
        name: 'target',
        operatorUrl,
        credentials,
        urlOf: (role) => urlOfRole(operatorUrl, role, credentials),
        drop: async () => undefined,
      };
      const env = environmentOf(target, join(folder, 'data'));
      const before = await everythingIn(operatorUrl);
      refused(await db(['restore', ofNew.path, '--confirm', 'target'], env), '18', '15');
      expect(await everythingIn(operatorUrl)).toEqual(before);
      const tried = await db(['restore', ofNew.path, '--confirm', 'target', '--accept-newer'], env);
      expect({ exitCode: tried.exitCode, stderr: tried.exitCode ? tried.stderr : '' }).toEqual({ exitCode: 0, stderr: '' });

      await old.create('source');
      const ofOld = await make(old.urlOf('source'), credentials, 'old');
      expect(ofOld.manifest.source.serverVersion).toMatch(/^15\./);
      expect((await proveBackup(ofOld)).serverVersion).toMatch(/^18\./);
    } finally {
      await old.stop();
    }
  },
  240_000,
);
