import type { Client } from 'pg';
import { quoteName } from '../import/sql.js';
import { isDatabaseError } from '../migrate/failure.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import { savedSchemas } from './catalogue.js';
import { identityOf, readDefinitions } from './definitions.js';
import type { SavedDefinition } from './manifest.js';

/** Something that was saved, is missing, and stays so. */
export interface NotBroughtBack {
  readonly what: string;
  readonly why: string;
}

const ownerOf = (schema: string): string | undefined => bailiwicks.find((owner) => schemaOf(owner) === schema);

interface DefinitionScope {
  /** The schemas that are restored. */
  readonly scope: ReadonlySet<string>;
  /** The migrations that each owner applied after the backup. */
  readonly ahead: ReadonlyMap<string, string[]>;
  readonly notBroughtBack: NotBroughtBack[];
}

/** Makes again what the database lacks of tables, functions, rules and rights. */
export class DefinitionWork {
  readonly made: string[] = [];
  #missing: SavedDefinition[] = [];
  readonly #client: Client;
  readonly #saved: readonly SavedDefinition[];
  readonly #scope: DefinitionScope;

  constructor(client: Client, saved: readonly SavedDefinition[], scope: DefinitionScope) {
    this.#client = client;
    this.#saved = saved;
    this.#scope = scope;
  }

  async begin(): Promise<void> {
    const { scope, ahead, notBroughtBack } = this.#scope;
    const schemas = savedSchemas.filter((schema) => schema !== 'guard');
    const current = await readDefinitions(this.#client, schemas);
    const there = new Set(current.map(identityOf));
    const isLost = (schema: string): boolean => !current.some((one) => one.kind === 'table' && one.schema === schema);
    for (const one of this.#saved) {
      if (there.has(identityOf(one))) continue;
      // A schema alone brings back the foreign keys that others had to it, and nothing else of theirs.
      if (!scope.has(one.schema) && !(one.kind === 'foreign key' && scope.has(one.refersTo ?? ''))) continue;
      const later = ahead.get(ownerOf(one.schema) ?? '');
      if (later && !isLost(one.schema)) {
        // It may have been taken away on purpose.
        notBroughtBack.push({ what: describe(one), why: `it is not there, and ${later.join(', ')} came after the backup` });
        continue;
      }
      this.#missing.push(one);
    }
    for (const [owner, later] of ahead) {
      const schema = bailiwicks.filter((one) => one === owner).map(schemaOf)[0] ?? '';
      if (scope.has(schema) && isLost(schema)) {
        notBroughtBack.push({ what: `what ${later.join(', ')} made in ${schema}`, why: 'it came after the backup' });
      }
    }
  }

  async make(belongs: (stage: number) => boolean): Promise<void> {
    // An event trigger may have made some of it by itself, beside a table that was made.
    const current = await readDefinitions(
      this.#client,
      savedSchemas.filter((schema) => schema !== 'guard'),
    );
    const there = new Set(current.map(identityOf));
    for (const one of this.#missing.filter(({ stage }) => belongs(stage))) {
      if (there.has(identityOf(one))) continue;
      await this.#client.query('savepoint definition');
      try {
        if (one.owner) await this.#client.query(`set local role ${quoteName(one.owner)}`);
        await this.#client.query(one.sql);
        await this.#client.query('reset role');
        this.made.push(describe(one));
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        await this.#client.query('rollback to savepoint definition');
        this.#scope.notBroughtBack.push({ what: describe(one), why: error.message });
      }
      await this.#client.query('release savepoint definition');
    }
  }
}

function describe({ kind, schema, table, name }: SavedDefinition): string {
  if (kind === 'schema') return `schema ${schema}`;
  if (kind === 'grant') return `grant ${name}`;
  if (kind === 'row security') return `row security of ${schema}.${table}, ${name}`;
  if (kind === 'comment') return `comment on ${[schema, table, name].filter(Boolean).join('.')}`;
  return `${kind} ${schema}.${table && table !== name ? `${table}.` : ''}${name}`;
}
