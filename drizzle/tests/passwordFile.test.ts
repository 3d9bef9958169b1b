import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import { completePasswordFile, readPasswordFile } from '@bailiwick/database/setup/passwordFile';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-passwords-'));
  path = join(folder, 'kept', 'credentials.json');
});
afterEach(async () => rm(folder, { recursive: true }));

test('of many that make the file at once, all have the passwords that it keeps, and nothing else is left', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, async () => completePasswordFile(path, {})));
  const kept = await readPasswordFile(path);
  expect(Object.keys(kept).sort()).toEqual([...loginRoles].sort());
  for (const passwords of made) expect(passwords).toEqual(kept);
  expect(await readdir(join(folder, 'kept'))).toEqual(['credentials.json']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a password that is known is kept, and a file that lacks some is completed', async () => {
  const first = await completePasswordFile(path, { backup_reader: 'of-the-environment' });
  expect(first.backup_reader).toBe('of-the-environment');
  const { audit_system_app, ...others } = first;
  expect(audit_system_app).toMatch(/^[\w-]{32}$/);
  await writeFile(path, JSON.stringify(others));
  const second = await completePasswordFile(path, others);
  expect(second).toEqual({ ...first, audit_system_app: second.audit_system_app });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(second);
});

test('a file that is damaged is told with what helps, and left as it is', async () => {
  await completePasswordFile(path, {});
  const content = (await readFile(path, 'utf8')).replace('{', '[');
  for (const damaged of [content, '', 'null']) {
    await writeFile(path, damaged);
    await expect(readPasswordFile(path)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `The passwords in ${path} can not be read: it is not JSON.`,
      hint: expect.stringContaining('init --new-passwords') as string,
    });
    expect(await readFile(path, 'utf8')).toBe(damaged);
  }
});
