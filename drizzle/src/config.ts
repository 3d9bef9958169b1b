import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '@bailiwick/kernel/process';
import { z } from 'zod';
import { loginRoles } from './setup/credentials.js';
import type { LoginRole } from './setup/credentials.js';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface DatabaseConfig {
  /** Of the operator, for a PostgreSQL that exists; without it the embedded server is used. */
  readonly databaseUrl: string | undefined;
  /** Absolute path of the folder that holds the embedded server and the passwords. */
  readonly dataDir: string;
  /** Those given in the environment. */
  readonly passwords: Readonly<Partial<Record<LoginRole, string>>>;
}

/** Where the operating system looks for programs: PostgreSQL's client tools are found there. */
export function searchPath(environment: Record<string, string | undefined> = process.env): string {
  return environment.PATH ?? '';
}

/** The variable that brings a role's password. */
export function passwordKey(role: LoginRole): string {
  return `BAILIWICK_PASSWORD_${role.toUpperCase()}`;
}

const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'is not a PostgreSQL URL; it starts with postgres://' })
    .refine((url) => URL.canParse(url), {
      error: 'is not a URL that can be read; encode special characters of the password (%40 for @)',
    })
    .optional(),
  BAILIWICK_DATA_DIR: z.string().default(resolve(projectRoot, '.bailiwick')),
  ...Object.fromEntries(
    loginRoles.map((role) => [passwordKey(role), z.string().min(8, { error: 'is shorter than 8 characters' }).optional()]),
  ),
});

/**
 * Reads the settings of the db command.
 * @throws CONFIG_INVALID naming every problem at once.
 */
export function readDatabaseConfig(environment: Record<string, string | undefined> = process.env): DatabaseConfig {
  const found = parseConfig(schema, environment) as Record<string, string | undefined>;
  const given = loginRoles.filter((role) => found[passwordKey(role)] !== undefined);
  return {
    databaseUrl: found.DATABASE_URL,
    dataDir: resolve(found.BAILIWICK_DATA_DIR ?? ''),
    passwords: Object.fromEntries(given.map((role) => [role, found[passwordKey(role)]])),
  };
}
