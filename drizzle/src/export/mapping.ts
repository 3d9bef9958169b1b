import { stringify } from 'yaml';
import type { TableShape } from '../backup/catalogue.js';
import { tableName } from '../backup/catalogue.js';

/** The mapping that brings the CSV files back in, as they are: `npm run db -- import <folder>/export.yaml --from <folder>`. */
export const mappingFile = 'export.yaml';

interface ExportedFile {
  readonly table: TableShape;
  readonly file: string;
}

/**
 * @param files in the order in which their rows can be inserted.
 * @param leftOut files that the import does not take, and why.
 */
export function exportMapping(
  database: string,
  takenAt: string,
  files: readonly ExportedFile[],
  leftOut: readonly { file: string; why: string }[],
): string {
  const mapping = {
    title: `Export of ${database}, taken ${takenAt}`,
    sources: Object.fromEntries(files.map(({ table, file }) => [sourceOf(table), { file }])),
    targets: files.map(({ table }) => {
      const hasId = table.columns.some(({ name }) => name === 'id');
      return {
        name: tableName(table).replaceAll(/[^a-z0-9_ -]/g, ' '),
        table: tableName(table),
        from: sourceOf(table),
        ...(hasId ? { id: { column: 'id' } } : { key: table.primaryKey }),
        columns: Object.fromEntries(
          table.columns.filter(({ name }) => name !== 'id').map(({ name, type }) => [name, columnOf(table, name, type)]),
        ),
      };
    }),
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
  return stringify(mapping, { lineWidth: 0 });
}

const sourceOf = (table: TableShape): string => `${table.schema}_${table.name}`.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');

function columnOf(table: TableShape, name: string, type: string): unknown {
  if (type !== 'text[]') return name;
  const isRoles = tableName(table) === 'public.people' && name === 'roles';
  return {
    column: name,
    list: true,
    ...(isRoles ? { lookup: { table: 'identity.roles', by: 'name', take: 'name' } } : {}),
  };
}
