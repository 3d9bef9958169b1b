import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/** Queries of one labelled room of code. The label stands in every statement, so that pg_stat_activity and logs name it. */
export type LabelledDatabase = NodePgDatabase;

/** What reads and writes have in common: a labelled way into one transaction. */
export interface Transaction {
  /** `label` is `<subgraph>:<loader or operation>`. */
  db(label: string): LabelledDatabase;
}

/** Beside that, reads with statements that were built before. */
export interface ReadTransaction extends Transaction {
  /** Runs a labelled statement; returns its rows as lists of values. Dates and times stay text, as in Drizzle's own rows. */
  rows(text: string, values: unknown[]): Promise<unknown[][]>;
}

/** Beside that, writes that nobody waits for before the end. */
export interface WriteTransaction extends Transaction {
  /**
   * Sends a statement that Drizzle built, at once: whatever is sent next leaves behind it without waiting for its answer, COMMIT too, and what was
   * asked of `db` before, and not awaited, may come after it. Where the server refuses it everything is rolled back, and `write` throws what
   * `explain` makes of the failure. Returns rows as `ReadTransaction.rows` does. Throws, having sent nothing, for a value that is no plain one.
   */
  send(label: string, statement: BuiltStatement, explain?: (failure: unknown) => unknown): Promise<unknown[][]>;
}

/** What `toSQL()` of Drizzle's builders returns. */
export interface BuiltStatement {
  readonly sql: string;
  /** Plain values: strings, finite numbers, booleans, null, and lists of these. Whatever else the driver might fail to put into words. */
  readonly params: unknown[];
}
