import { loadMapping } from '../import/loadMapping.js';
import type { Mapping } from '../import/mappingSchema.js';

let loaded: Mapping | undefined;

/** The mapping of the older databases, which says what each of their tables becomes. */
export const legacyMapping = (): Mapping => (loaded ??= loadMapping('legacy'));

/** Every file name that the mapping knows. */
export const legacyFiles = (): string[] => [...new Set(Object.values(legacyMapping().sources).flatMap(({ file }) => file))];

/** The names that a table of the older databases may have. */
export const legacyTables = (): string[] =>
  legacyFiles()
    .filter((file) => !file.includes('/'))
    .map((file) => file.replace(/\.csv$/, ''));

/** Of each source, the first name that is there counts; a table whose later name is there too would be passed over. */
export function shadowedBy(tables: readonly string[]): { table: string; by: string }[] {
  return Object.values(legacyMapping().sources).flatMap(({ file, having }) => {
    const names = file.filter((name) => !name.includes('/')).map((name) => name.replace(/\.csv$/, ''));
    const there = names.filter((name) => tables.includes(name));
    const [first, ...others] = having.length === 0 ? there : [];
    return first === undefined ? [] : others.map((table) => ({ table, by: first }));
  });
}
