import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { isDatabaseError } from '../migrate/failure.js';
import type { Random } from '../sample/random.js';
import { samplePersonOf } from '../sample/samplePeople.js';
import { connect, urlOfRole, withSession } from '../setup/connect.js';
import type { Credentials, LoginRole } from '../setup/credentials.js';

/** One table in each system that a writer writes to, through its app role or as the owner's batch job. */
const places = [
  { owner: 'shared_tables', table: 'public.notifications' },
  { owner: 'case_management', table: 'case_management.tasks' },
  { owner: 'audit_system', table: 'audit_system.workpapers' },
] as const;

type WrittenTable = (typeof places)[number]['table'];

/** Stands at the beginning of every title that a writer writes. */
export const writerMark = 'drill of writer';

interface Entry {
  readonly table: WrittenTable;
  /** The title that was acknowledged last; null for a row whose deletion was. */
  title: string | null;
  /** What was sent and never answered: the connection broke. */
  unknown: (string | null)[];
}

export interface LostWrite {
  readonly table: string;
  readonly id: string;
  /** Null: that it was deleted. */
  readonly acknowledged: string | null;
  readonly found: string | null;
}

interface Session {
  readonly client: Client;
  readonly table: WrittenTable;
  readonly isApp: boolean;
}

type Kind = 'app' | 'batch';

/** Inserts, updates and deletes in all three systems, one transaction each, and remembers what the database acknowledged. */
export class Writer {
  readonly name: string;
  readonly acknowledged: Record<WrittenTable, number> = {
    'public.notifications': 0,
    'case_management.tasks': 0,
    'audit_system.workpapers': 0,
  };
  refused = 0;
  readonly #ledger = new Map<string, Entry>();
  readonly #sessions: Session[];
  readonly #random: Random;
  #count = 0;
  #isStopping = false;
  #running: Promise<void> = Promise.resolve();

  constructor(name: string, sessions: Session[], random: Random) {
    this.name = name;
    this.#sessions = sessions;
    this.#random = random;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
    await Promise.allSettled(this.#sessions.map(async ({ client }) => client.end()));
  }

  get total(): number {
    return Object.values(this.acknowledged).reduce((sum, count) => sum + count, 0);
  }

  async #run(): Promise<void> {
    for (let turn = 0; !this.#isStopping; turn++) {
      const session = this.#sessions[turn % this.#sessions.length];
      if (session) await this.#write(session);
      // Leaves the other writers, and whoever looks on, a part of the processor.
      await pause(this.#random.integer(1, 4));
    }
  }

  async #write(session: Session): Promise<void> {
    const { table } = session;
    const own = [...this.#ledger].filter(([, entry]) => entry.table === table && entry.title !== null);
    const [id, entry] = own.length > 0 && this.#random.chance(30) ? this.#random.pick(own) : [];
    const title = entry && this.#random.chance(20) ? null : `${writerMark} ${this.name}, ${++this.#count}`;
    const newId = id ?? randomUUID();
    try {
      await this.#transaction(session, newId, entry !== undefined, title);
      this.#ledger.set(newId, { table, title, unknown: [] });
      this.acknowledged[table]++;
    } catch (error) {
      this.refused++;
      // The database has answered that nothing was written; anything else leaves it open.
      if (!isDatabaseError(error))
        this.#ledger.set(newId, { table, title: entry?.title ?? null, unknown: [...(entry?.unknown ?? []), title] });
    }
  }

  async #transaction({ client, table, isApp }: Session, id: string, exists: boolean, title: string | null): Promise<void> {
    await client.query('begin');
    try {
      if (isApp) await client.query('select identity.enter($1)', [samplePersonOf('System Admin').personId]);
      const changed = await client.query(...statementFor(table, id, exists, title));
      if (changed.rowCount !== 1) throw new Error(`${table} took ${changed.rowCount} rows of ${this.name}.`);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  /** What the database acknowledged and does not have. */
  async lost(operator: Client): Promise<LostWrite[]> {
    const lost: LostWrite[] = [];
    for (const { table } of places) {
      const { rows } = await operator.query<{ id: string; title: string }>(`select id, title from ${table} where title like $1`, [
        `${writerMark} ${this.name},%`,
      ]);
      const found = new Map(rows.map(({ id, title }) => [id, title]));
      for (const [id, { title, unknown }] of [...this.#ledger].filter(([, entry]) => entry.table === table)) {
        const now = found.get(id) ?? null;
        if (now !== title && !unknown.includes(now)) lost.push({ table, id, acknowledged: title, found: now });
      }
    }
    return lost;
  }
}

function statementFor(table: WrittenTable, id: string, exists: boolean, title: string | null): [string, unknown[]] {
  if (title === null) return [`delete from ${table} where id = $1`, [id]];
  if (exists) return [`update ${table} set title = $2 where id = $1`, [id, title]];
  const admin = samplePersonOf('System Admin').personId;
  const inserts: Record<WrittenTable, [string, unknown[]]> = {
    'public.notifications': [
      `insert into public.notifications (id, title, recipient_id, system) values ($1, $2, $3, 'audit_system')`,
      [id, title, admin],
    ],
    'case_management.tasks': [
      `insert into case_management.tasks (id, title, assigned_to, case_id, case_is_restricted)
       select $1, $2, $3, id, is_restricted from case_management.legal_cases where not is_restricted order by id limit 1`,
      [id, title, admin],
    ],
    'audit_system.workpapers': [
      `insert into audit_system.workpapers (id, title, created_by, engagement_id) select $1, $2, $3, id from audit_system.engagements order by id limit 1`,
      [id, title, admin],
    ],
  };
  return inserts[table];
}

/** Four writers, two through the app roles and their row policies, two as the owners' batch jobs. Each goes through all three systems. */
export async function openWriters(operatorUrl: string, credentials: Credentials, random: Random): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (const [i, kind] of (['app', 'batch', 'app', 'batch'] as const).entries()) {
    const sessions: Session[] = [];
    for (const { owner, table } of places) {
      const role: LoginRole = kind === 'app' ? `${owner}_app` : `${owner}_deployer`;
      const client = await connect(urlOfRole(operatorUrl, role, credentials), 'drill');
      if (kind === 'batch') await client.query(`set role ${owner}_owner`);
      sessions.push({ client, table, isApp: kind === 'app' });
    }
    writers.push(new Writer(`${kind satisfies Kind} ${i + 1}`, sessions, random));
  }
  return writers;
}

export async function lostWrites(operatorUrl: string, writers: readonly Writer[]): Promise<LostWrite[]> {
  return withSession(operatorUrl, 'drill', async (client) => {
    const lost: LostWrite[] = [];
    for (const writer of writers) lost.push(...(await writer.lost(client)));
    return lost;
  });
}
