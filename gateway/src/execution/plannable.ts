import type { Schema } from '@apollo/federation-internals';
import { Kind, visit } from 'graphql';
import type { DocumentNode, FieldNode } from 'graphql';
import type { ErrorPath } from './targets.js';
import { unusedName } from './unusedName.js';

/**
 * An operation in words that the planner gets right, and the way back to the caller's own words. Three things it takes wrongly:
 * - An alias that is the name of another field. It believes that `id: title` is the id, and uses it as the key of an entity.
 * - A variable `$representations`, which is also what it calls the entities that it asks a subgraph about.
 * - `__schema` and `__type`, where a payload leads back to the type Query. No subgraph is asked about them, so they are left out.
 */
export interface Plannable {
  readonly document: DocumentNode;
  /** Under which name the subgraphs answer a field that the caller wants under `name`. */
  readonly plannedName: (name: string, field: string) => string;
  /** A path in the answers of the subgraphs, in the caller's words. */
  readonly callerPath: (path: ErrorPath) => ErrorPath;
  /** What the caller calls a variable of a plan. */
  readonly callerVariable: (name: string) => string;
}

const representations = 'representations';

/** `fieldNames` are those of the whole supergraph: any may be part of a key. Takes a valid document of one operation. */
export function plannable(document: DocumentNode, fieldNames: ReadonlySet<string>): Plannable {
  const taken = namesIn(document);
  const plannedAliases = new Map<string, string>();
  const callerAliases = new Map<string, string>();
  const plannedVariable = unusedName(`caller_${representations}`, taken, fieldNames);

  function aliasFor(alias: string): string {
    let planned = plannedAliases.get(alias);
    if (planned === undefined) {
      planned = unusedName(`as_${alias}`, taken, fieldNames);
      plannedAliases.set(alias, planned);
      callerAliases.set(planned, alias);
    }
    return planned;
  }

  const isMistaken = (alias: string, field: string) =>
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
        if (alias === undefined || !isMistaken(alias.value, name.value)) return undefined;
        return { ...node, alias: { ...alias, value: aliasFor(alias.value) } };
      },
    }),
    plannedName: (name, field) => (isMistaken(name, field) ? (plannedAliases.get(name) ?? name) : name),
    callerPath: (path) =>
      callerAliases.size === 0 ? path : path.map((step) => (typeof step === 'string' ? (callerAliases.get(step) ?? step) : step)),
    callerVariable: (name) => (name === plannedVariable ? representations : name),
  };
}

/** The names of all fields of a supergraph, inaccessible ones included. */
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

/** Every name of a document, whatever it names. */
function namesIn(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, { Name: ({ value }) => void names.add(value) });
  return names;
}
