import type { Client, DatabaseError } from 'pg';
import { approveStatement } from '../guard/approve.js';
import { quoteName } from '../import/sql.js';
import { isDatabaseError } from '../migrate/failure.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import { quotedTable } from './catalogue.js';
import { definedSchemas, identityOf, readThings } from './definitions.js';
import type { Named } from './definitions.js';
import { concernedBy } from './definitionOrder.js';
import type { SavedDefinition } from './manifest.js';

/** Something that was saved, is missing, and stays so. */
export interface NotBroughtBack {
  readonly what: string;
  readonly why: string;
}

const ownerOf = (schema: string): string | undefined => bailiwicks.find((owner) => schemaOf(owner) === schema);
const tableOf = ({ schema, table }: Named): string => JSON.stringify([schema, table]);
/** What has columns and is made whole. */
const isRelation = (kind: string): boolean => kind === 'table' || kind === 'view' || kind === 'materialized view';

const holdsPrivileges = new Set(['table', 'sequence', 'view', 'materialized view']);

/** What the guard answers where something would protect less than before. */
const protectionRefused = 'LG004';

interface DefinitionScope {
  /** The schemas that are restored. */
  readonly scope: ReadonlySet<string>;
  /** The migrations that each owner applied after the backup. */
  readonly ahead: ReadonlyMap<string, string[]>;
  /** What is missing was lost, also where such a migration may have taken it away. */
  readonly despiteMigrations: boolean;
  readonly notBroughtBack: NotBroughtBack[];
}

/** Makes again what the database lacks of everything that holds no rows itself, and the tables. */
export class DefinitionWork {
  readonly made: string[] = [];
  /** Columns that were made again in tables that stood. Their rows have no values yet. */
  readonly addedColumns: SavedDefinition[] = [];
  /** What was made again, as it was saved. */
  readonly madeDefinitions: SavedDefinition[] = [];
  readonly #missing: SavedDefinition[] = [];
  /** Of these, what is neither made nor given up yet. */
  readonly #open = new Set<SavedDefinition>();
  /** Tables and views that stay away: what is a part of them is not named once more. */
  readonly #absent = new Set<string>();
  readonly #client: Client;
  readonly #saved: readonly SavedDefinition[];
  readonly #scope: DefinitionScope;

  constructor(client: Client, saved: readonly SavedDefinition[], scope: DefinitionScope) {
    this.#client = client;
    this.#saved = saved;
    this.#scope = scope;
  }

  /** What is to be made again, in the order in which it can be. */
  get missing(): readonly SavedDefinition[] {
    return this.#missing;
  }

  async begin(): Promise<void> {
    const { scope, ahead, despiteMigrations, notBroughtBack } = this.#scope;
    const current = await readThings(this.#client, definedSchemas);
    const there = new Set(current.map(identityOf));
    const isLost = (schema: string): boolean => !current.some((one) => one.kind === 'table' && one.schema === schema);
    const concerned = concernedBy(this.#saved, scope);
    // What is a part of something that is gone and not concerned went with that.
    for (const [i, one] of this.#saved.entries()) {
      if (isRelation(one.kind) && !concerned[i] && !there.has(identityOf(one))) this.#noteAbsent(one);
    }
    for (const [i, one] of this.#saved.entries()) {
      if (there.has(identityOf(one)) || !concerned[i] || this.#isPartOfAbsent(one)) continue;
      const later = ahead.get(ownerOf(one.schema) ?? '');
      if (later && !despiteMigrations && !isLost(one.schema)) {
        // It may have been taken away on purpose.
        const why = `it is not there, and ${later.join(', ')} came after the backup and may have taken it away (--despite-migrations brings it back)`;
        notBroughtBack.push({ what: describe(one), why });
        this.#noteAbsent(one);
        continue;
      }
      this.#missing.push(one);
      this.#open.add(one);
    }
    for (const [owner, later] of ahead) {
      const schema = bailiwicks.filter((one) => one === owner).map(schemaOf)[0] ?? '';
      if (scope.has(schema) && isLost(schema)) {
        notBroughtBack.push({ what: `what ${later.join(', ')} made in ${schema}`, why: 'it came after the backup' });
      }
    }
  }

  /** Makes what belongs and is not there. What needs something that another call makes waits for that. */
  async make(belongs: (one: SavedDefinition) => boolean): Promise<void> {
    // What is made whole brings its parts along, and an event trigger may have made some of it by itself.
    const there = new Set((await readThings(this.#client, definedSchemas)).map(identityOf));
    for (const one of this.#missing) if (there.has(identityOf(one))) this.#open.delete(one);
    for (const one of this.#missing.filter(belongs)) {
      if (!this.#open.has(one) || this.#waits(one)) continue;
      this.#open.delete(one);
      if (this.#isPartOfAbsent(one) || this.#isPartOfMade(one)) continue;
      const error = await this.#try(one);
      if (error) {
        this.#scope.notBroughtBack.push({ what: describe(one), why: await this.#reason(one, error) });
        this.#noteAbsent(one);
        continue;
      }
      this.made.push(describe(one));
      this.madeDefinitions.push(one);
      if (one.kind === 'column') this.addedColumns.push(one);
    }
  }

  /** Tables and columns hold rows, so they wait for nothing: what they need and can't have is a reason to say so. */
  #waits({ kind, needs }: SavedDefinition): boolean {
    if (kind === 'table' || kind === 'column') return false;
    return needs.some((need) => this.#open.has(this.#saved[need] as SavedDefinition));
  }

  /** As its owner, so that it is the owner's; where the owner may not make it (any more), it is given to the owner. */
  async #try(one: SavedDefinition): Promise<DatabaseError | undefined> {
    const { owner, object, sql } = one;
    const error = await this.#run(owner ? [`set local role ${quoteName(owner)}`, sql, 'reset role'] : [sql]);
    // It was disabled when it was saved, and comes back as it was.
    if (error?.code === protectionRefused && one.kind === 'trigger') return this.#runApproved(one, [], sql);
    if (error?.code === '42501' && owner && object) {
      const given = `alter ${object} owner to ${quoteName(owner)}`;
      const second = await this.#run([sql, given]);
      return second?.code === protectionRefused ? this.#runApproved(one, [sql], given) : second;
    }
    if (!error && holdsPrivileges.has(one.kind)) await this.#takePrivilegesBack(one);
    return error;
  }

  /** The guard takes what is made as it was for something that is weakened. */
  async #runApproved(one: SavedDefinition, before: readonly string[], statement: string): Promise<DatabaseError | undefined> {
    const { id } = await approveStatement(this.#client, statement, `npm run db -- restore, ${describe(one)}`);
    const error = await this.#run([...before, statement]);
    if (error) await this.#client.query('delete from guard.approvals where id = $1', [id]);
    return error;
  }

  /** What default privileges gave to others is not what was saved; the saved grants follow. */
  async #takePrivilegesBack({ schema, name }: Named): Promise<void> {
    const relation = quotedTable({ schema, name });
    const { rows } = await this.#client.query<{ role: string }>(
      `select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as role
       from pg_class c, aclexplode(c.relacl) a where c.oid = to_regclass($1) and a.grantee <> c.relowner`,
      [relation],
    );
    for (const { role } of rows) await this.#client.query(`revoke all on table ${relation} from ${role}`);
  }

  async #run(statements: readonly string[]): Promise<DatabaseError | undefined> {
    await this.#client.query('savepoint definition');
    try {
      for (const sql of statements) await this.#client.query(sql);
      await this.#client.query('release savepoint definition');
      return undefined;
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      await this.#client.query('rollback to savepoint definition; release savepoint definition');
      return error;
    }
  }

  async #reason(one: SavedDefinition, error: DatabaseError): Promise<string> {
    if (one.kind === 'not null' && error.code === '23502') {
      const { rows } = await this.#client.query<{ rows: string }>(
        `select count(*) as rows from ${quotedTable({ schema: one.schema, name: one.table })} where ${quoteName(one.name)} is null`,
      );
      return `${rows[0]?.rows} rows that were written since the backup have no value in it`;
    }
    return error.detail ? `${error.message} (${error.detail.replace(/\.$/, '')})` : error.message;
  }

  #noteAbsent(one: Named): void {
    if (isRelation(one.kind)) this.#absent.add(tableOf(one));
  }

  #isPartOfAbsent(one: Named): boolean {
    return one.table !== '' && !isRelation(one.kind) && this.#absent.has(tableOf(one));
  }

  /** A table that was made brings its columns along, a column its numbers, a trigger whether it fires. */
  #isPartOfMade(one: Named): boolean {
    const wholes: Record<string, (made: Named) => boolean> = {
      column: ({ kind }) => kind === 'table',
      identity: ({ kind, name }) => kind === 'table' || (kind === 'column' && name === one.name),
      'enabled trigger': ({ kind, name }) => kind === 'trigger' && (name === one.name || `${name} always` === one.name),
    };
    const isWhole = wholes[one.kind];
    return isWhole !== undefined && this.madeDefinitions.some((made) => tableOf(made) === tableOf(one) && isWhole(made));
  }
}

/** In the order in which they are told. */
export const madeKinds: readonly string[] = [
  ...[
    'schema',
    'extension',
    'type',
    'domain',
    'domain constraint',
    'sequence',
    'sequence of column',
    'function',
    'table',
    'column',
  ],
  ...['default', 'identity', 'identity always', 'not null', 'column setting', 'constraint', 'foreign key', 'index', 'statistics'],
  ...['view', 'materialized view', 'content of materialized view', 'rule', 'trigger', 'enabled trigger', 'event trigger'],
  ...['row security', 'policy', 'replica identity', 'grant', 'default privilege', 'comment'],
];

/** A table that is made whole has these from the beginning. */
export const comesAlong = ({ kind }: Named): boolean =>
  ['column', 'identity', 'identity always', 'not null', 'enabled trigger'].includes(kind);

const ofTable = new Set([
  'default',
  'not null',
  'identity',
  'identity always',
  'column setting',
  'replica identity',
  'row security',
]);

export function describe({ kind, schema, table, name }: Named): string {
  if (kind === 'schema' || kind === 'extension' || kind === 'event trigger') return `${kind} ${name}`;
  if (kind === 'grant' || kind === 'default privilege') return `${kind} ${name}`;
  if (kind === 'row security') return `row security of ${schema}.${table}, ${name}`;
  if (kind === 'comment') return `comment on ${[schema, table, name].filter(Boolean).join('.')}`;
  if (ofTable.has(kind)) return `${kind} of ${schema}.${table}.${name}`;
  return `${kind} ${schema}.${table && !isRelation(kind) ? `${table}.` : ''}${name}`;
}
