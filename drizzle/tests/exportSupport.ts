import { readTables, tableName } from '@bailiwick/database/backup/catalogue';
import { withSession } from '@bailiwick/database/setup/connect';
import { quoteName } from '@bailiwick/database/import/sql';
import type { TestDatabase } from '../../tests/support/database.js';
import { liftGuard } from '../../tests/support/guard.js';
import { createDatabaseToSave } from './backupSupport.js';

/** Pieces of which texts are made that programs trip over. */
const pieces = [
  '"', '""', ',', ';', '\n', '\r\n', '\r', '\t', '\\', '\\N', '\\.', "'", '=1+1', '+49 30', '-5', '@sum(A1)', '=cmd|x', '0007', '1e5',
  '2024-02-30', 'NULL', 'null', ' ', '  ', '\u00a0', '\u2028', '\ufeff', 'ä', 'ß', '漢字', '🎉', 'e\u0301', '\u202eabc', '{a,b}', '<b>', '%s', '$1', ':x', '\u0001', '\u007f',
]; // prettier-ignore

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** NULL, the empty text, one piece alone, or several. */
export function nastyText(random: () => number): string | null {
  const kind = random();
  if (kind < 0.1) return null;
  if (kind < 0.2) return '';
  const count = kind < 0.6 ? 1 : 1 + Math.floor(random() * 6);
  return Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]).join('');
}

/**
 * The sample data, in which every text that no rule of its table binds is a nasty one, with times to the microsecond, great and small numbers,
 * endless dates, lists with strange items, and rows of every table.
 */
export async function createNastyDatabase(seed: number): Promise<TestDatabase> {
  const database = await createDatabaseToSave();
  await liftGuard(database.operatorUrl);
  const random = randomOf(seed);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query('set session_replication_role = replica');
    for (const table of await readTables(client, ['public', 'case_management', 'audit_system'])) {
      const { rows: free } = await client.query<{ name: string; required: boolean }>(
        `select a.attname as name, a.attnotnull as required from pg_attribute a
         where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.atttypid = 'text'::regtype and a.attgenerated = ''
           and not exists (select from pg_constraint c where c.conrelid = a.attrelid and a.attnum = any (c.conkey))
           and not exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any (i.indkey))`,
        [quoteName(tableName(table))],
      );
      if (free.length === 0) continue;
      const { rows } = await client.query<{ place: string }>(
        `select ctid::text as place from ${quoteName(tableName(table))} order by ctid limit 120`,
      );
      for (const { place } of rows) {
        const values = free.map(({ required }) => nastyText(random) ?? (required ? '' : null));
        const set = free.map(({ name }, i) => `${quoteName(name)} = $${i + 2}`).join(', ');
        await client.query(`update ${quoteName(tableName(table))} set ${set} where ctid = $1::tid`, [place, ...values]);
      }
    }
    await client.query('reset session_replication_role');
    await client.query(`update public.people set created_at = '1999-12-31 23:59:59.999999+00' where id = (select min(id::text)::uuid from public.people)`);
    await client.query(`update audit_system.recommendations set target_date = 'infinity' where id = (select min(id::text)::uuid from audit_system.recommendations)`);
    await client.query(`update audit_system.evidence set file_size = 9223372036854775807 where id = (select min(id::text)::uuid from audit_system.evidence)`);
    await client.query(`update case_management.case_costs set amount = 9999999999999999.99, amount_paid = 0.10 where id = (select min(id::text)::uuid from case_management.case_costs)`);
    await client.query(`insert into identity.roles (name, description) values ('say "no", {now}\\', 'a strange one')`);
    await client.query(`update public.people set roles = array['say "no", {now}\\', 'Lawyer', 'Lawyer'] where id = (select max(id::text)::uuid from public.people)`);
    for (const schema of ['public', 'case_management', 'audit_system']) {
      await client.query(
        `insert into ${schema}.idempotency_keys (person_id, key, operation, input_hash, entity_id)
         select gen_random_uuid(), k, 'createIt', '', gen_random_uuid() from unnest($1::text[]) k`,
        [pieces.filter((piece) => piece.length > 0)],
      );
    }
  }); // prettier-ignore
  return database;
}
