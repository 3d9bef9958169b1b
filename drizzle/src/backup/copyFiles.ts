import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { migrationsFolder } from '../migrate/files.js';
import { sha256Of } from './manifest.js';
import type { Manifest, SavedFile } from './manifest.js';

/** Copies the files of the migrations that were applied. One that is not here, or was edited since, is left out with a warning. */
export async function copyMigrations(
  client: Client,
  folder: string,
  onStep: (sentence: string) => void,
): Promise<Manifest['migrations']> {
  const { rows } = await client.query<{ number: number; name: string; owner: string; checksum: string }>(
    'select number, name, owner, checksum from guard.migrations order by number',
  );
  await mkdir(join(folder, 'migrations'), { mode: 0o700 });
  const copied: Manifest['migrations'] = [];
  for (const applied of rows) {
    const bytes = await readFile(join(migrationsFolder, `${applied.name}.sql`)).catch(() => undefined);
    const isSame = bytes !== undefined && sha256Of(bytes) === applied.checksum;
    if (!isSame)
      onStep(
        `Warning: ${applied.name}.sql ${bytes ? 'was edited after it had been applied' : 'is not here'}; the backup goes without it.`,
      );
    const file = isSame ? await writeCopy(folder, 'migrations', `${applied.name}.sql`, bytes) : null;
    copied.push({ ...applied, file });
  }
  return copied;
}

/** Copies the SQL files of a folder. */
export async function copyFolder(from: string, folder: string, inner: string): Promise<SavedFile[]> {
  await mkdir(join(folder, inner), { mode: 0o700 });
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  const copied: SavedFile[] = [];
  for (const name of names) copied.push(await writeCopy(folder, inner, name, await readFile(join(from, name))));
  return copied;
}

async function writeCopy(folder: string, inner: string, name: string, bytes: Buffer): Promise<SavedFile> {
  await writeFile(join(folder, inner, name), bytes, { mode: 0o600, flush: true });
  return { path: `${inner}/${name}`, bytes: bytes.length, sha256: sha256Of(bytes) };
}
