import { locatedError } from 'graphql';
import type { ExecutionResult, GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../context.js';
import { completeRead, startField } from './fields.js';
import { Level } from './level.js';
import { isAttached, isOpen, pathOf, store } from './node.js';
import type { Place, ResponseNode } from './node.js';
import type { Plan, ResultObject } from './plan.js';

/**
 * One operation that is being answered. It goes breadth first: a field is resolved for all objects that stand beside each other before any
 * of their fields is. Whatever can be started without waiting is started in one go, so what loaders are asked for leaves together.
 */
export class Run {
  readonly plan: Plan;
  readonly context: RequestContext;
  readonly variables: Record<string, unknown>;
  readonly #errors: GraphQLError[] = [];
  #root: ResultObject | null;
  #levels: Level[];
  #waiting = 0;
  /** Whether objects may have been lost: then each has to be asked whether it is. */
  #hasNulled = false;
  #end: ((result: ExecutionResult) => void) | undefined;

  constructor(plan: Plan, variables: Record<string, unknown>, context: RequestContext) {
    this.plan = plan;
    this.variables = variables;
    this.context = context;
    const root = new Level(plan.root);
    this.#root = root.add(undefined, undefined);
    this.#levels = [root];
  }

  /** Never rejects. */
  answer(): Promise<ExecutionResult> {
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#proceed(() => undefined);
    });
  }

  /** Has the fields of these objects filled in, after what is already begun. */
  fillIn(level: Level): void {
    this.#levels.push(level);
  }

  /** Goes on with `then` when all of these are settled. */
  wait(promises: readonly PromiseLike<unknown>[], then: (settled: PromiseSettledResult<unknown>[]) => void): void {
    this.#waiting++;
    void Promise.allSettled(promises).then((settled) => {
      this.#waiting--;
      this.#proceed(() => then(settled));
    });
  }

  /** Whether the object is still part of the answer. */
  isAttached(node: ResponseNode): boolean {
    return !this.#hasNulled || isAttached(node, this.#root);
  }

  /** Whether the answer still has the place. */
  isOpen(place: Place): boolean {
    return !this.#hasNulled || isOpen(place, this.#root);
  }

  /** The error of a place that failed. */
  located(place: Place, thrown: unknown): GraphQLError {
    return locatedError(thrown, place.field.nodes, pathKeys(place));
  }

  /** Tells an error, unless a null above it has taken its place out of the answer. */
  report(error: GraphQLError, { node }: Place): void {
    if (isAttached(node, this.#root)) this.#errors.push(error);
    this.#hasNulled = true;
  }

  /** A place failed: it is null, or what is around it where it must not be (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors). */
  fail(place: Place, thrown: unknown): void {
    if (!isOpen(place, this.#root)) return;
    this.report(this.located(place, thrown), place);
    let at: Place | undefined = place;
    while (at) {
      const { node, field, indices }: Place = at;
      for (let depth = indices.length; depth >= 0; depth--) {
        if (field.outputs[depth]!.isNonNull) continue;
        store({ node, field, indices: indices.slice(0, depth) }, null);
        return;
      }
      at = node.place;
    }
    this.#root = null;
  }

  /** What a resolver is told of the place that it is called for. */
  infoOf(place: Place): GraphQLResolveInfo {
    const { field } = place;
    const { schema, fragmentsByName, operation } = this.plan;
    return {
      fieldName: field.definition.name,
      fieldNodes: field.nodes,
      returnType: field.definition.type,
      parentType: field.parentType,
      path: pathOf(place),
      schema,
      fragments: fragmentsByName,
      rootValue: undefined,
      operation,
      variableValues: this.variables,
    };
  }

  #proceed(work: () => void): void {
    try {
      work();
      for (let level = this.#levels.shift(); level; level = this.#levels.shift()) this.#start(level);
    } catch (fault) {
      // Of the executor itself, or of the engine: what resolvers throw is the error of a place.
      this.#end!({ errors: [locatedError(fault, undefined)], data: null });
      return;
    }
    if (this.#waiting > 0) return;
    const data = this.#root;
    this.#end!(this.#errors.length === 0 ? { data } : { errors: this.#errors, data });
  }

  #start(level: Level): void {
    for (const [number, field] of level.selection.fields.entries()) {
      if (field.isRead) {
        completeRead(this, field, level.late(number));
        continue;
      }
      const { nodes } = level;
      const attached = this.#hasNulled ? nodes.filter((node) => this.isAttached(node)) : nodes;
      if (attached.length > 0) startField(this, field, attached);
    }
  }
}

function pathKeys(place: Place): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let path: GraphQLResolveInfo['path'] | undefined = pathOf(place); path; path = path.prev) keys.push(path.key);
  return keys.reverse();
}
