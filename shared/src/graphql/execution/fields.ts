import { getArgumentValues } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../context.js';
import { Unreadable } from './begin.js';
import { Completion, forget, isPromise } from './completion.js';
import type { LateValue } from './level.js';
import type { Place, ResponseNode } from './node.js';
import type { PlannedField } from './plan.js';
import type { ResolveEach } from './resolveEach.js';
import type { Run } from './run.js';

type Arguments = Record<string, unknown>;
type Method = (args: Arguments, context: RequestContext, info: GraphQLResolveInfo) => unknown;

const ofTheField: readonly number[] = [];

/** Resolves a field for all these objects. What needs no waiting is in its place afterwards. */
export function startField(run: Run, field: PlannedField, nodes: readonly ResponseNode[]): void {
  let args: Arguments = {};
  if (field.hasArguments) {
    try {
      args = getArgumentValues(field.definition, field.nodes[0]!, run.variables);
    } catch (thrown) {
      failEach(run, field, nodes, thrown);
      return;
    }
  }
  if (!startTogether(run, field, nodes, args)) startOneByOne(run, field, nodes, args);
}

/** Completes what was read for a field that objects begin with, and is not plain. */
export function completeRead(run: Run, field: PlannedField, late: readonly LateValue[]): void {
  if (late.length === 0) return;
  const completion = new Completion(run, field);
  for (const { node, value } of late) {
    if (!run.isAttached(node)) {
      forget(value);
      continue;
    }
    const place = { node, field, indices: ofTheField };
    try {
      if (value instanceof Unreadable) throw value.thrown;
      completion.fill(place, typeof value === 'function' ? called(run, place, {}) : value);
    } catch (thrown) {
      run.fail(place, thrown);
    }
  }
  completion.end();
}

function startOneByOne(run: Run, field: PlannedField, nodes: readonly ResponseNode[], args: Arguments): void {
  const completion = new Completion(run, field);
  for (const node of nodes) {
    // A field before this one, or of a neighbour, may have lost it.
    if (!run.isAttached(node)) continue;
    const place = { node, field, indices: ofTheField };
    try {
      completion.fill(place, resolved(run, place, args));
    } catch (thrown) {
      run.fail(place, thrown);
    }
  }
  completion.end();
}

function resolved(run: Run, place: Place, args: Arguments): unknown {
  const { definition } = place.field;
  const { source } = place.node;
  if (definition.resolve) return definition.resolve(source, args, run.context, run.infoOf(place));
  // As graphql-js's default resolver, which would want to be told of the place for each of them.
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const value = (source as Record<string, unknown>)[definition.name];
  return typeof value === 'function' ? called(run, place, args) : value;
}

/** A property that is a method of its object. */
function called(run: Run, place: Place, args: Arguments): unknown {
  const { node, field } = place;
  return (node.source as Record<string, Method>)[field.definition.name]!(args, run.context, run.infoOf(place));
}

/** False where the resolver has to be called for each. */
function startTogether(run: Run, field: PlannedField, nodes: readonly ResponseNode[], args: Arguments): boolean {
  if (field.resolveEach === undefined) return false;
  const parents = nodes.map(({ source }) => source);
  let values: ReturnType<ResolveEach>;
  try {
    values = field.resolveEach(parents, args, run.context, field.selectedFields);
  } catch (thrown) {
    failEach(run, field, nodes, thrown);
    return true;
  }
  if (values === undefined) return false;
  if (isPromise(values)) {
    run.wait([values], ([settled]) => {
      if (settled!.status === 'rejected') failEach(run, field, nodes, settled!.reason);
      else fillEach(run, field, nodes, settled!.value as readonly unknown[]);
    });
  } else {
    fillEach(run, field, nodes, values);
  }
  return true;
}

function fillEach(run: Run, field: PlannedField, nodes: readonly ResponseNode[], values: readonly unknown[]): void {
  const completion = new Completion(run, field);
  nodes.forEach((node, index) => {
    if (!run.isAttached(node)) {
      forget(values[index]);
      return;
    }
    const place = { node, field, indices: ofTheField };
    try {
      completion.fill(place, values[index]);
    } catch (thrown) {
      run.fail(place, thrown);
    }
  });
  completion.end();
}

function failEach(run: Run, field: PlannedField, nodes: readonly ResponseNode[], thrown: unknown): void {
  for (const node of nodes) run.fail({ node, field, indices: ofTheField }, thrown);
}
