import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.js';
import { eachOf, referenceResolverOf } from './resolveEach.js';
import type { ResolveEach } from './resolveEach.js';

/** An entity with the type that it was asked for by: what @apollo/subgraph writes into the entity itself, which may be a row that others share. */
export class Entity {
  readonly typename: string;
  readonly source: object;

  constructor(typename: string, source: object) {
    this.typename = typename;
    this.source = source;
  }
}

export interface Representation {
  readonly __typename: string;
}

/** The representations of one type. */
interface Asked {
  readonly references: Representation[];
  /** Where each stands among those of all types. */
  readonly indices: number[];
}

/**
 * Resolves `_entities`, each type's in one go. Undefined where a type is an interface, or has a reference resolver that takes only one: then
 * @apollo/subgraph's own resolver does it. Throws, in its words, where a type is neither, before anything is begun that nobody would wait for.
 */
export function resolveEntities(
  schema: GraphQLSchema,
  representations: readonly Representation[],
  context: RequestContext,
): Promise<readonly unknown[]> | undefined {
  const byType = new Map<string, Asked>();
  representations.forEach((reference, index) => {
    let asked = byType.get(reference.__typename);
    if (asked === undefined) byType.set(reference.__typename, (asked = { references: [], indices: [] }));
    asked.references.push(reference);
    asked.indices.push(index);
  });
  const found: { typename: string; asked: Asked; resolveEach: ResolveEach }[] = [];
  for (const [typename, asked] of byType) {
    const type = schema.getType(typename);
    if (isInterfaceType(type)) return undefined;
    if (!isObjectType(type)) {
      throw new Error(
        `The _entities resolver tried to load an entity for type "${typename}", but no object or interface type of that name was found in the schema`,
      );
    }
    const resolver = referenceResolverOf(type);
    const resolveEach = resolver === undefined ? itself : eachOf(resolver);
    if (resolveEach === undefined) return undefined;
    found.push({ typename, asked, resolveEach });
  }
  const all = new Array<unknown>(representations.length).fill(null);
  return Promise.all(
    found.map(async ({ typename, asked, resolveEach }) => {
      const values = (await resolveEach(asked.references, {}, context))!;
      values.forEach((value, index) => {
        all[asked.indices[index]!] = isEntity(value) ? new Entity(typename, value) : value;
      });
    }),
  ).then(() => all);
}

function isEntity(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}

/** Of a type that needs no more than the reference. */
const itself: ResolveEach = (references) => references;
