import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSession } from '@bailiwick/database/setup/connect';
import type { DumpReport } from '@bailiwick/database/foreign/restoreDump';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { db, environmentOf } from './backupSupport.js';

export const fixture = fileURLToPath(new URL('fixtures/dumps/legacy.sql', import.meta.url));

/** A folder, and in each test a new database, to restore dumps of other systems into. */
export class ForeignBench {
  folder = '';
  dump = '';
  database!: TestDatabase;

  /** Declares what comes before and after the tests of a file. */
  static declare(): ForeignBench {
    const bench = new ForeignBench();
    beforeAll(async () => {
      bench.folder = await mkdtemp(join(tmpdir(), 'bailiwick-foreign-'));
      bench.dump = await readFile(fixture, 'utf8');
    });
    beforeEach(async () => {
      bench.database = await createTestDatabase();
    });
    afterEach(async () => {
      await bench.database.drop();
    });
    afterAll(async () => {
      await rm(bench.folder, { recursive: true, force: true });
    });
    return bench;
  }

  get work(): string {
    return join(this.folder, 'work');
  }

  get env(): NodeJS.ProcessEnv {
    return environmentOf(this.database, join(this.folder, 'data'));
  }

  get options(): string[] {
    return ['--work', this.work, '--rejects', join(this.folder, 'rejects.csv')];
  }

  get confirmed(): string[] {
    return [...this.options, '--confirm', this.database.name];
  }

  async put(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async restore(path: string, ...more: string[]) {
    return db(['restore', path, ...this.confirmed, ...more], this.env);
  }

  /** The report of a restore that must end well. */
  async report(path: string, ...more: string[]): Promise<DumpReport & { notBroughtBack: string[] }> {
    const { exitCode, stdout, stderr } = await this.restore(path, '--json', ...more);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout) as DumpReport & { notBroughtBack: string[] };
  }

  async query<T extends Record<string, unknown>>(sql: string): Promise<T[]> {
    return withSession(this.database.operatorUrl, 'tests', async (client) => (await client.query<T>(sql)).rows);
  }

  async leftInWork(): Promise<string[]> {
    return (await readdir(this.work).catch(() => [])).filter((name) => !name.endsWith('.lock'));
  }
}
