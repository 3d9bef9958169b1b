import { z } from 'zod';
import { AppError } from '../errors/AppError.js';

/** Every BAILIWICK_* key that any process reads. A key that is not here is a typing slip and is refused. */
export const knownKeys: ReadonlySet<string> = new Set([
  'BAILIWICK_AUDIT_URL',
  'BAILIWICK_CASE_MANAGEMENT_URL',
  'BAILIWICK_CORS_ORIGINS',
  'BAILIWICK_CURSOR_KEY',
  'BAILIWICK_DATA_DIR',
  'BAILIWICK_DATABASE_URL',
  'BAILIWICK_HOST',
  'BAILIWICK_INTROSPECTION',
  'BAILIWICK_JWKS_KEEP_HOURS',
  'BAILIWICK_JWKS_URL',
  'BAILIWICK_JWT_AUDIENCE',
  'BAILIWICK_JWT_ISSUER',
  'BAILIWICK_JWT_PUBLIC_KEY',
  'BAILIWICK_LOG_LEVEL',
  'BAILIWICK_MAX_OPERATION_COST',
  'BAILIWICK_PASSWORD_AUDIT_SYSTEM_APP',
  'BAILIWICK_PASSWORD_AUDIT_SYSTEM_DEPLOYER',
  'BAILIWICK_PASSWORD_BACKUP_READER',
  'BAILIWICK_PASSWORD_CASE_MANAGEMENT_APP',
  'BAILIWICK_PASSWORD_CASE_MANAGEMENT_DEPLOYER',
  'BAILIWICK_PASSWORD_SHARED_TABLES_APP',
  'BAILIWICK_PASSWORD_SHARED_TABLES_DEPLOYER',
  'BAILIWICK_POOL_SIZE',
  'BAILIWICK_PORT',
  'BAILIWICK_SHARED_URL',
  'BAILIWICK_TEST_DATABASE_URL',
  'BAILIWICK_WORKERS',
]);

type Environment = Record<string, string | undefined>;

/**
 * Checks the environment of a process against a zod object schema whose keys are environment variables.
 * Returns the parsed values. Throws CONFIG_INVALID that lists every problem at once, unknown BAILIWICK_* keys included.
 */
export function parseConfig<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.output<Schema> {
  const problems = Object.keys(environment)
    .filter((key) => key.startsWith('BAILIWICK_') && !knownKeys.has(key))
    .map((key) => `${key} is not a setting of Bailiwick`);
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .filter((key) => environment[key] !== undefined && environment[key] !== '')
      .map((key) => [key, environment[key]]),
  );
  const result = schema.safeParse(given);
  if (!result.success) {
    for (const issue of result.error.issues) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  }
  if (problems.length > 0 || !result.success) {
    throw new AppError('CONFIG_INVALID', `The configuration is not usable: ${problems.join('; ')}.`, {
      hint: 'Set or correct these environment variables; docs/configuration.md describes each.',
    });
  }
  return result.data;
}

/** A whole number in an environment variable. */
export const integerSetting = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** The settings of every process that answers GraphQL over HTTP. */
export const serviceSettings = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  BAILIWICK_HOST: z.string().default('127.0.0.1'),
  BAILIWICK_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  BAILIWICK_JWKS_URL: z.url().optional(),
  BAILIWICK_JWKS_KEEP_HOURS: integerSetting(1, 168).default(24),
  BAILIWICK_JWT_PUBLIC_KEY: z.string().optional(),
  BAILIWICK_JWT_ISSUER: z.string().default('bailiwick'),
  BAILIWICK_JWT_AUDIENCE: z.string().default('bailiwick'),
};

/** The settings of a subgraph that runs alone. */
export const subgraphSettings = {
  ...serviceSettings,
  BAILIWICK_DATABASE_URL: z
    .string({ error: 'is missing; give the PostgreSQL URL of the app role of this subgraph' })
    .startsWith('postgres', {
      error: 'is not a PostgreSQL URL; it starts with postgres://',
    }),
  BAILIWICK_POOL_SIZE: integerSetting(1, 200).default(10),
  BAILIWICK_CURSOR_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
};
