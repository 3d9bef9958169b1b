import { readFile, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { migrationsFolder, ownerInName, parseMigration } from '../migrate/files.js';
import type { MigrationFile } from '../migrate/files.js';
import type { Pending } from '../migrate/pending.js';
import { bailiwicks } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';

/**
 * The files to plan: those named, in the order of their numbers and then as they were named; without names, all that are pending.
 * @param named names of migrations, with or without .sql, or paths; a file outside the folder of migrations needs an owner.
 * @throws BAD_USER_INPUT, MIGRATION_INVALID.
 */
export async function filesToPlan(
  named: readonly string[],
  { files, applied, pending }: Pick<Pending, 'files' | 'applied' | 'pending'>,
  owner?: Bailiwick,
  folder = migrationsFolder,
): Promise<readonly MigrationFile[]> {
  if (named.length === 0) return pending;
  const found: MigrationFile[] = [];
  for (const one of named) {
    const known = files.find(({ name }) => name === one.replace(/\.sql$/, '')) ?? (await migrationAt(one, files, folder));
    const when = known && applied.find(({ name }) => name === known.name)?.appliedAt;
    if (when) {
      throw new AppError('BAD_USER_INPUT', `${known.name}.sql is applied already, since ${when.toISOString()}.`, {
        hint: 'Plan what is not applied yet; npm run db -- status lists it.',
      });
    }
    found.push(known ?? (await stranger(one, owner)));
  }
  const first = [...new Set(found)];
  return first.sort((a, b) => a.number - b.number);
}

async function migrationAt(path: string, files: readonly MigrationFile[], folder: string): Promise<MigrationFile | undefined> {
  const found = files.find(({ name }) => `${name}.sql` === basename(path));
  if (!found) return undefined;
  const [here, there] = await Promise.all(
    [resolve(path), join(folder, `${found.name}.sql`)].map(async (one) => realpath(one).catch(() => one)),
  );
  return here === there ? found : undefined;
}

async function stranger(path: string, owner: Bailiwick | undefined): Promise<MigrationFile> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' ? 'is neither a migration nor a file' : `can not be read: ${cause.code ?? cause.message}`;
    throw new AppError('BAD_USER_INPUT', `${path} ${reason}.`, { hint: 'npm run db -- status lists what is pending.', cause });
  });
  const of = owner ?? ownerInName(basename(path));
  if (!of) {
    throw new AppError('BAD_USER_INPUT', `The name of ${path} does not say whom it belongs to.`, {
      hint: `Give --owner, one of ${bailiwicks.join(', ')}.`,
    });
  }
  const file = parseMigration(basename(path), bytes, of, Number.MAX_SAFE_INTEGER);
  if (file.statements.length > 0) return file;
  throw new AppError('BAD_USER_INPUT', `${path} has no statement.`, { hint: 'Name the file that you mean to plan.' });
}
