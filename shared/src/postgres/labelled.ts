import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PoolClient, QueryArrayConfig, QueryConfig, QueryResult } from 'pg';

/** Queries of one labelled room of code. The label stands in every statement, so that pg_stat_activity and logs name it. */
export type LabelledDatabase = NodePgDatabase;

/** A statement as Drizzle hands it to the driver. */
export type Statement = QueryConfig | QueryArrayConfig;

export type RunStatement = (statement: Statement, values?: unknown[]) => Promise<QueryResult>;

/** Drizzle over a function that runs statements; `label` is `<subgraph>:<loader or operation>`. */
export function labelledDatabase(label: string, run: RunStatement): LabelledDatabase {
  return drizzle(asClient((statement, values) => run({ ...statement, text: `/* ${label} */ ${statement.text}` }, values)));
}

/** What Drizzle takes for a client of pg, of which it calls `query` alone. */
export function asClient(run: RunStatement): PoolClient {
  return new StatementClient(run) as unknown as PoolClient;
}

/** A class, because Drizzle reads a plain object as its configuration. */
class StatementClient {
  readonly query: RunStatement;

  constructor(run: RunStatement) {
    this.query = run;
  }
}
