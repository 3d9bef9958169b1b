import { once } from 'node:events';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client, DatabaseError, QueryConfig, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyStreamQuery } from 'pg-copy-streams';
import { loadParser } from '../check/parse.js';
import { quotedTable } from '../backup/catalogue.js';
import type { Progress } from '../import/progress.js';
import { quoteName } from '../import/sql.js';
import { isDatabaseError } from '../migrate/failure.js';
import { connect } from '../setup/connect.js';
import { toleratedFailure, treatmentOf } from './classify.js';
import type { DumpSource } from './dumpSource.js';
import { encodingOf } from './encoding.js';
import type { Encoding } from './encoding.js';
import { LoadNotes } from './loadReport.js';
import type { LoadReport } from './loadReport.js';
import { columnList, fullName, hostedSchemas, shortened, tableOf } from './names.js';
import type { TableNamed } from './names.js';
import type { DumpPart } from './scanner.js';
import type { Scratch } from './scratch.js';
import { clientEncoding, connectedTo, scanDump, wrongEncoding } from './survey.js';
import type { Survey } from './survey.js';

/** One database of a dump, in the scratch server. */
export interface LoadedSection {
  /** As the dump calls it. */
  readonly named: string | null;
  /** As it is called on the scratch server. */
  readonly database: string;
  /** Owners and rights, which were not run. */
  readonly deferred: readonly Deferred[];
  readonly report: LoadReport;
}

export interface Deferred {
  readonly statement: string;
  readonly line: number;
  readonly owner: string | undefined;
}

export interface LoadOptions {
  readonly source: DumpSource;
  readonly survey: Survey;
  readonly scratch: Scratch;
  readonly encoding?: string;
  readonly progress: Progress;
}

/** INSERTs are sent together up to this many, or this many characters. */
const mostInserts = 500;
const mostCharacters = 512 * 1024;

/**
 * Runs a dump in the scratch server, as a role that may do nothing outside of the databases it fills. A statement that fails is noted, and the next one is run.
 * @returns what it has of each database.
 */
export async function loadDump(options: LoadOptions): Promise<LoadedSection[]> {
  const { source, survey, progress } = options;
  await loadParser();
  const loader = new Loader(options);
  progress.begin('Loading the dump into the scratch server', source.tool ? survey.sqlBytes : source.bytes);
  try {
    await scanDump(
      source,
      (bytes) => progress.advance(bytes, loader.rows),
      async (part) => loader.take(part),
    );
    const sections = await loader.finish();
    progress.end();
    return sections;
  } catch (error) {
    throw explained(error);
  } finally {
    await loader.close();
  }
}

class Loader {
  rows = 0;
  readonly #options: LoadOptions;
  readonly #sections: LoadedSection[] = [];
  #encoding: Encoding;
  #client: Client | undefined;
  #named: string | null = null;
  #notes = new LoadNotes();
  #deferred: Deferred[] = [];
  #inserts: { text: string; line: number; table: TableNamed }[] = [];
  #insertCharacters = 0;
  #copy: CopyInProgress | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#encoding = encodingOf(options.encoding ?? 'UTF8');
  }

  async take(part: DumpPart): Promise<void> {
    switch (part.kind) {
      case 'statement':
        return this.#statement(part.text, part.line);
      case 'copy':
        return this.#beginCopy(part.text, part.line);
      case 'rows':
        if (this.#copy) await this.#copy.write(part.bytes, part.lines);
        this.rows += part.lines;
        return;
      case 'copyEnd':
        return this.#endCopy();
      case 'meta':
        if (/^\\(?:connect|c)\s/.test(part.text)) {
          await this.#finishSection();
          this.#named = connectedTo(part.text);
        } else if (!/^\\(?:un)?restrict\b/.test(part.text)) this.#notes.tolerate('psql', part.text.split(/\s/)[0] ?? '');
    }
  }

  async finish(): Promise<LoadedSection[]> {
    await this.#finishSection();
    return this.#sections;
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }

  async #session(): Promise<Client> {
    if (this.#client) return this.#client;
    const database = `section_${this.#sections.length}`;
    await this.#options.scratch.createDatabase(database);
    this.#client = await connect(this.#options.scratch.loaderUrl(database), 'dump');
    await this.#client.query(`set client_min_messages = 'error'; set statement_timeout = 0`);
    return this.#client;
  }

  async #finishSection(): Promise<void> {
    await this.#flush();
    if (this.#client) {
      await this.#client.end();
      this.#client = undefined;
      this.#sections.push({
        named: this.#named,
        database: `section_${this.#sections.length}`,
        deferred: this.#deferred,
        report: this.#notes.report(this.#options.scratch.serverVersion),
      });
    }
    this.#notes = new LoadNotes();
    this.#deferred = [];
  }

  #decode(bytes: string, line: number): string {
    const text = this.#encoding.decode(bytes);
    if (text === undefined) throw wrongEncoding(line, this.#encoding.name);
    return text;
  }

  async #statement(bytes: string, line: number): Promise<void> {
    const text = this.#decode(bytes, line);
    const inserted = tableOf('insert', text);
    if (inserted) {
      if (hostedSchemas.has(inserted.schema)) this.#passRows(inserted, 1);
      else {
        this.#inserts.push({ text, line, table: inserted });
        this.#insertCharacters += text.length;
      }
      this.rows++;
      if (this.#inserts.length >= mostInserts || this.#insertCharacters >= mostCharacters) await this.#flush();
      return;
    }
    await this.#flush();
    const encoding = clientEncoding.exec(text)?.[1];
    if (encoding) {
      // Texts are turned into UTF-8 here, and COPY is told what its rows are encoded in.
      if (this.#options.encoding === undefined) this.#encoding = encodingOf(encoding);
      return;
    }
    const treatment = treatmentOf(text);
    if (treatment.do === 'pass') this.#notes.tolerate(treatment.kind, treatment.name);
    else if (treatment.do === 'defer') this.#deferred.push({ statement: text, line, owner: treatment.owner });
    else await this.#run(text, line);
  }

  async #run(text: string, line: number): Promise<void> {
    const client = await this.#session();
    try {
      await client.query(text);
    } catch (error) {
      refuseBroken(error);
      const tolerated = toleratedFailure(text, error);
      const table = tableOf('create', text);
      if (table && !hostedSchemas.has(table.schema) && tolerated?.kind !== 'present') {
        if (await this.#makeOfTexts(table, columnsOf(table.rest), error.message)) return;
      }
      if (tolerated) this.#notes.tolerate(tolerated.kind, tolerated.name);
      else this.#notes.fail({ line, statement: shortened(text), message: error.message, table: null });
    }
  }

  /** A table whose types or defaults are not here still takes its rows: as texts. */
  async #makeOfTexts(table: TableNamed, columns: string[] | undefined, why: string): Promise<boolean> {
    if (!columns || columns.length === 0) return false;
    const client = await this.#session();
    try {
      await client.query(`create schema if not exists ${quoteName(table.schema)}`);
      await client.query(
        `create table ${quotedTable(table)} (${columns.map((column) => `"${column.replaceAll('"', '""')}" text`).join(', ')})`,
      );
    } catch (error) {
      refuseBroken(error);
      return false;
    }
    this.#notes.simplified.push({ table: fullName(table), why });
    return true;
  }

  async #isThere(table: TableNamed): Promise<boolean> {
    const client = await this.#session();
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [quotedTable(table)]);
    return rows[0]?.there === true;
  }

  #passRows(table: TableNamed, rows: number): void {
    this.#notes.passedOver[fullName(table)] = (this.#notes.passedOver[fullName(table)] ?? 0) + rows;
  }

  #count(table: TableNamed, rows: number): void {
    this.#notes.rows[fullName(table)] = (this.#notes.rows[fullName(table)] ?? 0) + rows;
  }

  async #flush(): Promise<void> {
    const inserts = this.#inserts;
    if (inserts.length === 0) return;
    this.#inserts = [];
    this.#insertCharacters = 0;
    const client = await this.#session();
    for (const { table } of new Map(inserts.map((one) => [fullName(one.table), one])).values()) {
      if (!(await this.#isThere(table)))
        await this.#makeOfTexts(table, columnList(table.rest), 'the dump has its rows and not the table');
    }
    try {
      // Several statements give several results, which the types of the driver do not know.
      const results: unknown = await client.query(inserts.map(({ text }) => text).join('\n'));
      for (const [i, { rowCount }] of ((Array.isArray(results) ? results : [results]) as QueryResult[]).entries()) {
        const table = inserts[i]?.table;
        if (table) this.#count(table, rowCount ?? 0);
      }
    } catch (error) {
      refuseBroken(error);
      // All of them were taken back together: one after the other, the one at fault is found.
      for (const { text, line, table } of inserts) await this.#insertAlone(client, text, line, table);
    }
  }

  async #insertAlone(client: Client, text: string, line: number, table: TableNamed): Promise<void> {
    try {
      this.#count(table, (await client.query(text)).rowCount ?? 0);
    } catch (error) {
      refuseBroken(error);
      this.#notes.fail({ line, statement: shortened(text), message: error.message, table: fullName(table) });
    }
  }

  async #beginCopy(bytes: string, line: number): Promise<void> {
    await this.#flush();
    const text = this.#decode(bytes, line);
    const table = tableOf('copy', text);
    if (!table || hostedSchemas.has(table.schema)) {
      const passed = table ?? { schema: '', name: shortened(text), rest: '' };
      this.#passRows(passed, 0);
      this.#copy = passingCopy((lines) => this.#passRows(passed, lines));
      return;
    }
    const client = await this.#session();
    if (!(await this.#isThere(table)))
      await this.#makeOfTexts(table, columnList(table.rest), 'the dump has its rows and not the table');
    const plain = /^\s*(\([^()]*\))?\s*from\s+stdin\s*;$/i.exec(table.rest);
    const statement = plain
      ? `copy ${quotedTable(table)} ${plain[1] ?? ''} from stdin with (format text, encoding '${this.#encoding.name}')`
      : text;
    this.#copy = runningCopy(client.query(copyFrom(statement)), (rows, error) => {
      if (rows !== undefined) return this.#count(table, rows);
      refuseBroken(error);
      const where = error.where ? ` (${error.where.split('\n')[0]})` : '';
      this.#notes.fail({ line, statement: shortened(text), message: `${error.message}${where}`, table: fullName(table) });
    });
  }

  async #endCopy(): Promise<void> {
    const copy = this.#copy;
    this.#copy = undefined;
    await copy?.end();
  }
}

interface CopyInProgress {
  write(bytes: Buffer, lines: number): Promise<void>;
  end(): Promise<void>;
}

const passingCopy = (onRows: (lines: number) => void): CopyInProgress => ({
  write: async (_bytes, lines) => onRows(lines),
  end: async () => undefined,
});

/** Writes into a COPY until the server has enough or says no; what comes after that is passed over. */
function runningCopy(stream: CopyStreamQuery, done: (rows: number | undefined, error: unknown) => void): CopyInProgress {
  let failure: unknown;
  const failed = new Promise<void>((resolve) => {
    stream.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  return {
    async write(bytes) {
      if (failure !== undefined || stream.write(bytes)) return;
      await Promise.race([once(stream, 'drain').catch(() => undefined), failed]);
    },
    async end() {
      if (failure === undefined) {
        stream.end();
        await Promise.race([once(stream, 'finish').catch(() => undefined), failed]);
      }
      if (failure === undefined) done((stream as { rowCount?: number }).rowCount ?? 0, undefined);
      else done(undefined, failure);
    },
  };
}

/** The columns of a CREATE TABLE, from the text: rules of the table begin with a word that is no column's. */
function columnsOf(rest: string): string[] | undefined {
  if (!rest.trimStart().startsWith('(')) return undefined;
  const columns: string[] = [];
  for (const line of topLevelParts(rest)) {
    const name = /^\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s/.exec(line);
    if (!name) return undefined;
    if (name[2] && /^(?:constraint|primary|unique|check|foreign|exclude|like)$/i.test(name[2])) continue;
    columns.push(name[1]?.replaceAll('""', '"') ?? (name[2] ?? '').toLowerCase());
  }
  return columns;
}

/** What stands between the commas of the outermost brackets. */
function topLevelParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: sign, index } of text.matchAll(/'(?:[^']|'')*'|"[^"]*"|[(),]/g)) {
    if (sign === '(' && ++depth === 1) from = index + 1;
    if (depth === 1 && (sign === ',' || sign === ')')) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
    if (sign === ')' && --depth === 0) break;
  }
  return parts;
}

/** Anything but the server's own no to a statement ends the load: a full disk, a broken connection. */
function refuseBroken(error: unknown): asserts error is DatabaseError {
  if (!isDatabaseError(error) || /^(?:53|57P|58)/.test(error.code ?? '') || error.severity === 'FATAL') throw error;
}

function explained(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === '53100' || code === 'ENOSPC' || /No space left on device/.test(message)) {
    return new AppError('RESTORE_FAILED', `The disk of the scratch server is full: ${message}. The database was not touched.`, {
      hint: 'Free some space, or name a folder on another disk with --work: about three times the size of the SQL is needed.',
      cause: error,
    });
  }
  return new AppError('RESTORE_FAILED', `The scratch server broke off: ${message}. The database was not touched.`, {
    hint: 'Restore again. If it says the same, look whether disk or memory is full.',
    cause: error,
  });
}

/** By the extended protocol, which refuses a text of several statements. */
export function oneStatement(text: string): QueryConfig {
  const query: QueryConfig & { queryMode: 'extended' } = { text, queryMode: 'extended' };
  return query;
}
