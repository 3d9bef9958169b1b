import type { Client } from 'pg';
import { AppError } from '@bailiwick/kernel/errors';
import { withSession } from '../setup/connect.js';
import { legacyTables } from './legacy.js';
import type { LoadedSection } from './load.js';
import type { Scratch } from './scratch.js';

export type Layout = 'bailiwick' | 'legacy';

export interface ChosenSection extends LoadedSection {
  readonly layout: Layout;
  /** Every table that it has, of any schema. */
  readonly tables: readonly { readonly schema: string; readonly name: string }[];
}

const bailiwickTables = ['guard.migrations', 'public.people'];
const ownSchemas = ['case_management', 'audit_system', 'guard'];

/**
 * Finds the database of a dump that is one of ours, by its tables.
 * @throws DUMP_INVALID when none is, or several are and none was named.
 */
export async function chooseSection(
  sections: readonly LoadedSection[],
  scratch: Scratch,
  asked: string | undefined,
): Promise<ChosenSection> {
  const found: ChosenSection[] = [];
  const seen: string[] = [];
  const parts = new Set<string>();
  for (const section of sections.filter(({ named }) => asked === undefined || named === asked)) {
    const tables = await withSession(scratch.operatorUrl(section.database), 'dump', tablesOf);
    const names = tables.map(({ schema, name }) => `${schema}.${name}`);
    seen.push(...names);
    for (const { schema } of tables) if (ownSchemas.includes(schema)) parts.add(schema);
    const layout = layoutOf(names);
    if (layout) found.push({ ...section, layout, tables });
  }
  const [chosen, second] = found;
  if (!chosen) throw unknown(seen, [...parts], sections, asked);
  if (second) {
    throw new AppError(
      'DUMP_INVALID',
      `The dump has several databases that could be meant: ${found.map(({ named }) => named).join(', ')}.`,
      {
        hint: `Say which one, for example --database ${chosen.named}.`,
      },
    );
  }
  return chosen;
}

function layoutOf(tables: readonly string[]): Layout | undefined {
  if (bailiwickTables.every((table) => tables.includes(table))) return 'bailiwick';
  if (tables.some((table) => ownSchemas.includes(table.split('.')[0] ?? ''))) return undefined;
  return legacyTables().some((table) => tables.includes(`public.${table}`)) ? 'legacy' : undefined;
}

async function tablesOf(client: Client) {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_|^information_schema$' order by 1, 2`,
  );
  return rows;
}

function unknown(seen: string[], parts: string[], sections: readonly LoadedSection[], asked: string | undefined): AppError {
  const names = sections.flatMap(({ named }) => named ?? []);
  if (asked !== undefined && !names.includes(asked)) {
    return new AppError('DUMP_INVALID', `The dump has no database ${asked}${names.length ? `, only ${names.join(', ')}` : ''}.`, {
      hint: 'Leave --database out to see whether one of them is known by its tables.',
    });
  }
  if (parts.length > 0) {
    return new AppError(
      'DUMP_INVALID',
      `The dump is a part of a Bailiwick database (${parts.join(', ')}), without ${bailiwickTables.join(' and ')}.`,
      {
        hint: 'What belongs to it is known from the whole only: dump the database without -n and -t.',
      },
    );
  }
  const tables =
    seen.length === 0 ? 'no table at all' : `the tables ${seen.slice(0, 8).join(', ')}${seen.length > 8 ? ' …' : ''}`;
  return new AppError(
    'DUMP_INVALID',
    `The dump holds ${tables}: neither a Bailiwick database nor a table of the legacy layout.`,
    {
      hint: `The legacy layout has in public: ${legacyTables().slice(0, 12).join(', ')} … (docs/import.md). Other tables are imported with a mapping of your own.`,
    },
  );
}
