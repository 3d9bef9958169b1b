import { integerSetting, parseConfig, serviceSettings } from '@bailiwick/kernel/process';
import { z } from 'zod';
import type { AllowedOrigins } from './http/cors.js';

const yesOrNo = z.enum(['true', 'false'], { error: 'is neither true nor false' }).transform((value) => value === 'true');

const subgraphUrl = (name: string) =>
  z.url({ protocol: /^https?$/, error: `is not an http URL; give the GraphQL endpoint of the subgraph ${name}` });

const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(
    z.array(
      z.string().refine((origin) => URL.canParse(origin) && new URL(origin).origin === origin, {
        error: 'is not a list of origins like https://app.example.org, separated by commas',
      }),
    ),
  );

/** The settings of the GraphQL endpoint. The gateway process and `npm start` share them. */
export const endpointSettings = {
  BAILIWICK_PORT: integerSetting(0, 65_535).default(4000),
  BAILIWICK_INTROSPECTION: yesOrNo.optional(),
  BAILIWICK_MAX_OPERATION_COST: integerSetting(1, 1_000_000_000).optional(),
  BAILIWICK_CORS_ORIGINS: origins.optional(),
};

/** Returns the origins whose pages may call the gateway. Configured origins replace the default, which is loopback in development and none elsewhere. */
export function allowedOrigins(config: { NODE_ENV: string; BAILIWICK_CORS_ORIGINS?: string[] | undefined }): AllowedOrigins {
  return config.BAILIWICK_CORS_ORIGINS ?? (config.NODE_ENV === 'development' ? 'loopback' : []);
}

const settings = z.object({
  ...serviceSettings,
  ...endpointSettings,
  BAILIWICK_SHARED_URL: subgraphUrl('shared'),
  BAILIWICK_CASE_MANAGEMENT_URL: subgraphUrl('case-management'),
  BAILIWICK_AUDIT_URL: subgraphUrl('audit'),
});

/** Reads the settings of the gateway process from the environment. Throws CONFIG_INVALID, which lists all problems at once. */
export function readConfig() {
  const config = parseConfig(settings, process.env);
  const isProduction = config.NODE_ENV === 'production';
  return {
    host: config.BAILIWICK_HOST,
    port: config.BAILIWICK_PORT,
    logLevel: config.BAILIWICK_LOG_LEVEL,
    isProduction,
    allowIntrospection: config.BAILIWICK_INTROSPECTION ?? !isProduction,
    maxOperationCost: config.BAILIWICK_MAX_OPERATION_COST,
    corsOrigins: allowedOrigins(config),
    subgraphs: {
      shared: { url: config.BAILIWICK_SHARED_URL },
      'case-management': { url: config.BAILIWICK_CASE_MANAGEMENT_URL },
      audit: { url: config.BAILIWICK_AUDIT_URL },
    },
    token: {
      jwksUrl: config.BAILIWICK_JWKS_URL,
      keepKeysForHours: config.BAILIWICK_JWKS_KEEP_HOURS,
      publicKey: config.BAILIWICK_JWT_PUBLIC_KEY,
      issuer: config.BAILIWICK_JWT_ISSUER,
      audience: config.BAILIWICK_JWT_AUDIENCE,
    },
  };
}

/** Turns off @apollo/gateway's telemetry. Call this before the gateway is constructed. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
}
