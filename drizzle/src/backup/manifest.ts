import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { z } from 'zod';
import { isKnownFormula } from './content.js';

/**
 * Counts up when a backup of today could not be read by the code of yesterday. Format 1 counts the content of its tables by another formula, which it
 * names; all else is the same.
 */
export const formatVersion = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A path inside the backup; nothing in a manifest may lead out of it. */
const innerPath = z
  .string()
  .regex(/^(?:[a-z]+\/)?[^/\\\0]+$/)
  .refine((path) => !path.includes('..'));
const file = z.object({ path: innerPath, bytes: z.int().min(0), sha256 });

const schema = z.object({
  format: z.literal([1, formatVersion]),
  name: z.string(),
  /** When the snapshot was taken: ISO 8601, UTC. */
  takenAt: z.iso.datetime(),
  source: z.object({
    database: z.string(),
    /** Of the cluster, as text: two databases of one name are not one. */
    systemIdentifier: z.string(),
    serverVersion: z.string(),
    serverVersionNumber: z.int(),
  }),
  /** Null: all schemas. */
  onlySchema: z.string().nullable(),
  schemas: z.array(z.string()),
  contentFormula: z.string(),
  migrations: z.array(
    z.object({ number: z.int(), name: z.string(), owner: z.string(), checksum: sha256, file: file.nullable() }),
  ),
  init: z.array(file),
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      primaryKey: z.array(z.string()),
      rows: z.int().min(0),
      /** See contentFormula. */
      content: z.string().regex(/^-?\d+$/),
      file,
    }),
  ),
  sequences: z.array(
    z.object({ schema: z.string(), name: z.string(), lastValue: z.string().regex(/^-?\d+$/), isCalled: z.boolean() }),
  ),
  foreignKeys: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      toSchema: z.string(),
      toTable: z.string(),
      toColumns: z.array(z.string()),
    }),
  ),
  definitions: z.array(
    z.object({
      kind: z.string(),
      schema: z.string(),
      /** Of the table that it is a part of, or its own. */
      table: z.string(),
      name: z.string(),
      stage: z.int(),
      /** The schema of the table that a foreign key points to. */
      refersTo: z.string().nullable(),
      /** Whoever makes it: what is made by its owner needs no change of owner afterwards. */
      owner: z.string().nullable(),
      /** As ALTER … OWNER TO and COMMENT ON name it; null where neither is needed. */
      object: z.string().nullable().default(null),
      sql: z.string(),
      /** Which definitions of this list must be there first. */
      needs: z.array(z.int().min(0)).default([]),
    }),
  ),
  /** What the database has beside that no backup saves, in words. */
  notSaved: z.array(z.string()).default([]),
});

export type Manifest = z.infer<typeof schema>;
export type SavedTable = Manifest['tables'][number];
export type SavedFile = z.infer<typeof file>;
export type SavedForeignKey = Manifest['foreignKeys'][number];
export type SavedDefinition = Manifest['definitions'][number];

export const manifestFile = 'manifest.json';
/** In the form of the command `sha256sum --check`. */
export const manifestChecksumFile = 'manifest.sha256';

export const sha256Of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** A backup whose manifest was read and is what was written. */
export interface Backup {
  /** Absolute path of the backup's own folder. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly manifestChecksum: string;
}

/**
 * Reads a backup's manifest and holds it against its own checksum.
 * @throws BACKUP_INCOMPLETE when it or its checksum is missing, BACKUP_CORRUPT, BACKUP_OTHER_VERSION for a newer format.
 */
export async function readManifest(path: string): Promise<Backup> {
  const bytes = await readPart(path, manifestFile);
  const line = (await readPart(path, manifestChecksumFile)).toString('utf8');
  const expected = /^([0-9a-f]{64}) {2}manifest\.json\n$/.exec(line)?.[1];
  const manifestChecksum = sha256Of(bytes);
  if (expected !== manifestChecksum) {
    throw corrupt(
      path,
      `${manifestFile} has SHA-256 ${manifestChecksum.slice(0, 12)}…, and ${manifestChecksumFile} says ${expected ? `${expected.slice(0, 12)}…` : 'something that is no checksum'}`,
    );
  }
  const content = JSON.parse(bytes.toString('utf8')) as { format?: unknown };
  if (typeof content.format === 'number' && content.format > formatVersion) {
    throw otherVersion(path, `has format ${content.format}; this version reads up to ${formatVersion}`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw corrupt(path, `${manifestFile} is not of its form at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (!isKnownFormula(parsed.data.contentFormula)) {
    throw otherVersion(
      path,
      `counts the content of its tables by a formula that this version does not know ("${parsed.data.contentFormula}")`,
    );
  }
  return { path, manifest: parsed.data, manifestChecksum };
}

function otherVersion(path: string, what: string): AppError {
  return new AppError('BACKUP_OTHER_VERSION', `The backup in ${path} ${what}.`, {
    hint: 'Use the version of Bailiwick that made it, or a newer one.',
  });
}

export function corrupt(path: string, what: string): AppError {
  return new AppError('BACKUP_CORRUPT', `The backup in ${path} is damaged: ${what}.`, {
    hint: 'Use another backup (npm run db -- backup --list names them), and take a new one now.',
  });
}

export function incomplete(path: string, what: string): AppError {
  return new AppError('BACKUP_INCOMPLETE', `The backup in ${path} is not as it was made: ${what}.`, {
    hint: 'Use another backup (npm run db -- backup --list names them), and take a new one now.',
  });
}

async function readPart(path: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(path, name));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw incomplete(path, `${name} ${code === 'ENOENT' ? 'is missing' : `can not be read (${code})`}`);
  }
}

/** Every file that belongs to a backup, apart from the manifest and its checksum. */
export function filesOf({ migrations, init, tables }: Manifest): SavedFile[] {
  return [...init, ...migrations.flatMap((one) => one.file ?? []), ...tables.map((table) => table.file)];
}
