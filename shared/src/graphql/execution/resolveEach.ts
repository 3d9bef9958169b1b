import type { GraphQLFieldResolver, GraphQLObjectType } from 'graphql';
import type { RequestContext } from '../context.js';
import { parseId } from '../../postgres/ids.js';
import type { LoaderOf, LoaderWith, SelectedHere } from '../loader.js';

/**
 * Resolves a field for many parents at once: one value for each, in their order. An Error in the place of a value is what that parent's
 * field failed with. `args` and `context` are the same for all of them, and so is `selected`, which returns the names of the fields that are selected of the
 * values, where they are known. Undefined where each has to be resolved alone after all.
 */
export type ResolveEach = (
  parents: readonly unknown[],
  args: Record<string, unknown>,
  context: RequestContext,
  selected?: SelectedHere,
) => readonly unknown[] | Promise<readonly unknown[]> | undefined;

const each = Symbol('resolveEach');

/** A resolver as graphql-js calls it, for one parent. */
export type Resolver<Parent, Args, Value> = (parent: Parent, args: Args, context: RequestContext) => Promise<Value>;

/** What a resolver does for many parents at once; undefined for one that has to be called for each. */
export function eachOf(resolver: unknown): ResolveEach | undefined {
  return typeof resolver === 'function' ? (resolver as { [each]?: ResolveEach })[each] : undefined;
}

/** How a type's references are resolved: its `__resolveReference`, kept by Apollo among the type's extensions. */
export function referenceResolverOf({ extensions }: GraphQLObjectType): GraphQLFieldResolver<unknown, unknown> | undefined {
  const { apollo } = extensions as { apollo?: { subgraph?: { resolveReference?: GraphQLFieldResolver<unknown, unknown> } } };
  return apollo?.subgraph?.resolveReference;
}

/**
 * A resolver whose value comes from a loader: `keyOf` names what is loaded for a parent, or null for nothing, and `valueOf` makes the value of
 * it. Our executor calls it once for all parents of a level, which costs one promise; graphql-js calls it for each of them. A loader may depend on
 * what the field is asked with; where it throws because of that, the field fails for all parents.
 */
export function loading<Parent, Loaded, Args = unknown>(
  loader: LoaderWith<Loaded, Args>,
  keyOf: (parent: Parent) => string,
): Resolver<Parent, Args, Loaded>;
export function loading<Parent, Loaded, Args = unknown>(
  loader: LoaderWith<Loaded, Args>,
  keyOf: (parent: Parent) => string | null,
): Resolver<Parent, Args, Loaded | null>;
export function loading<Parent, Loaded, Value, Args = unknown>(
  loader: LoaderWith<Loaded, Args>,
  keyOf: (parent: Parent) => string,
  valueOf: (loaded: Loaded, parent: Parent, args: Args) => Value,
): Resolver<Parent, Args, Value>;
export function loading<Parent, Loaded, Value, Args = unknown>(
  loader: LoaderWith<Loaded, Args>,
  keyOf: (parent: Parent) => string | null,
  valueOf: (loaded: Loaded, parent: Parent, args: Args) => Value,
): Resolver<Parent, Args, Value | null>;
export function loading<Parent, Loaded>(
  loader: LoaderWith<Loaded, unknown>,
  keyOf: (parent: Parent) => string | null,
  valueOf: (loaded: Loaded, parent: Parent, args: unknown) => unknown = (loaded) => loaded,
): Resolver<Parent, unknown, unknown> {
  const resolveEach = async (
    parents: readonly Parent[],
    args: unknown,
    context: RequestContext,
    selected?: SelectedHere,
  ): Promise<unknown[]> => {
    const wanted: string[] = [];
    const waiting: number[] = [];
    const there: number[] = [];
    const values = parents.map((parent, index): unknown => {
      const key = settled(() => keyOf(parent));
      if (key === null || key instanceof Error) return key;
      const held = heldBy<Loaded>(parent, loader.heldAs, key);
      if (held === undefined) waiting[wanted.push(key) - 1] = index;
      else there.push(index);
      return held;
    });
    // Also where all is there: so what is loaded for these and for others next, is loaded together.
    const loaded = await loader(context, args, selected).loadEach(wanted);
    for (const index of there) values[index] = settled(() => valueOf(values[index] as Loaded, parents[index]!, args));
    for (const [place, index] of waiting.entries()) {
      const found = loaded[place] as Loaded | Error;
      values[index] = found instanceof Error ? found : settled(() => valueOf(found, parents[index]!, args));
    }
    return values;
  };
  return together(resolveEach);
}

/**
 * A resolver that resolves its field for many parents at once: it returns one value for each, in their order, or the Error that this parent's
 * field failed with. graphql-js calls it for each of them, as if it were the only one.
 */
export function together<Parent, Args, Value>(
  resolveEach: (
    parents: readonly Parent[],
    args: Args,
    context: RequestContext,
    selected?: SelectedHere,
  ) => Promise<readonly (Value | Error)[]>,
): Resolver<Parent, Args, Value> {
  const resolve = async (parent: Parent, args: Args, context: RequestContext): Promise<Value> => {
    const [value] = await resolveEach([parent], args, context);
    if (value instanceof Error) throw value;
    return value as Value;
  };
  return Object.assign(resolve, { [each]: resolveEach });
}

/** The row that came along with the parent, if it is the one that is asked for. */
function heldBy<Loaded>(parent: unknown, heldAs: symbol | undefined, key: unknown): Loaded | undefined {
  if (heldAs === undefined) return undefined;
  const held = (parent as Partial<Record<symbol, { id: unknown } | null>> | null | undefined)?.[heldAs];
  return held && held.id === key ? (held as Loaded) : undefined;
}

/** A reference resolver, as @apollo/subgraph calls it. */
type ReferenceResolver<Value> = (reference: { id: string }, context: RequestContext) => Promise<Value>;

/** The `__resolveReference` of an entity that a loader has by its id. An id that is none is BAD_USER_INPUT, for its own reference only. */
export function referenceBy<Value>(loader: LoaderOf<Value>): ReferenceResolver<Value> {
  const resolve = loading(loader, (reference: { id: string }) => parseId(reference.id, 'representations'));
  return Object.assign((reference: { id: string }, context: RequestContext) => resolve(reference, {}, context), {
    [each]: eachOf(resolve),
  });
}

/** The `__resolveReference` of an entity that another subgraph holds: of its fields, this one knows the id. */
export const referenceById: ReferenceResolver<{ id: string }> = Object.assign(
  // async, because what a reference resolver throws at once fails its neighbours too.
  async (reference: { id: string }) => idOf(reference),
  { [each]: (references: readonly { id: string }[]) => references.map((reference) => settled(() => idOf(reference))) },
);

function idOf({ id }: { id: string }): { id: string } {
  return { id: parseId(id, 'representations') };
}

/** What fails for one parent must not fail for its neighbours. */
function settled<Value>(make: () => Value): Value | Error {
  try {
    return make();
  } catch (error) {
    return error as Error;
  }
}
