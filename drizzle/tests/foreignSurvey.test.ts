import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openDump } from '@bailiwick/database/foreign/dumpSource';
import { recognise } from '@bailiwick/database/foreign/recognise';
import { surveyDump } from '@bailiwick/database/foreign/survey';
import { silentProgress } from '@bailiwick/database/import/progress';

const fixture = fileURLToPath(new URL('fixtures/dumps/legacy.sql', import.meta.url));
const csvFolder = fileURLToPath(new URL('fixtures/legacy', import.meta.url));

let folder: string;
let dump: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-survey-'));
  dump = await readFile(fixture, 'utf8');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const put = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const survey = async (content: string | Buffer, form: 'plain' | 'gzip' = 'plain', encoding?: string) =>
  surveyDump({ source: await openDump(await put('dump', content), form, undefined), encoding, progress: silentProgress });

describe('recognise', () => {
  test('knows a file by its content and not by its name', async () => {
    expect(await recognise(await put('a.txt', dump))).toMatchObject({ kind: 'dump', form: 'plain' });
    expect(await recognise(await put('b.backup', gzipSync(dump)))).toMatchObject({ kind: 'dump', form: 'gzip' });
    expect(await recognise(await put('c.sql', Buffer.from('PGDMP\x01\x0e\x00')))).toMatchObject({ kind: 'dump', form: 'custom' });
    const tar = Buffer.alloc(1024);
    tar.write('toc.dat\0');
    tar.write('ustar', 257);
    expect(await recognise(await put('d', tar))).toMatchObject({ kind: 'dump', form: 'tar' });
    expect(await recognise(join(folder, 'nothing'))).toBeUndefined();
  });

  test('knows folders', async () => {
    expect(await recognise(csvFolder)).toMatchObject({
      kind: 'csv',
      files: expect.arrayContaining(['cases.csv', 'audit/notifications.csv']),
    });
    const inner = join(folder, 'inner');
    await mkdir(inner);
    await expect(recognise(inner)).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining('is an empty folder'),
    });
    await cp(fixture, join(inner, 'notes.txt'));
    await expect(recognise(inner)).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining('is a folder with notes.txt'),
    });
    await writeFile(join(inner, 'toc.dat'), 'PGDMP');
    expect(await recognise(inner)).toMatchObject({ kind: 'dump', form: 'directory' });
  });

  test.each([
    ['an empty file', Buffer.alloc(0), 'is an empty file'],
    ['UTF-16 of PowerShell', Buffer.from(`\ufeffSET x = 1;`, 'utf16le'), 'is UTF-16 text'],
    ['zstd', Buffer.from('28b52ffd00', 'hex'), 'is compressed with zstd'],
    ['a zip', Buffer.from('504b030400', 'hex'), 'is compressed with zip'],
    ['MySQL', Buffer.from('-- MySQL dump 10.13\n\nCREATE TABLE x (a int);'), 'is a dump of MySQL'],
    ['a custom dump inside gzip', gzipSync(Buffer.from('PGDMP\x01\x0e')), 'is a custom-format dump inside gzip'],
    ['gzip of something else', gzipSync(Buffer.from('hello')), 'holds no SQL dump'],
    ['a picture', Buffer.from('89504e470d0a1a0a00', 'hex'), 'is nothing that can be restored from'],
  ])('refuses %s in a sentence', async (name, content, sentence) => {
    await expect(recognise(await put(`${name}.sql`, content))).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining(sentence),
      hint: expect.stringMatching(/\.$/),
    });
  });
});

describe('surveyDump', () => {
  test('counts the rows of a whole dump without a server', async () => {
    const found = await survey(dump);
    expect(found).toMatchObject({ serverVersion: expect.stringMatching(/^15\./), encoding: 'UTF8', cutOff: null });
    expect(found.sections[0]?.rows).toMatchObject({
      'public.cases': 6,
      'public.parties': 7,
      'auth.users': 7,
      'public.org_units': 3,
    });
    expect(await survey(gzipSync(dump), 'gzip')).toEqual(found);
    expect((await survey(dump.replaceAll('\n', '\r\n'))).sections).toEqual(found.sections);
  });

  test('says where a dump is cut off, wherever that is', async () => {
    const inRows = dump.indexOf('\n', dump.indexOf('COPY public.cases')) + 500;
    expect((await survey(dump.slice(0, inRows))).cutOff).toMatch(
      /^it ends within the rows of public\.cases, after \d whole ones$/,
    );
    const inStatement = dump.indexOf('CREATE TABLE public.cases') + 40;
    expect((await survey(dump.slice(0, inStatement))).cutOff).toMatch(
      /^it ends within the statement that begins in line \d+: CREATE TABLE public\.cases/,
    );
    const behindRows = dump.indexOf('-- Name: cases cases_pkey');
    const missing = (await survey(dump.slice(0, behindRows))).cutOff;
    expect(missing).toContain('the line "PostgreSQL database dump complete" at its end is missing');
    const beforeRows = dump.indexOf('-- Data for Name: parties');
    expect((await survey(dump.slice(0, beforeRows))).cutOff).toContain('6 of its 14 tables have no rows: public.parties');
  });

  test("a host's tool leaves the comments out, and ends with RESET ALL", async () => {
    const bare = dump.replaceAll(/^--.*\n/gm, '').replaceAll(/^\\(?:un)?restrict.*\n/gm, '');
    expect((await survey(`${bare}\nRESET ALL;\n`)).cutOff).toBeNull();
    expect((await survey(bare)).cutOff).toContain('is missing');
  });

  test('a gzip file that is cut off, or has a flipped byte, is refused', async () => {
    const packed = gzipSync(dump);
    await expect(survey(packed.subarray(0, packed.length - 20), 'gzip')).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining('the gzip stream ends before its end'),
    });
    const flipped = Buffer.from(packed);
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 1;
    await expect(survey(flipped, 'gzip')).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining('is damaged'),
    });
  });

  test.each([
    ['\\! touch /tmp/x', 'is a command of psql'],
    ['\\copy t from program', 'is a command of psql'],
    ['\\i other.sql', 'is a command of psql'],
    ['\\set x `id`', 'is a command of psql'],
    ["COPY t FROM PROGRAM 'id';", 'would read or write a file of the server, or run a program there'],
    ["COPY t FROM '/etc/passwd';", 'would read or write a file of the server'],
    ["COPY (SELECT 1) TO '/tmp/x';", 'would read or write a file of the server'],
    ["LOAD '/tmp/x.so';", 'would load a library'],
    ['SELECT 1 \\g /tmp/x', 'stands in the middle of a statement'],
  ])('refuses %s before anything is run', async (line, why) => {
    const error = { code: 'DUMP_REFUSED', message: expect.stringContaining(why) };
    // pg_dump forbids commands of psql itself from its first lines on.
    await expect(
      survey(
        dump
          .replaceAll(/^\\(?:un)?restrict.*\n/gm, '')
          .replace('SET check_function_bodies', `${line}\nSET check_function_bodies`),
      ),
    ).rejects.toMatchObject(error);
  });

  test('what the dump itself forbids is refused', async () => {
    await expect(survey(dump.replace('SET check_function_bodies', '\\echo x\nSET check_function_bodies'))).rejects.toMatchObject({
      message: expect.stringContaining('where the dump itself forbids them'),
    });
  });

  test('a dump that is not encoded as it says is refused with the line, and read with --encoding', async () => {
    const latin = Buffer.from(
      dump.replace('COMMENT ON TABLE', "COMMENT ON VIEW public.open_cases IS 'f\u00fcr';\nCOMMENT ON TABLE"),
      'latin1',
    );
    const wrong = Buffer.concat([Buffer.from('CREATE TABLE public.\xfcbel (a int);\n', 'latin1'), latin]);
    await expect(survey(wrong)).rejects.toMatchObject({
      code: 'DUMP_INVALID',
      message: expect.stringContaining('encoded in UTF8, and what begins in line 1'),
    });
    expect((await survey(wrong, 'plain', 'LATIN1')).sections[0]?.created[0]).toBe('public.\u00fcbel');
    await expect(survey(dump.replace("client_encoding = 'UTF8'", "client_encoding = 'SJIS'"))).rejects.toMatchObject({
      code: 'DUMP_REFUSED',
    });
  });

  test('pg_dumpall: each database is a section', async () => {
    const found = await survey(
      `-- PostgreSQL database cluster dump\n\\connect template1\n${dump}\n\\connect -reuse-previous=on "dbname='my db'"\n${dump}\n-- PostgreSQL database cluster dump complete\n`,
    );
    expect(found.sections.map(({ database }) => database)).toEqual([null, 'template1', 'my db']);
    expect(found.cutOff).toBeNull();
  });
});
