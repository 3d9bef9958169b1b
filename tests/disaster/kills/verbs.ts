import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFiles } from '@bailiwick/database/backup/checkFiles';
import { listBackups } from '@bailiwick/database/backup/folder';
import { tableName } from '@bailiwick/database/backup/catalogue';
import type { State } from './state.js';
import { databaseState } from './state.js';
import type { Place } from './ground.js';
import type { Ground } from './ground.js';
import { migratedStates, prepareImport, prepareInitialised, prepareLost, prepareSample } from './prepare.js';

/** What is needed of a verb to kill it. Another one is another entry in `verbs`. */
export interface Verb {
  readonly name: string;
  /** Makes the old state in a database that is empty. What it returns stands below `shared` in `args`. */
  prepare(ground: Ground, place: Place): Promise<Shared>;
  args(place: Place, shared: Shared): string[];
  state(place: Place): Promise<State>;
  /** States between the old and the new one that are whole too. */
  between?(ground: Ground): Promise<State[]>;
  /** What the run after the kill must say, by the state that it finds. */
  says(found: Found): RegExp[];
}

export interface Shared {
  readonly folder: string;
  /** The new state, where it is known before any run. */
  readonly newState?: State;
}

export interface Found {
  /** 0: the old state; then those between; the last is the new one. */
  readonly step: number;
  readonly steps: number;
  /** Names in the place's folder `backups` that are no complete backup. */
  readonly leftovers: readonly string[];
}

const moments = ['created_at', 'updated_at'];

/** The backups of a folder, each read whole; one that is listed and damaged makes a state that nobody expects. */
async function backupsState({ folder }: Place): Promise<State> {
  const root = join(folder, 'backups');
  if (!(await readdir(root).catch((): string[] => [])).includes('bailiwick-backups.json')) return ['no backup'];
  const lines = new Set<string>();
  for (const { name, backup, fault } of await listBackups(root)) {
    if (!backup) {
      lines.add(`${name}: ${fault?.message}`);
      continue;
    }
    await checkFiles(backup);
    for (const table of backup.manifest.tables) lines.add(`${tableName(table)}: ${table.rows} rows, content ${table.content}`);
  }
  return lines.size === 0 ? ['no backup'] : [...lines].sort();
}

export async function leftoversOf({ folder }: Place): Promise<string[]> {
  const names = await readdir(join(folder, 'backups')).catch((): string[] => []);
  return names.filter((name) => /\.(partial|lock|draft|new)$/.test(name));
}

export const verbs: readonly Verb[] = [
  {
    name: 'backup',
    prepare: prepareSample,
    args: ({ folder }) => ['backup', '--to', join(folder, 'backups')],
    state: backupsState,
    says: ({ leftovers }) => [
      /^Saved [\d,]+ rows of \d+ tables/m,
      ...leftovers.filter((name) => name.endsWith('.partial')).map((name) => new RegExp(`Removed ${name}, which a backup left`)),
    ],
  },
  {
    name: 'migrate',
    prepare: prepareInitialised,
    args: () => ['migrate'],
    state: async ({ url }) => databaseState(url),
    between: migratedStates,
    says: ({ step, steps }) => [
      step === steps
        ? new RegExp(`Nothing to apply: all ${steps} migrations had been applied before`)
        : new RegExp(`Applied ${steps - step} migrations; ${step} had been applied before`),
    ],
  },
  {
    name: 'restore',
    prepare: prepareLost,
    args: (place, { folder }) => ['restore', folder, '--confirm', place.name, '--conflicts', join(place.folder, 'conflicts.csv')],
    state: async ({ url }) => databaseState(url),
    says: ({ step }) => [
      step === 0 ? /^Brought back [1-9][\d,]* rows and [1-9]\d* definitions/m : /^Brought back 0 rows and 0 definitions/m,
      /Everything that was missing came back/,
    ],
  },
  {
    name: 'import',
    prepare: prepareImport,
    args: (place, { folder }) => [
      'import',
      join(folder, 'costs.yaml'),
      '--from',
      folder,
      '--rejects',
      join(place.folder, 'rejects.csv'),
    ],
    state: async ({ url }) => databaseState(url, moments),
    says: ({ step }) => [step === 0 ? /20,000 inserted/ : /Nothing changed: the database has everything already/],
  },
];
