import type { Node } from 'libpg-query';
import type { Rule } from '../check/rule.js';
import { as, nameOf, partsOf, written } from '../check/walk.js';

/** What a statement creates or moves here, if it is none of the things that belong to a table. */
function madeBy(node: Node): [kind: string, name: string[]] | undefined {
  const strings = (names: Node[] | undefined) => (names ?? []).flatMap(nameOf);
  const routine = as(node, 'CreateFunctionStmt');
  if (routine) return ['function', strings(routine.funcname)];
  const type = as(node, 'CreateEnumStmt') ?? as(node, 'CreateRangeStmt');
  if (type) return ['type', strings(type.typeName)];
  const composite = as(node, 'CompositeTypeStmt');
  if (composite) return ['type', partsOf(composite.typevar)];
  const domain = as(node, 'CreateDomainStmt');
  if (domain) return ['domain', strings(domain.domainname)];
  const defined = as(node, 'DefineStmt');
  if (defined) return [(defined.kind ?? 'OBJECT_TYPE').slice('OBJECT_'.length).toLowerCase(), strings(defined.defnames)];
  const view = as(node, 'ViewStmt');
  if (view) return ['view', partsOf(view.view)];
  const query = as(node, 'CreateTableAsStmt');
  if (query?.objtype === 'OBJECT_MATVIEW') return ['materialized view', partsOf(query.into?.rel)];
  const sequence = as(node, 'CreateSeqStmt');
  if (sequence) return ['sequence', partsOf(sequence.sequence)];
  const extension = as(node, 'CreateExtensionStmt');
  if (extension) {
    const schema = extension.options?.map((option) => as(option, 'DefElem')).find((option) => option?.defname === 'schema')?.arg;
    return ['extension', [nameOf(schema)[0] ?? 'public', extension.extname ?? '']];
  }
  const moved = as(node, 'AlterObjectSchemaStmt');
  if (!moved || moved.objectType === 'OBJECT_TABLE') return undefined;
  return ['object', [moved.newschema ?? '', (moved.relation ? partsOf(moved.relation) : nameOf(moved.object)).at(-1) ?? '']];
}

export const objectInPublic: Rule = {
  id: 'object-in-public',
  catches: 'A type, function, view, sequence or extension in schema public, where only tables may be.',
  check: ({ node }) => {
    const [kind, name] = madeBy(node) ?? [];
    // Without a schema it lands in the first of the search path, which is public where nobody has set another.
    if (!kind || !name || (name.length > 1 && name[0] !== 'public')) return [];
    return [
      {
        at: name.at(-1),
        consequence: `DROP SCHEMA public CASCADE would then also remove columns and row policies of other schemas: all that use the ${kind} ${written(name)}.`,
        safe: `-- Give it a schema of its owner's, as in:\ncreate domain case_management.${(name.at(-1) ?? 'name').toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')} as text;`,
      },
    ];
  },
};
