import pg from 'pg';
import type { PoolClient, QueryArrayConfig, QueryConfig, QueryResult } from 'pg';

/** A statement that begins a transaction, says who it is for, or ends it. It is prepared under its name on each connection that sends it. */
export interface Boundary {
  readonly name: string;
  readonly text: string;
}

/** One of them with its values, sent ahead of another statement. */
export interface BoundaryAhead {
  readonly boundary: Boundary;
  readonly values: readonly string[];
}

/** Those that every transaction has. A reading one shows one moment, so that everything in an answer is of that moment. */
export const boundaries = {
  commit: { name: 'bailiwick_commit', text: 'commit' },
  read: { name: 'bailiwick_read', text: 'begin isolation level repeatable read read only' },
  write: { name: 'bailiwick_write', text: 'begin' },
  person: { name: 'bailiwick_person', text: '/* kernel:person */ select identity.enter($1)' },
} as const satisfies Record<string, Boundary>;

/** The driver's messages to the server, which its types keep to themselves (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
interface Connection {
  readonly stream: { cork(): void; uncork(): void };
  close(message: { type: 'S'; name: string }): void;
  parse(message: { name: string; text: string; types: readonly number[] }): void;
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: object): void;
}

/** What a query of the driver is told of the answer to it. */
interface DriverQuery {
  callback: (error: Error | null, result: QueryResult) => void;
  submit(connection: Connection): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
}

const Query = pg.Query as unknown as new (config: object, values: unknown[] | undefined) => DriverQuery;

/** The names of what is prepared on each connection. */
const prepared = new WeakMap<PoolClient, Set<string>>();

function preparedOn(client: PoolClient): Set<string> {
  let names = prepared.get(client);
  if (names === undefined) prepared.set(client, (names = new Set()));
  return names;
}

/**
 * Sends a statement with others ahead of it in one exchange: the server answers once for all of them, and where one fails it carries out none
 * that comes after it. Each exchange of its own costs both sides more than a short statement does (docs/performance.md).
 * @param config as the driver takes it, its text never empty.
 * @returns the statement's own result.
 * @throws what the server says of the first one that fails; `query` of the error is its text, where it was one of those ahead.
 */
export function queryBehind(
  client: PoolClient,
  ahead: readonly BoundaryAhead[],
  config: QueryConfig | QueryArrayConfig,
  values: unknown[] | undefined,
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const query = new QueryBehind(client, ahead, config, values);
    query.callback = (error, result) => (error ? reject(error) : resolve(result));
    client.query(query as unknown as pg.Submittable);
  });
}

class QueryBehind extends Query {
  readonly #ahead: readonly BoundaryAhead[];
  readonly #prepared: Set<string>;
  /** How many of those ahead the server has carried out. */
  #done = 0;

  constructor(
    client: PoolClient,
    ahead: readonly BoundaryAhead[],
    config: QueryConfig | QueryArrayConfig,
    values: unknown[] | undefined,
  ) {
    const names = preparedOn(client);
    // The driver takes whatever is prepared for the statement that has the name, so this one has none where others are prepared ahead of it.
    const { name, ...unnamed } = config;
    const named = ahead.every(({ boundary }) => names.has(boundary.name)) ? { ...unnamed, name } : unnamed;
    super({ ...named, queryMode: 'extended' }, values);
    this.#ahead = ahead;
    this.#prepared = names;
  }

  override submit(connection: Connection): Error | null {
    connection.stream.cork();
    try {
      for (const { boundary, values } of this.#ahead) {
        if (!this.#prepared.has(boundary.name)) prepare(connection, boundary);
        connection.bind({ statement: boundary.name, values });
        connection.execute({});
      }
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  override handleDataRow(message: unknown): void {
    if (this.#done === this.#ahead.length) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    const done = this.#ahead[this.#done];
    if (done === undefined) return super.handleCommandComplete(message, connection);
    this.#done += 1;
    this.#prepared.add(done.boundary.name);
  }

  override handleError(error: Error, connection: Connection): void {
    const failed = this.#ahead[this.#done];
    // The driver tells every query of a lost connection with one and the same error.
    if (failed && error instanceof pg.DatabaseError) Object.assign(error, { query: failed.boundary.text });
    super.handleError(error, connection);
  }
}

/** Closed before, because an exchange that failed may have left it prepared. */
function prepare(connection: Connection, { name, text }: Boundary): void {
  connection.close({ type: 'S', name });
  connection.parse({ name, text, types: [] });
}
