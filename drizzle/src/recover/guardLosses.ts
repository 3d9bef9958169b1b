import type { Client } from 'pg';

export interface LostThing {
  /** table, column, foreign key, policy, …; rows of a table that still stands. */
  readonly kind: string;
  /** For example `case_management.tasks`. */
  readonly name: string;
  readonly schema: string;
  readonly rows: number | null;
}

/** A statement that took something, and the transaction that it did it in. */
export interface Loss {
  readonly source: 'guard' | 'wal';
  /** Decimal, 32 bits. */
  readonly xid: string;
  /** Of the statement, or of the commit; by the clock of the database server at that moment. */
  readonly at: Date;
  /** As it was sent; null when only the WAL tells of it. */
  readonly statement: string | null;
  readonly by: string | null;
  readonly took: readonly LostThing[];
}

/**
 * The destructive statements that were approved and committed, the latest first. An approval is used by one transaction, which it names; a transaction
 * that was rolled back has left its approval unused.
 */
export async function guardLosses(client: Client): Promise<Loss[]> {
  const { rows } = await client.query<{ xid: string; at: Date; statement: string; by: string; took: unknown }>(
    `/* db:guardLosses */ select distinct on (a.used_in, d.statement) (a.used_in::text::numeric % 4294967296)::text as xid, d.happened_at as at, d.statement,
       d.role_name as by, d.would_take as took
     from guard.destructive_statements d join guard.approvals a on a.id = d.approval_id
     where d.outcome = 'approved' and a.used_in is not null
     order by a.used_in desc, d.statement, d.happened_at`,
  );
  return rows.map((row) => ({ ...row, source: 'guard' as const, took: thingsOf(row.took) }));
}

/** guard.destructive_statements.would_take has another form for each kind of statement (init/7_guard_triggers.sql). */
export function thingsOf(took: unknown): LostThing[] {
  const rowsOf = (name: string, rows: unknown): LostThing => ({ kind: 'rows', name, schema: schemaOf(name), rows: Number(rows) });
  if (Array.isArray(took)) {
    return took.map((one: Partial<LostThing> | string) =>
      typeof one === 'string'
        ? { kind: 'protection', name: one, schema: schemaOf(/[\w"]+\.[\w"]+/.exec(one)?.[0] ?? ''), rows: null }
        : { kind: one.kind ?? '', name: one.name ?? '', schema: one.schema ?? schemaOf(one.name ?? ''), rows: one.rows ?? null },
    );
  }
  if (typeof took !== 'object' || took === null) return [];
  const fields = took as Record<string, unknown>;
  if ('table' in fields) return [rowsOf(String(fields.table), fields.rows)];
  if ('rewrites' in fields) return [rowsOf(String(fields.rewrites), fields.rows)];
  return Object.entries(fields).map(([name, rows]) => rowsOf(name, rows));
}

const schemaOf = (name: string): string => (/^(?:"([^"]+)"|([^."]+))\./.exec(name) ?? []).slice(1).find(Boolean) ?? '';
