import { readFileSync } from 'node:fs';
import { getTableColumns } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { Kind, parse } from 'graphql';
import type { DirectiveNode, EnumTypeDefinitionNode, ObjectTypeDefinitionNode, TypeNode } from 'graphql';

type ResolverMap = Record<string, Record<string, unknown> | undefined>;

/** The fields of what the kernel hands out for every connection and every mutation; no row stands behind these types. */
const shapes: [RegExp, string[]][] = [
  [/Connection$/, ['edges', 'nodes', 'pageInfo', 'totalCount']],
  [/Edge$/, ['cursor', 'node']],
  [/^PageInfo$/, ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor']],
  [/^UserError$/, ['code', 'message', 'field', 'hint']],
];

/**
 * The fields that would answer null, or fail, for want of a resolver: neither a column of the row behind the type nor resolved.
 * Also resolvers of fields that the schema does not have. As `Type.field`.
 * @param tables the table behind each type that has rows.
 * @param objects the fields of types whose objects the resolvers of another field make.
 */
export function resolverGaps(
  schemaFile: URL,
  resolvers: object,
  tables: Record<string, PgTable>,
  objects: Record<string, string[]> = {},
): string[] {
  const resolved = resolvers as ResolverMap;
  const gaps: string[] = [];
  const objectNames = new Set(objectTypes(schemaFile).map((type) => type.name.value));
  for (const type of objectTypes(schemaFile)) {
    const fields = type.fields!.map((field) => field.name.value);
    const table = tables[type.name.value];
    // A mutation answers with its whole payload.
    if (type.name.value.endsWith('Payload')) continue;
    const given = new Set<string>([
      ...(table === undefined && hasDirective(type, 'key') ? ['id'] : []),
      // What the gateway sends along with a reference.
      ...type.fields!.filter((field) => hasDirective(field, 'external')).map((field) => field.name.value),
      ...(table ? Object.keys(getTableColumns(table)).filter((column) => !leadsToObject(type, column, objectNames)) : []),
      ...(objects[type.name.value] ?? []),
      ...(shapes.find(([name]) => name.test(type.name.value))?.[1] ?? []),
    ]);
    const own = resolved[type.name.value] ?? {};
    for (const field of fields) if (!given.has(field) && !(field in own)) gaps.push(`${type.name.value}.${field}`);
    for (const field of Object.keys(own))
      if (!field.startsWith('__') && !fields.includes(field)) gaps.push(`${type.name.value}.${field} (not in the schema)`);
    if (isResolvableEntity(type) && !('__resolveReference' in own)) gaps.push(`${type.name.value}.__resolveReference`);
  }
  return gaps;
}

/** The fields whose enumeration has other values than the column behind the field. As `Type.field`. */
export function enumGaps(schemaFile: URL, tables: Record<string, PgTable>): string[] {
  const enums = new Map(
    definitions(schemaFile)
      .filter((node): node is EnumTypeDefinitionNode => node.kind === Kind.ENUM_TYPE_DEFINITION)
      .map(({ name, values }) => [name.value, values!.map((value) => value.name.value.toLowerCase()).sort()]),
  );
  return objectTypes(schemaFile).flatMap((type) => {
    const columns: Record<string, PgColumn> = tables[type.name.value] ? getTableColumns(tables[type.name.value]!) : {};
    return type.fields!.flatMap((field) => {
      const values = enums.get(namedType(field.type));
      const column = columns[field.name.value];
      if (values === undefined || column === undefined) return [];
      const stored = [...(column.enumValues ?? [])].sort();
      return JSON.stringify(values) === JSON.stringify(stored) ? [] : [`${type.name.value}.${field.name.value}`];
    });
  });
}

function hasDirective({ directives }: { readonly directives?: readonly DirectiveNode[] }, name: string): boolean {
  return directives?.some((directive) => directive.name.value === name) ?? false;
}

function definitions(schemaFile: URL) {
  return parse(readFileSync(schemaFile, 'utf8')).definitions;
}

function objectTypes(schemaFile: URL): ObjectTypeDefinitionNode[] {
  return definitions(schemaFile).filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION);
}

/** A column that only shares its name with a field: `createdBy` holds an id, and the field is a person. */
function leadsToObject(type: ObjectTypeDefinitionNode, fieldName: string, objectNames: Set<string>): boolean {
  const field = type.fields!.find(({ name }) => name.value === fieldName);
  return field !== undefined && objectNames.has(namedType(field.type));
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function isResolvableEntity(type: ObjectTypeDefinitionNode): boolean {
  const key = type.directives?.find((directive) => directive.name.value === 'key');
  const resolvable = key?.arguments?.find((argument) => argument.name.value === 'resolvable')?.value;
  return key !== undefined && !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}
