import type { Schema } from '@apollo/federation-internals';
import { Kind, visit } from 'graphql';
import type { DocumentNode, FieldNode } from 'graphql';
import type { ErrorPath } from './targets.js';
import { unusedName } from './unusedName.js';

/**
 * An operation that the query planner plans correctly, with the way back to the caller's names. The planner has three faults:
 * - An alias that is the name of another field: it takes `id: title` for the id, and uses it as an entity key. Such aliases are replaced.
 * - A variable `$representations`: the planner's own variable for entities has that name. The caller's variable is renamed.
 * - `__schema` and `__type` below a payload that leads back to Query. No subgraph answers them, so `__typename` takes their place.
 */
export interface NormalizedOperation {
  readonly document: DocumentNode;
  /** Returns the name under which the subgraphs answer a field that has the response name `name`. */
  readonly plannedName: (name: string, field: string) => string;
  /** Translates a path in the data of the subgraphs to the caller's names. */
  readonly callerPath: (path: ErrorPath) => ErrorPath;
  /** Returns the caller's name of a variable in the plan. */
  readonly callerVariable: (name: string) => string;
}

const representations = 'representations';

/**
 * Normalizes a valid document with one operation.
 * @param fieldNames all field names of the supergraph: any of them may be part of a key.
 */
export function normalizeOperation(document: DocumentNode, fieldNames: ReadonlySet<string>): NormalizedOperation {
  const taken = namesIn(document);
  const plannedAliases = new Map<string, string>();
  const callerAliases = new Map<string, string>();
  const plannedVariable = unusedName(`caller_${representations}`, taken, fieldNames);

  function plannedAlias(alias: string): string {
    let planned = plannedAliases.get(alias);
    if (planned === undefined) {
      planned = unusedName(`as_${alias}`, taken, fieldNames);
      plannedAliases.set(alias, planned);
      callerAliases.set(planned, alias);
    }
    return planned;
  }

  const isMisplanned = (alias: string, field: string) =>
    alias !== field && (fieldNames.has(alias) || alias.startsWith('__') || alias.includes('__alias_'));

  return {
    document: visit(document, {
      Variable(node) {
        return node.name.value === representations ? { ...node, name: { ...node.name, value: plannedVariable } } : undefined;
      },
      Field(node) {
        if (isIntrospection(node))
          return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } satisfies FieldNode;
        const { alias, name } = node;
        if (alias === undefined || !isMisplanned(alias.value, name.value)) return undefined;
        return { ...node, alias: { ...alias, value: plannedAlias(alias.value) } };
      },
    }),
    plannedName: (name, field) => (isMisplanned(name, field) ? (plannedAliases.get(name) ?? name) : name),
    callerPath: (path) => path.map((step) => (typeof step === 'string' ? (callerAliases.get(step) ?? step) : step)),
    callerVariable: (name) => (name === plannedVariable ? representations : name),
  };
}

/** Returns the names of all fields of a supergraph, inaccessible fields included. */
export function fieldNamesOf(supergraph: Schema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of supergraph.types()) {
    if (type.kind === 'ObjectType' || type.kind === 'InterfaceType') for (const { name } of type.fields()) names.add(name);
  }
  return names;
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** Returns every name in a document: of fields, aliases, variables, types, fragments and operations. */
function namesIn(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, { Name: ({ value }) => void names.add(value) });
  return names;
}
