import { chown, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeBaseBackup, verifyBaseBackup } from '../src/archive/baseBackup.js';
import { archiveOf } from '../src/archive/place.js';
import { startArchiving } from './archiveSupport.js';
import { cleanUp, newDataDir, query, start } from './embeddedSupport.js';

afterEach(cleanUp);

/** A stopped server's data directory, with one row in it. */
async function stopped(): Promise<{ dataDir: string; cluster: string }> {
  const dataDir = await newDataDir();
  const server = await startArchiving(dataDir);
  await query(server.operatorUrl(), 'create table kept as select 7 as seven');
  await server.stop();
  return { dataDir, cluster: join(dataDir, 'postgres') };
}

async function flip(path: string, at: number): Promise<void> {
  const content = await readFile(path);
  content.writeUInt8((content[at] ?? 0) ^ 0x10, at);
  await writeFile(path, content);
}

describe('a flipped byte', () => {
  test.each([0, 4, 20])('in credentials.json, its byte %i, means new passwords and the same data', async (at) => {
    const { dataDir } = await stopped();
    await flip(join(dataDir, 'credentials.json'), at);
    const steps: string[] = [];
    const server = await start({ dataDir, onStep: (step) => steps.push(step) });
    expect(steps).toContain(`Setting new passwords, because those of ${dataDir}/postgres were lost.`);
    expect(await query(server.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
    expect(JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8'))).toEqual(server.credentials);
  });

  test.each([
    [
      'postgresql.conf',
      (text: string) => text.replace('max_connections = 100', 'max_connections = 1p0'),
      /syntax error in file .*postgresql\.conf/,
    ],
    ['postgresql.auto.conf', (text: string) => `${text}garbage here\n`, /unrecognized configuration parameter "garbage"/],
    ['pg_hba.conf', (text: string) => text.replaceAll(/^host/gm, 'hosp'), /invalid connection type "hosp"/],
  ] as const)('in %s ends the start with PostgreSQL’s words; mended, everything is there', async (name, spoil, words) => {
    const { dataDir, cluster } = await stopped();
    const path = join(cluster, name);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, spoil(whole));
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringMatching(words) as string,
      hint: expect.stringContaining('docs/recovery.md') as string,
    });
    await writeFile(path, whole);
    const server = await start({ dataDir });
    expect(await query(server.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  test.each([
    ['a bit of the number that initdb gave the cluster', async (path: string) => flip(path, 2), 'does not hold its own checksum'],
    ['a bit behind it', async (path: string) => flip(path, 40), 'does not hold its own checksum'],
    ['all of it', async (path: string) => writeFile(path, ''), 'does not hold its own checksum'],
    ['the file itself', async (path: string) => rm(path), 'is missing'],
  ])('in global/pg_control, %s, is told before anything begins another archive', async (_what, spoil, how) => {
    const { dataDir, cluster } = await stopped();
    const path = join(cluster, 'global', 'pg_control');
    const whole = await readFile(path);
    const { uid, gid } = await stat(cluster);
    const archive = await archiveOf(dataDir);
    await spoil(path);
    await expect(startArchiving(dataDir)).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: `${path} ${how}: PostgreSQL can not start on it. Nothing was changed.`,
    });
    expect(await archiveOf(dataDir)).toEqual(archive);
    expect(await readdir(`${dataDir}-archive`)).toHaveLength(2);
    await writeFile(path, whole, { mode: 0o600 });
    await chown(path, uid, gid);
    const server = await startArchiving(dataDir);
    expect(server.archive).toEqual(archive);
    await verifyBaseBackup(
      await takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive }),
      server.archive.walFolder,
    );
  });

  test.each([
    ['!8\n', 'says "!8"'],
    ['', 'is empty'],
  ])('in PG_VERSION (%j) is told as damage, not as another version', async (content, how) => {
    const { dataDir, cluster } = await stopped();
    await writeFile(join(cluster, 'PG_VERSION'), content);
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: `${cluster}/PG_VERSION ${how}, which is no version of PostgreSQL: the file is damaged. Nothing was changed.`,
      hint: 'If the cluster was one of PostgreSQL 18, write the line 18 into that file and start again.',
    });
  });

  test('in the catalogue of databases ends the start with PostgreSQL’s words and the way on', async () => {
    const { dataDir, cluster } = await stopped();
    // pg_database is relation 1262 in every version.
    await flip(join(cluster, 'global', '1262'), 8100);
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringContaining(
        'PostgreSQL started, but refuses its operator: invalid page in block 0 of relation',
      ) as string,
      hint: expect.stringContaining('move the data directory aside as it is') as string,
    });
  });
});
