import type { Database, ReadSession, ReadTransaction, WriteTransaction } from '../postgres/database.js';
import type { Caller } from '../auth/identity.js';
import type { Loader } from './loader.js';
import type { SelectedFields } from './selectedFields.js';

/** What a resolver is given: who asks, one moment of the database to read, and a way to write. One per operation. */
export class RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** The secret behind this service's cursors. */
  readonly cursorKey: string;
  /** What the operation selects, set once it is known: decides which columns are read. */
  selected: SelectedFields;
  // TypeScript-private and not #private: Apollo Server hands its plugins and resolvers a shallow copy, which has no #fields.
  private readonly database: Database;
  private session: ReadSession;
  private loaders = new Map<unknown, unknown>();

  constructor(database: Database, caller: Caller, requestId: string, cursorKey: string) {
    this.database = database;
    this.caller = caller;
    this.requestId = requestId;
    this.cursorKey = cursorKey;
    this.session = database.read(caller.personId);
  }

  /** Reads of this operation; `label` is `<subgraph>:<loader>`. */
  get read(): ReadTransaction {
    return this.session;
  }

  /**
   * Runs a mutation field in a transaction of its own, as the caller. What is read afterwards is read anew: the session before it,
   * and all that was loaded in it, are of an older moment.
   */
  async write<Result>(work: (tx: WriteTransaction) => Promise<Result>): Promise<Result> {
    await this.session.close();
    try {
      return await this.database.write(this.caller.personId, work);
    } finally {
      this.session = this.database.read(this.caller.personId);
      this.loaders = new Map();
    }
  }

  /** One loader per definition and operation: `create` runs at the first call with this key. */
  loader<Value>(key: unknown, create: () => Loader<Value>): Loader<Value> {
    let found = this.loaders.get(key) as Loader<Value> | undefined;
    if (found === undefined) {
      found = create();
      this.loaders.set(key, found);
    }
    return found;
  }

  /** Ends the reading transaction. Called once the answer is complete. */
  async close(): Promise<void> {
    await this.session.close();
  }
}
