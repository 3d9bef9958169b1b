import DataLoader from 'dataloader';
import type { Caller } from '../auth/identity.js';
import type { Tables } from '../postgres/connection.js';
import type { Database } from '../postgres/database.js';
import type { ReadSession } from '../postgres/readSession.js';
import type { Transaction } from '../postgres/transaction.js';

/** What all operations of one subgraph have in common. */
export interface SubgraphContext {
  /** The name in the supergraph; statements are labelled with it. */
  readonly subgraph: string;
  /** What its tables.ts exports. */
  readonly tables: Tables;
  readonly database: Database;
  /** The secret behind this service's cursors. */
  readonly cursorKey: string;
}

/** What a resolver is given: who asks, one moment of the database to read, and a way to write. One per operation. */
export class RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly subgraph: string;
  readonly tables: Tables;
  readonly cursorKey: string;
  // TypeScript-private and not #private: Apollo Server hands its plugins and resolvers a shallow copy, which has no #fields.
  private readonly database: Database;
  private readonly signal: AbortSignal | undefined;
  private session: ReadSession;
  private loaders = new Map<string, DataLoader<string, unknown>>();

  /** When `signal` aborts, the reads end. A mutation is carried out to its end. */
  constructor(
    { subgraph, tables, database, cursorKey }: SubgraphContext,
    caller: Caller,
    requestId: string,
    signal?: AbortSignal,
  ) {
    this.subgraph = subgraph;
    this.tables = tables;
    this.cursorKey = cursorKey;
    this.database = database;
    this.caller = caller;
    this.requestId = requestId;
    this.signal = signal;
    this.session = database.read(caller.personId, signal);
  }

  /** The reads of this operation. */
  get read(): ReadSession {
    return this.session;
  }

  /**
   * Runs a mutation field in a transaction of its own, as the caller. What is read afterwards is read anew: the session before it,
   * and all that was loaded in it, are of an older moment.
   */
  async write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    await this.session.close();
    try {
      return await this.database.write(this.caller.personId, work);
    } finally {
      this.session = this.database.read(this.caller.personId, this.signal);
      this.loaders = new Map();
    }
  }

  /** One loader for each key and operation. `load` returns one value for each of the ids, in their order. */
  loader<Value>(key: string, load: (ids: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
    let loader = this.loaders.get(key) as DataLoader<string, Value> | undefined;
    if (loader === undefined) {
      loader = new DataLoader(load);
      this.loaders.set(key, loader);
    }
    return loader;
  }

  /** Ends the reading transaction. Called once the answer is complete. */
  async close(): Promise<void> {
    await this.session.close();
  }
}
