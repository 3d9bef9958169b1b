import { availableParallelism } from 'node:os';
import { endpointSettings } from '@bailiwick/gateway/config';
import { integerSetting, parseConfig, serviceSettings } from '@bailiwick/kernel/process';
import { z } from 'zod';

/** More would only share the same processors. */
export const mostWorkers = 64;

/** One processor is left to PostgreSQL: on two, a second worker costs memory and gained nothing that can be told (docs/performance.md). */
const usualWorkers = Math.max(1, Math.min(availableParallelism() - 1, 4));

const schema = z.object({
  ...serviceSettings,
  BAILIWICK_LOG_LEVEL: serviceSettings.BAILIWICK_LOG_LEVEL.unwrap().default('warn'),
  ...endpointSettings,
  BAILIWICK_POOL_SIZE: integerSetting(1, 200).optional(),
  BAILIWICK_WORKERS: integerSetting(1, mostWorkers).default(usualWorkers),
  BAILIWICK_CURSOR_KEY: z.string().min(16, { error: 'is shorter than 16 characters' }).optional(),
});

export type StartConfig = z.output<typeof schema>;

/** The settings of the process that runs everything, from its environment. Throws CONFIG_INVALID with everything that is wrong at once. */
export function readStartConfig(): StartConfig {
  return parseConfig(schema, process.env);
}

/** Whether anybody may read the schema, and is served Sandbox and the explorer. */
export function allowsIntrospection({ BAILIWICK_INTROSPECTION, NODE_ENV }: StartConfig): boolean {
  return BAILIWICK_INTROSPECTION ?? NODE_ENV !== 'production';
}
