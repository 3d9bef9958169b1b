import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { migrationsFolder } from '@bailiwick/database/migrate/files';
import { fillWithSampleData } from '@bailiwick/database/sample/sample';
import { withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { benchMapping, writeCases, writeCosts } from '../../bench/importVersusCopyData.js';
import { createDatabase, dropDatabase, placeOf } from './ground.js';
import type { Ground, Place } from './ground.js';
import { databaseState } from './state.js';
import type { State } from './state.js';
import type { Shared } from './verbs.js';

const sharedFolder = async ({ folder }: Ground): Promise<string> => mkdtemp(join(folder, 'shared-'));

export async function prepareInitialised(ground: Ground, { url, credentials }: Place): Promise<Shared> {
  await initialiseDatabase({ operatorUrl: url, credentials });
  return { folder: await sharedFolder(ground) };
}

export async function prepareSample(ground: Ground, place: Place): Promise<Shared> {
  const shared = await prepareInitialised(ground, place);
  await migrateDatabase({ operatorUrl: place.url, credentials: place.credentials });
  await fillWithSampleData({ operatorUrl: place.url });
  return shared;
}

/** A whole database is saved, and then loses a schema, as by the hand of somebody who switches the guard off. */
export async function prepareLost(ground: Ground, place: Place): Promise<Shared> {
  const { folder } = await prepareSample(ground, place);
  const { path } = await takeBackup({ operatorUrl: place.url, credentials: place.credentials, folder: join(folder, 'backups') });
  const newState = await databaseState(place.url);
  await withSession(place.url, 'kills', async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(switchGuard('disable'));
    await client.query('drop schema case_management cascade');
    await client.query(switchGuard('enable always'));
  });
  return { folder: path, newState };
}

const switchGuard = (to: string): string =>
  `do $$ declare name text; begin
     for name in select evtname from pg_event_trigger where evtname like 'guard%' loop execute format('alter event trigger %I ${to}', name); end loop;
   end $$`;

export async function prepareImport(ground: Ground, place: Place): Promise<Shared> {
  const { folder } = await prepareInitialised(ground, place);
  await migrateDatabase({ operatorUrl: place.url, credentials: place.credentials });
  await withSession(place.url, 'kills', writeCases);
  await writeFile(join(folder, 'costs.yaml'), benchMapping);
  await writeCosts(join(folder, 'costs.csv'), 20_000);
  return { folder };
}

/** The state after the first migration, after the first two, and so on: each file is one transaction. */
export async function migratedStates(ground: Ground): Promise<State[]> {
  const files = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  const name = await createDatabase(ground, 'steps');
  const place = placeOf(ground, name, ground.folder);
  const folder = join(ground.folder, 'steps');
  await mkdir(folder);
  await initialiseDatabase({ operatorUrl: place.url, credentials: place.credentials });
  const states: State[] = [];
  for (const file of files.slice(0, -1)) {
    await cp(join(migrationsFolder, file), join(folder, file));
    await migrateDatabase({ operatorUrl: place.url, credentials: place.credentials, folder });
    states.push(await databaseState(place.url));
  }
  await dropDatabase(ground, name);
  return states;
}
