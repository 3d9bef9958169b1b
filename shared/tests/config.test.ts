import { parseConfig, subgraphSettings } from '@bailiwick/kernel/process';
import { AppError } from '@bailiwick/kernel/errors';
import { parseSubgraphConfig } from '@bailiwick/kernel/http';
import { z } from 'zod';

const usable = { BAILIWICK_DATABASE_URL: 'postgres://app@127.0.0.1/db' };

function refusal(environment: Record<string, string>): AppError {
  try {
    parseSubgraphConfig(environment, 4001);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

test('what is left out, or empty, has its default', () => {
  expect(parseSubgraphConfig({ ...usable, BAILIWICK_HOST: '', BAILIWICK_JWKS_URL: '' }, 4001)).toEqual({
    ...usable,
    NODE_ENV: 'development',
    BAILIWICK_HOST: '127.0.0.1',
    BAILIWICK_PORT: 4001,
    BAILIWICK_LOG_LEVEL: 'info',
    BAILIWICK_JWKS_KEEP_HOURS: 24,
    BAILIWICK_JWT_ISSUER: 'bailiwick',
    BAILIWICK_JWT_AUDIENCE: 'bailiwick',
    BAILIWICK_POOL_SIZE: 10,
  });
});

test('all problems are told at once, unknown keys included', () => {
  const { code, exitCode, message, hint } = refusal({
    BAILIWICK_PORT: '65536',
    BAILIWICK_POOL_SIZE: 'many',
    BAILIWICK_LOG_LEVEL: 'loud',
    BAILIWICK_JWKS_URL: 'not a url',
    BAILIWICK_CURSOR_KEY: 'short',
    BAILIWICK_DATABSE_URL: 'postgres://app@127.0.0.1/db',
    NODE_ENV: 'staging',
  });
  expect([code, exitCode]).toEqual(['CONFIG_INVALID', 3]);
  for (const told of [
    'BAILIWICK_DATABSE_URL is not a setting of Bailiwick',
    'BAILIWICK_DATABASE_URL: is missing',
    'BAILIWICK_PORT',
    'BAILIWICK_POOL_SIZE',
    'BAILIWICK_LOG_LEVEL',
    'BAILIWICK_JWKS_URL',
    'BAILIWICK_CURSOR_KEY: is shorter than 16 characters',
    'NODE_ENV',
  ])
    expect(message).toContain(told);
  expect(hint).toMatch(/docs\/configuration\.md/);
});

test.each([
  ['BAILIWICK_DATABASE_URL', 'mysql://app@127.0.0.1/db'],
  ['BAILIWICK_PORT', '-1'],
  ['BAILIWICK_PORT', '80.5'],
  ['BAILIWICK_POOL_SIZE', '0'],
  ['BAILIWICK_POOL_SIZE', '201'],
])('%s=%s is refused, and a password is never told', (key, value) => {
  const { message } = refusal({ ...usable, [key]: value, BAILIWICK_TYPO: 'secret' });
  expect(message).toContain(key);
  expect(message).not.toContain('secret');
});

test('a setting of another process is no mistake, nor is what does not concern Bailiwick', () => {
  const environment = { ...usable, BAILIWICK_CORS_ORIGINS: 'https://example.org', PATH: '/bin', LANG: 'C' };
  expect(Object.keys(parseSubgraphConfig(environment, 4001))).not.toContain('BAILIWICK_CORS_ORIGINS');
});

test('every setting of a schema is known, or no process could be given it', () => {
  const settings = Object.keys(subgraphSettings).filter((key) => key.startsWith('BAILIWICK_'));
  const schema = z.object(Object.fromEntries(settings.map((key) => [key, z.string()])));
  const environment = Object.fromEntries(settings.map((key) => [key, 'x']));
  expect(parseConfig(schema, environment)).toEqual(environment);
});
