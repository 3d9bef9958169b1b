import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const form = z.strictObject({
  allowedLicences: z.array(z.string()),
  licences: z.array(z.strictObject({ licence: z.string(), packages: z.array(z.string()), why: z.string().min(20) })),
  advisories: z.array(z.strictObject({ id: z.string().startsWith('GHSA-'), package: z.string(), why: z.string().min(20) })),
});

export type Exceptions = z.output<typeof form>;

/** Reads the exceptions of the supply check. Throws if one lacks its reason. */
export async function readExceptions(): Promise<Exceptions> {
  return form.parse(parse(await readFile(new URL('exceptions.yaml', import.meta.url), 'utf8')));
}
