import type { ClientBase } from 'pg';
import type { SourceSpec } from './mappingSchema.js';
import type { StagedSource } from './staging.js';
import { columnIndex, missingColumns } from './sourceFiles.js';
import { quoteName, quoteText } from './sql.js';

/**
 * Follows the chains of a source whose rows name their predecessor: each row gets `chain_root`, the id of the first row of its chain, and
 * `chain_position`, from 1. A predecessor that only the database has continues the chain there. Rejects rows whose chain has no beginning.
 */
export async function followChains(
  client: ClientBase,
  staged: StagedSource,
  spec: NonNullable<SourceSpec['chain']>,
): Promise<void> {
  const [id, parent] = [columnIndex(staged.header, spec.id), columnIndex(staged.header, spec.parent)];
  if (id < 0 || parent < 0) {
    throw missingColumns(staged.file, [id < 0 ? spec.id : '', parent < 0 ? spec.parent : ''].filter(Boolean), staged.header);
  }
  const stage = quoteName(staged.table);
  await client.query(`alter table ${stage} add chain_root text, add chain_position text`);
  const known = spec.known;
  const knownRows = known
    ? `union all
       select r.line, r.id, k.${quoteName(known.root)}::text, k.${quoteName(known.position)}::int + 1
       from rows r join ${quoteName(known.table)} k on k.${quoteName(known.id)}::text = r.parent
       where not exists (select from rows p where p.id = r.parent)`
    : '';
  // One row for each id: with ids that repeat, a walk down from the roots could go round for ever.
  await client.query(
    `with recursive rows as (
       select distinct on (1) lower(btrim(c${id})) as id, nullif(lower(btrim(c${parent})), '') as parent, _line as line from ${stage} where c${id} is not null order by 1, _line),
     roots as (select line, id, id as root, 1 as depth from rows where parent is null ${knownRows}),
     walk as (select * from roots union all select r.line, r.id, w.root, w.depth + 1 from rows r join walk w on r.parent = w.id)
     update ${stage} s set chain_root = p.root, chain_position = p.position::text
     from (select line, root, row_number() over (partition by root order by depth, line) + first_value(depth) over (partition by root order by depth, line) - 1 as position from walk) p
     where p.line = s._line`,
  );
  await client.query(
    `insert into pg_temp.rejected (source, line, target, csv_column, value, reason, code)
     select ${staged.number}, s._line, 0, $1, s.c${parent},
       case when exists (select from ${stage} p where lower(btrim(p.c${id})) = lower(btrim(s.c${parent})))
         then 'The chain of ' || $1 || ' has no beginning: it leads in a circle, or to a row that is missing.'
         else ${quoteText(`${staged.file} has no row with ${spec.id} `)} || '"' || s.c${parent} || '", nor has the database.' end,
       'REFERENCE_MISSING'
     from ${stage} s where s.chain_root is null and s.c${parent} is not null
       and not exists (select from ${stage} d where lower(btrim(d.c${id})) = lower(btrim(s.c${id})) and d._line < s._line) order by s._line`,
    [spec.parent],
  );
}
