import { integerSetting, parseConfig, serviceSettings } from '@bailiwick/kernel/config';
import { z } from 'zod';

const schema = z.object({
  ...serviceSettings,
  BAILIWICK_LOG_LEVEL: serviceSettings.BAILIWICK_LOG_LEVEL.unwrap().default('warn'),
  BAILIWICK_PORT: integerSetting(0, 65_535).default(4000),
  BAILIWICK_POOL_SIZE: integerSetting(1, 200).default(10),
  BAILIWICK_CURSOR_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
  BAILIWICK_CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .optional(),
  BAILIWICK_MAX_OPERATION_COST: integerSetting(1, 100_000_000).optional(),
});

export type StartConfig = z.output<typeof schema>;

/** The settings of the process that runs everything, from its environment. Throws CONFIG_INVALID with everything that is wrong at once. */
export function readStartConfig(): StartConfig {
  return parseConfig(schema, process.env);
}
