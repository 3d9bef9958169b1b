import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { parse } from 'yaml';
import { createTestIssuer } from '../support/tokens.js';
import { runDockerfile } from './dockerfile.js';
import type { BuiltImage } from './dockerfile.js';

/**
 * Builds the image by the Dockerfile's own instructions in a clean folder, and starts docker-compose.yml's services from what came out:
 * the built JavaScript, without the tools of the build. Run with `npm run check:deployment`; takes some minutes and no Docker engine.
 */
const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'bailiwick-deployment-'));
const children: ChildProcess[] = [];

interface Service {
  command: string[];
  environment: Record<string, string>;
  healthcheck?: { test: string[] };
}

const image = runDockerfile(projectRoot, scratch, (instruction) => console.log(`Dockerfile: ${instruction}`));
const app = join(image.root, image.workdir);
for (const tool of ['typescript', 'jest', 'tsx/dist/loader.mjs']) {
  if (tool !== 'tsx/dist/loader.mjs' && existsSync(join(app, 'node_modules', tool)))
    throw new Error(`The image holds ${tool}, which only the build needs.`);
}

const postgres = await startEmbeddedServer({ dataDir: join(scratch, 'postgres'), settings: { fsync: 'off' } });
try {
  execFileSync(
    process.execPath,
    [
      '-e',
      `const { Client } = require('pg'); (async () => { const c = new Client(process.argv[1]); await c.connect(); await c.query('create database bailiwick'); await c.end(); })()`,
      postgres.operatorUrl(),
    ],
    { cwd: projectRoot },
  );
  await checkServices(image);
  console.log('The services of docker-compose.yml answer from the built JavaScript.');
} finally {
  const running = children.filter((child) => child.exitCode === null);
  const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(ended);
  await postgres.stop();
  rmSync(scratch, { recursive: true, force: true });
}

async function checkServices({ environment: imageEnvironment }: BuiltImage): Promise<void> {
  const issuer = await createTestIssuer();
  const ports: Record<string, number> = {
    shared: await freePort(),
    'case-management': await freePort(),
    audit: await freePort(),
    gateway: await freePort(),
  };
  const secrets = {
    ...exampleEnvironment(),
    POSTGRES_PASSWORD: postgres.credentials.postgres,
    BAILIWICK_JWKS_URL: '',
    BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem.replaceAll('\n', '\\n'),
  };
  const services = composeServices(secrets, ports);
  const run = (name: string) => {
    const { command, environment } = services[name]!;
    console.log(`docker-compose.yml: ${name}: ${command.join(' ')}`);
    return spawn(command[0] === 'node' ? process.execPath : command[0]!, command.slice(1), {
      cwd: app,
      env: { PATH: process.env['PATH'], ...imageEnvironment, ...environment, BAILIWICK_HOST: '127.0.0.1' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  };

  const prepared = await new Promise((resolve) => run('prepare').once('exit', resolve));
  if (prepared !== 0) throw new Error(`prepare ended with ${String(prepared)}.`);
  for (const name of ['shared', 'case-management', 'audit', 'gateway']) {
    children.push(run(name));
    await healthy(services[name]!.healthcheck!.test);
  }

  const response = await fetch(`http://127.0.0.1:${ports['gateway']}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await issuer.tokenFor('01941f29-7c00-7000-8000-000000000001')}`,
    },
    body: JSON.stringify({ query: '{ me { id } orgUnits { totalCount } legalCases { totalCount } findings { totalCount } }' }),
  });
  const answer = await response.text();
  const expected = '{"data":{"me":null,"orgUnits":{"totalCount":0},"legalCases":{"totalCount":0},"findings":{"totalCount":0}}}';
  if (answer.trim() !== expected) throw new Error(`The gateway answered ${answer}`);
  await checkBackup(services['backup']!);
}

/** The backup service from the operator's image: a backup, its proof in a PostgreSQL of the image's own, and its health. */
async function checkBackup({ command, environment, healthcheck }: Service): Promise<void> {
  const operator = image.stages.get('operator')!;
  const cwd = join(operator.root, operator.workdir);
  // Where the account that PostgreSQL runs as, when we are root, can enter.
  const places = mkdtempSync(join(tmpdir(), 'bailiwick-operator-'));
  chmodSync(places, 0o755);
  const env = {
    PATH: process.env['PATH'],
    ...operator.environment,
    ...environment,
    TMPDIR: join(places, 'scratch'),
    BAILIWICK_DATA_DIR: join(places, 'none'),
  };
  mkdirSync(env.TMPDIR, { mode: 0o1777 });
  chmodSync(env.TMPDIR, 0o1777);
  const start = ([, ...words]: string[], options: string[] = []) =>
    spawn(process.execPath, [...words, ...options], { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const endOf = async (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
  try {
    console.log(`docker-compose.yml: backup: ${command.join(' ')}`);
    const health = healthcheck!.test.slice(1);
    if ((await endOf(start(health))) === 0) throw new Error('The backup service is healthy before there is a backup.');
    const child = start(command);
    children.push(child);
    const deadline = performance.now() + 300_000;
    while ((await endOf(start(health))) !== 0) {
      if (child.exitCode !== null) throw new Error(`The backup service ended with ${child.exitCode}.`);
      if (performance.now() > deadline) throw new Error('The backup service is not healthy within five minutes.');
      await pause(1000);
    }
    console.log('The backup service has taken a backup and proven it.');
  } finally {
    rmSync(places, { recursive: true, force: true });
  }
}

/** The services with their variables filled in, and the names of containers replaced by places on this machine. */
function composeServices(secrets: Record<string, string>, ports: Record<string, number>): Record<string, Service> {
  const portOf = (digit: string) => String(ports[['gateway', 'shared', 'case-management', 'audit'][Number(digit)]!]);
  const local = (text: string) =>
    text
      .replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_all, name: string, fallback = '') => secrets[name] || fallback)
      .replaceAll('@postgres:5432', `@127.0.0.1:${postgres.port}`)
      .replace(/http:\/\/(shared|case-management|audit):\d+/g, (_all, name: string) => `http://127.0.0.1:${ports[name]}`)
      .replace(/^400([0-3])$/, (_all, digit: string) => portOf(digit))
      .replace(/127\.0\.0\.1:400([0-3])\/health/, (_all, digit: string) => `127.0.0.1:${portOf(digit)}/health`);
  // Compose fills variables into values, not into the text of the file: an empty one stays an empty string.
  const filled = JSON.parse(
    JSON.stringify(parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'), { merge: true })),
    (_key, value: unknown) => (typeof value === 'string' ? local(value) : value),
  ) as { services: Record<string, Service> };
  return filled.services;
}

/** .env.example with something in every empty line. */
function exampleEnvironment(): Record<string, string> {
  const lines = [...readFileSync(join(projectRoot, '.env.example'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name!, value || `${name!.toLowerCase()}-of-this-check`]));
}

async function healthy([, ...command]: string[]): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const code = await new Promise((resolve) => spawn(command[0]!, command.slice(1), { stdio: 'ignore' }).once('exit', resolve));
    if (code === 0) return;
    if (performance.now() > deadline) throw new Error(`Not healthy within a minute: ${command.join(' ')}`);
    await pause(200);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
