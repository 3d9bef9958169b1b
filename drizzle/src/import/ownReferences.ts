import type { ClientBase } from 'pg';
import type { RowTable } from './rowTable.js';
import { dropRejected, rejectIds } from './rowTable.js';
import { quoteName, quoteText } from './sql.js';

/**
 * Resolves references from rows of a target to rows of the same target (an org unit's parent): first among the rows of this import, then in the table.
 * Rejects what is not found, then whatever hung on that, then circles.
 */
export async function resolveOwnReferences(client: ClientBase, rowTable: RowTable): Promise<void> {
  for (const column of rowTable.ownReferences) await resolve(client, rowTable, column);
  for (const key of rowTable.table.foreignKeys) {
    const column = key.columns[0] ?? '';
    if (key.table !== rowTable.target.table || !rowTable.columns.includes(column)) continue;
    while ((await rejectDangling(client, rowTable, column)) > 0) await dropRejected(client, rowTable);
    if ((await rejectCircles(client, rowTable, column)) > 0) await dropRejected(client, rowTable);
  }
}

async function resolve(client: ClientBase, rowTable: RowTable, column: string): Promise<void> {
  const spec = rowTable.target.feeds.map((feed) => feed.columns[column]?.lookup).find((lookup) => lookup !== undefined);
  const own = quoteName(`_own_${column}`);
  for (const by of spec?.by ?? []) {
    for (const from of [rowTable.final, quoteName(rowTable.target.table)]) {
      if (from === rowTable.final && by !== 'id' && !rowTable.columns.includes(by)) continue;
      await client.query(
        `update ${rowTable.final} f set ${quoteName(column)} = p.id
         from (select (${quoteName(by)})::text as k, (array_agg(id))[1] as id from ${from} group by 1 having count(*) = 1) p
         where f.${quoteName(column)} is null and p.k = f.${own}`,
      );
    }
  }
  if (spec?.whenMissing !== 'reject') return;
  const found = await rejectIds(client, rowTable, {
    column,
    code: 'REFERENCE_MISSING',
    select: `select f.id, f.${own} as value,
      ${quoteText(`${rowTable.target.table.split('.')[1]} has no one row with ${spec?.by.join(' or ')} `)} || '"' || f.${own} || '".' as reason
      from ${rowTable.final} f where f.${own} is not null and f.${quoteName(column)} is null`,
  });
  if (found > 0) await dropRejected(client, rowTable);
}

function rejectDangling(client: ClientBase, rowTable: RowTable, column: string): Promise<number> {
  const name = quoteName(column);
  return rejectIds(client, rowTable, {
    column,
    code: 'REFERENCE_MISSING',
    select: `select f.id, f.${name}::text as value,
      ${quoteText(`${rowTable.target.table.split('.')[1]} has no row with id `)} || '"' || f.${name} || '", or it was rejected.' as reason
      from ${rowTable.final} f
      where f.${name} is not null and not exists (select from ${rowTable.final} p where p.id = f.${name})
        and not exists (select from ${quoteName(rowTable.target.table)} p where p.id = f.${name})`,
  });
}

/** Whoever can not be reached from a row without a parent, or with one outside these rows, stands in a circle or below one. */
function rejectCircles(client: ClientBase, rowTable: RowTable, column: string): Promise<number> {
  const name = quoteName(column);
  return rejectIds(client, rowTable, {
    column,
    code: 'REFERENCE_CYCLE',
    select: `with recursive reached as (
        select f.id from ${rowTable.final} f
        where f.${name} is null or not exists (select from ${rowTable.final} p where p.id = f.${name})
        union
        select f.id from ${rowTable.final} f join reached on f.${name} = reached.id)
      select f.id, f.${name}::text as value, 'The references from ' || f.${name} || ' upwards lead in a circle.' as reason
      from ${rowTable.final} f where not exists (select from reached where reached.id = f.id)`,
  });
}
