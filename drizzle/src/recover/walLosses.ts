import type { Client } from 'pg';
import { withSession } from '../setup/connect.js';
import type { Loss, LostThing } from './guardLosses.js';
import type { ScratchCluster } from './scratchRecovery.js';
import type { ScratchServer } from './scratchServer.js';

/** A transaction that took files of relations away: it dropped, emptied or rewrote them. */
export interface DroppingCommit {
  readonly xid: string;
  readonly at: Date;
  readonly fileNodes: number[];
}

export interface RestorePoint {
  readonly name: string;
  /** Of the last transaction before it. */
  readonly after: Date | null;
}

export interface WalSurvey {
  readonly firstCommit: Date | null;
  readonly lastCommit: Date | null;
  readonly commits: DroppingCommit[];
  readonly restorePoints: RestorePoint[];
}

/**
 * Reads WAL with PostgreSQL's own reader, the extension pg_walinspect, on a scratch server that has replayed it to its end. The database itself gets no
 * extension and is not asked.
 * @param from LSN of a record.
 */
export async function surveyWal(scratch: ScratchServer, database: string, from: string): Promise<WalSurvey> {
  return withSession(scratch.url('postgres'), 'recover', async (client) => {
    const { rows: ends } = await client.query<{ end: string }>('select pg_current_wal_flush_lsn()::text as end');
    const { rows: databases } = await client.query<{ oid: number }>('select oid from pg_database where datname = $1', [database]);
    const of = databases[0]?.oid ?? 0;
    await client.query(`set datestyle = 'ISO, YMD'; set timezone = 'UTC'; create extension if not exists pg_walinspect`);
    // The time stands first in the description of a commit: src/backend/access/rmgrdesc/xactdesc.c.
    const { rows } = await client.query<{ xid: string; kind: string; text: string }>(
      `/* db:surveyWal */ with records as materialized (
         select start_lsn, xid::text, record_type,
           case when record_type = 'RESTORE_POINT' then description
             else left(description, 40) || coalesce(substring(description from '; rels:[^;]*'), '') end as text
         from pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
         where resource_manager = 'Transaction' and record_type in ('COMMIT', 'COMMIT_PREPARED') or resource_manager = 'XLOG' and record_type = 'RESTORE_POINT')
       select xid, record_type as kind, text from records r
       where record_type = 'RESTORE_POINT' or text like '%; rels:%'
         or start_lsn in (select min(start_lsn) from records where record_type <> 'RESTORE_POINT' union select max(start_lsn) from records where record_type <> 'RESTORE_POINT')
         or exists (select from records p where p.record_type = 'RESTORE_POINT'
           and r.start_lsn = (select max(b.start_lsn) from records b where b.start_lsn < p.start_lsn and b.record_type <> 'RESTORE_POINT'))
       order by start_lsn`,
      [from, ends[0]?.end],
    );
    const commits: DroppingCommit[] = [];
    const restorePoints: RestorePoint[] = [];
    let [first, last]: (Date | null)[] = [null, null];
    for (const { xid, kind, text } of rows) {
      if (kind === 'RESTORE_POINT') {
        restorePoints.push({ name: text, after: last ?? null });
        continue;
      }
      last = timeOf(text);
      first ??= last;
      const fileNodes = fileNodesIn(text, of);
      if (last && fileNodes.length > 0) commits.push({ xid, at: last, fileNodes });
    }
    return { firstCommit: first ?? null, lastCommit: last ?? null, commits, restorePoints };
  });
}

function timeOf(text: string): Date | null {
  const [, day, clock] = /(\d{4,}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)\+00/.exec(text) ?? [];
  return day ? new Date(`${day}T${clock}Z`) : null;
}

/** `; rels: base/16385/16402 pg_tblspc/16500/PG_18_202506291/16385/16404`. Temporary relations are never among them. */
function fileNodesIn(text: string, database: number): number[] {
  const [, paths = ''] = /; rels:(.*)$/.exec(text) ?? [];
  return [...paths.matchAll(/(\d+)\/(\d+)(?= |$)/g)]
    .filter(([, of]) => Number(of) === database)
    .map(([, , node]) => Number(node));
}

/** What is there now, as far as losses are about it. */
export interface PresentTables {
  readonly oids: ReadonlySet<number>;
  readonly names: ReadonlySet<string>;
}

export async function presentTables(client: Client): Promise<PresentTables> {
  const { rows } = await client.query<{ oid: number; name: string }>(
    `select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'm')`,
  );
  return { oids: new Set(rows.map(({ oid }) => oid)), names: new Set(rows.map(({ name }) => name)) };
}

/**
 * Gives the files that transactions took away their names: brings a scratch cluster to the moment before each of them, in their order, and asks its catalogue.
 * @returns the losses of tables that are not there now under the same oid, the latest first.
 */
export async function nameLosses(
  cluster: ScratchCluster,
  commits: readonly DroppingCommit[],
  database: string,
  present: PresentTables,
): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const { xid, at, fileNodes } of commits) {
    const server = await cluster.startAt({ kind: 'transaction', xid }, 'paused');
    try {
      const took = await withSession(server.url(database), 'recover', async (client) => namesOf(client, fileNodes, present));
      if (took.length > 0) losses.unshift({ source: 'wal', xid, at, statement: null, by: null, took });
    } finally {
      await server.stop();
    }
  }
  return losses;
}

/** The replay holds the locks of the transaction that it stopped before, so the tables themselves can not be read: their rows are an estimate. */
async function namesOf(client: Client, fileNodes: readonly number[], present: PresentTables): Promise<LostThing[]> {
  const { rows } = await client.query<LostThing & { oid: number }>(
    `/* db:namesOf */ select c.oid, 'table' as kind, n.nspname as schema, n.nspname || '.' || c.relname as name,
       case when c.reltuples >= 0 then c.reltuples::float8 end as rows
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and pg_relation_filenode(c.oid) = any ($1) and n.nspname !~ '^pg_' order by n.nspname, c.relname`,
    [fileNodes],
  );
  // One that is there still was rewritten, not dropped: by VACUUM FULL, or a change of type.
  return rows.filter(({ oid }) => !present.oids.has(oid)).map(({ oid: _oid, ...thing }) => thing);
}
