import type { Client } from 'pg';
import { quotedColumn } from './catalogue.js';

interface KeptApart {
  /** Columns or expressions, as the index has them, and the operator by which two of them are one. */
  readonly parts: readonly { readonly name: string | null; readonly sql: string; readonly operator: string }[];
  readonly condition: string | null;
  readonly nullsAreOne: boolean;
}

/**
 * Looks for the rows of a stage whose value another row of the table has, where a constraint is held at the end of the statement or the transaction only: PostgreSQL
 * knows no ON CONFLICT there, and the trigger that holds it sleeps with the others while rows come back.
 * @returns whether the table is such a one; all its unique values were looked at then.
 */
export async function markTaken(
  client: Client,
  { target, stage, why }: { readonly target: string; readonly stage: string; readonly why: string },
): Promise<boolean> {
  const late = await client.query('select from pg_index where indrelid = $1::regclass and not indimmediate', [target]);
  if (!late.rowCount) return false;
  const { rows } = await client.query<KeptApart>(
    `select i.indnullsnotdistinct as "nullsAreOne", pg_get_expr(i.indpred, i.indrelid) as condition,
       (select json_agg(json_build_object('name', a.attname, 'sql', pg_get_indexdef(i.indexrelid, k.n::int, false),
            'operator', coalesce((select format('operator(%I.%s)', s.nspname, o.oprname) from pg_operator o join pg_namespace s on s.oid = o.oprnamespace
               where o.oid = c.conexclop[k.n]), '=')) order by k.n)
          from unnest(i.indkey::int2[]) with ordinality k (attnum, n) left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where k.n <= i.indnkeyatts) as parts
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'x'
     where i.indrelid = $1::regclass and (i.indisunique or i.indisexclusion)`,
    [target],
  );
  for (const one of rows) {
    await client.query(
      `update ${stage} r set ${why} = 'VALUE_TAKEN' where ${why} is null and exists (select from ${target} t where ${isOne(one)})`,
    );
  }
  return true;
}

/** Whether the rows `t` and `r` have one value. */
function isOne({ parts, condition, nullsAreOne }: KeptApart): string {
  const of = (row: string, sql: string): string => `(select ${sql} from (select ${row}.*) x)`;
  const same = parts.map(({ name, sql, operator }) => {
    const [there, saved] = name === null ? [of('t', sql), of('r', sql)] : [`t.${quotedColumn(name)}`, `r.${quotedColumn(name)}`];
    return nullsAreOne ? `${there} is not distinct from ${saved}` : `${there} ${operator} ${saved}`;
  });
  return [...same, ...(condition === null ? [] : [of('t', condition), of('r', condition)])].join(' and ');
}
