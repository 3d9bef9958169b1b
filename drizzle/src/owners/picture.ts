import { bailiwicks, schemaOf } from '../setup/credentials.js';
import type { OwnedTable, Ownership } from './ownership.js';

/** A name that no keyword of Mermaid can be taken for. */
const nodeOf = (schema: string, table: string): string =>
  `${schema}__${table}`.replaceAll(/\W/g, (sign) => `_${sign.charCodeAt(0).toString(16)}_`);
const label = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`;

/**
 * The bailiwicks as boxes, their tables in them, and an arrow for each pair of tables that foreign keys connect: from the one that refers to the
 * one that is referred to. Arrows that leave a box are thick. In the language of Mermaid, which GitHub draws.
 */
export function picture({ schemas, tables }: Ownership): string {
  const drawn = schemas.filter(({ name }) => tables.some((table) => table.schema === name));
  const lines = ['flowchart LR'];
  for (const { name, team } of drawn) {
    lines.push(`  subgraph box_${name}[${label(`${name}: ${team.replaceAll('_', ' ')}`)}]`);
    const inside = tables.filter((table) => table.schema === name);
    lines.push(...inside.map((table) => `    ${nodeOf(name, table.name)}[${label(table.name)}]`));
    lines.push('  end');
  }
  for (const table of tables) {
    for (const { schema, name } of referredTo(table)) {
      const arrow = schema === table.schema ? '-->' : '==>';
      lines.push(`  ${nodeOf(table.schema, table.name)} ${arrow} ${nodeOf(schema, name)}`);
    }
  }
  const teams = bailiwicks.map(schemaOf);
  lines.push('  classDef operator stroke-dasharray: 4 3');
  lines.push(...drawn.filter(({ name }) => !teams.includes(name)).map(({ name }) => `  class box_${name} operator`));
  return lines.join('\n');
}

/** The tables that a table's foreign keys lead to, each once. */
function referredTo(table: OwnedTable): { schema: string; name: string }[] {
  const found = new Map(
    table.foreignKeys.map(({ toSchema, toTable }) => [`${toSchema}.${toTable}`, { schema: toSchema, name: toTable }]),
  );
  return [...found.values()];
}
