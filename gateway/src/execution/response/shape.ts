import { collectFields } from '@bailiwick/kernel/graphql';
import type { CollectedFrom } from '@bailiwick/kernel/graphql';
import {
  getNullableType,
  GraphQLError,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';
import type { FieldNode, GraphQLCompositeType, GraphQLOutputType, SelectionSetNode } from 'graphql';
import { isResponseObject, ownValue, setOwn } from '../responseObject.js';
import type { ResponseObject } from '../responseObject.js';
import { fillOf } from './fill.js';
import type { Fill } from './fill.js';
import { leafCheck } from './leafValues.js';

/** What of an operation is asked for under one choice of its `@skip` and `@include`. */
export interface Selected extends CollectedFrom {
  /** Under which name the subgraphs answer a field that the caller wants under `name`. */
  readonly plannedName: (name: string, field: string) => string;
}

/** One answer while it takes its shape. */
export interface Shaping {
  /** What is not of its type. The null that stands there says as much to a caller. */
  readonly errors: GraphQLError[];
  /** What is not even of the form of its type: a fault of a subgraph that somebody has to look at. */
  readonly faults: GraphQLError[];
  /** Answers `__schema` and `__type`, which no subgraph is asked for. */
  introspect(fields: readonly FieldNode[]): unknown;
}

/** What was asked for of one object type, from what the subgraphs answered of it. Null when a field that can not be null is. */
export type Shape = (data: ResponseObject, shaping: Shaping) => ResponseObject | null;

/**
 * Makes the function that turns what the subgraphs answered into what was asked for: nothing more, in the order of the operation, every
 * value of its type, and null passed upwards from where it must not be (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
 */
export function shapeOf(selected: Selected, root: GraphQLCompositeType, selectionSet: SelectionSetNode): Shape {
  const shape = objectShape(selected, root, [selectionSet], root.name);
  return (data, shaping) => {
    const object = fillObject(shape, data, { ...shaping, path: [] });
    return object === failed ? null : object;
  };
}

interface Run extends Shaping {
  /** Of the value that is being completed. */
  readonly path: (string | number)[];
}

/** Stands for a null whose reason has been reported already, so that it is not reported again on its way up. */
const failed = Symbol('failed');
type Failed = typeof failed;

/** Takes what a subgraph answered; returns what the caller is answered. */
type Complete = (value: unknown, run: Run) => unknown;

interface FieldShape {
  readonly name: string;
  /** Its name in what the subgraphs answered. */
  readonly source: string;
  /** Whether every object has something of these names without owning it. */
  readonly isInherited: boolean;
  readonly mayBeNull: boolean;
  readonly complete: Complete;
  /** Of a leaf: whether a value is of its type. */
  readonly isValid?: (value: unknown) => boolean;
}

/** What is selected of one type. */
interface ObjectShape {
  readonly fields: readonly FieldShape[];
  /** Undefined where a field needs more care than it takes. */
  readonly fill: Fill<Run, Failed> | undefined;
}

/** `parent` as messages call it. */
function objectShape(
  selected: Selected,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): ObjectShape {
  const fields = [...collectFields(selected, type, selectionSets)].flatMap(([name, nodes]) => {
    const shape = fieldShape(selected, type, name, nodes, parent);
    return shape ? [shape] : [];
  });
  if (fields.some(({ isInherited }) => isInherited)) return { fields, fill: undefined };
  const filled = fields.map((field) => ({ ...field, isValid: field.isValid, within: within(field) }));
  return { fields, fill: fillOf<Run, Failed>(filled, failed) };
}

/** What stands in the object for a value of this field. */
function within({ name, mayBeNull, complete }: FieldShape): Complete {
  return (value, run) => {
    run.path.push(name);
    const completed = complete(value, run);
    run.path.pop();
    return completed === failed && mayBeNull ? null : completed;
  };
}

function fieldShape(
  selected: Selected,
  type: GraphQLCompositeType,
  name: string,
  nodes: readonly FieldNode[],
  parent: string,
): FieldShape | undefined {
  const field = nodes[0]!.name.value;
  const source = selected.plannedName(name, field);
  const isInherited = name in Object.prototype || source in Object.prototype;
  if (field === '__typename') return { name, source, isInherited, mayBeNull: false, complete: typenameOf(selected, type) };
  if (field === '__schema' || field === '__type') {
    return { name, source, isInherited, mayBeNull: true, complete: (_value, run) => run.introspect(nodes) };
  }
  const definition = 'getFields' in type ? type.getFields()[field] : undefined;
  if (definition === undefined) return undefined;
  const selectionSets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  const nullable = getNullableType(definition.type);
  return {
    name,
    source,
    isInherited,
    mayBeNull: !isNonNullType(definition.type),
    complete: completion(selected, definition.type, selectionSets, parent),
    ...(isLeafType(nullable) && { isValid: leafCheck(nullable) }),
  };
}

/**
 * A subgraph may call its root types as it likes, so their names are not asked for. An object whose type turned out to be an interface
 * (the fetch that would have told its real type failed) has no name that could be answered.
 */
function typenameOf({ schema }: Selected, type: GraphQLCompositeType): Complete {
  const own = isObjectType(type) ? type.name : failed;
  return (value) => (typeof value === 'string' && isObjectType(schema.getType(value)) ? value : own);
}

function completion(
  selected: Selected,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): Complete {
  const nullable = getNullableType(type);
  const complete = isListType(nullable)
    ? listCompletion(selected, nullable.ofType, selectionSets, parent)
    : isLeafType(nullable)
      ? leafCompletion(leafCheck(nullable), parent)
      : objectCompletion(selected, nullable as GraphQLCompositeType, selectionSets, parent);
  if (!isNonNullType(type)) return (value, run) => (value === null || value === undefined ? null : complete(value, run));
  return (value, run) => {
    const completed = value === null || value === undefined ? null : complete(value, run);
    if (completed !== null) return completed;
    run.errors.push(invalid(`Cannot return null for non-nullable ${placeOf(run, parent, String(nullable))}.`, run));
    return failed;
  };
}

function listCompletion(
  selected: Selected,
  entryType: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): Complete {
  const mayBeNull = !isNonNullType(entryType);
  const complete = completion(selected, entryType, selectionSets, parent);
  return (value, run) => {
    if (!Array.isArray(value)) return unexpected('a list', value, run);
    // Grown, and not made of its length: of an array that could have holes, JSON.stringify looks up every entry.
    const list: unknown[] = [];
    let hasFailed = false;
    for (let index = 0; index < value.length; index++) {
      run.path.push(index);
      const entry = complete(value[index], run);
      run.path.pop();
      if (entry === failed && !mayBeNull) hasFailed = true;
      list.push(entry === failed ? null : entry);
    }
    return hasFailed ? failed : list;
  };
}

function leafCompletion(isValid: (value: unknown) => boolean, parent: string): Complete {
  return (value, run) => {
    if (isValid(value)) return value;
    run.errors.push(invalid(`Invalid value found for ${placeOf(run, parent, 'value')}.`, run));
    return failed;
  };
}

function objectCompletion(
  selected: Selected,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): Complete {
  // A payload may lead back to Query, which a subgraph may call otherwise.
  const isRoot = Object.values(OperationTypeNode).some((operation) => selected.schema.getRootType(operation) === type);
  // Of each type that turns up: what is selected of it.
  const known = new Map<string, ObjectShape>();
  const shapeOfType = (actual: GraphQLCompositeType): ObjectShape => {
    let shape = known.get(actual.name);
    if (shape === undefined) known.set(actual.name, (shape = objectShape(selected, actual, selectionSets, actual.name)));
    return shape;
  };
  return (value, run) => {
    if (!isResponseObject(value)) return unexpected('an object', value, run);
    const typename = value['__typename'];
    if (isRoot || typeof typename !== 'string' || typename === type.name) return fillObject(shapeOfType(type), value, run);
    const actual = selected.schema.getType(typename);
    // The API does not know the type: it may be inaccessible, so its name must not be told.
    if (!isCompositeType(actual)) {
      run.errors.push(invalid(`Invalid __typename found for object at ${placeOf(run, parent, type.name)}.`, run));
      return failed;
    }
    return fillObject(shapeOfType(actual), value, run);
  };
}

function fillObject({ fields, fill }: ObjectShape, data: ResponseObject, run: Run): ResponseObject | Failed {
  const filled = fill?.(data, run);
  if (filled !== undefined) return filled;
  const object: ResponseObject = {};
  for (const { name, source, mayBeNull, complete } of fields) {
    run.path.push(name);
    const value = complete(ownValue(data, source), run);
    run.path.pop();
    if (value === failed && !mayBeNull) return failed;
    setOwn(object, name, value === failed ? null : value);
  }
  return object;
}

function placeOf({ path }: Run, parent: string, type: string): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${parent}.${last}`;
}

function invalid(message: string, { path }: Run): GraphQLError {
  return new GraphQLError(message, { path: [...path], extensions: { code: 'INVALID_GRAPHQL' } });
}

function unexpected(wanted: string, value: unknown, { faults, path }: Run): Failed {
  // Its kind only: the value itself is somebody's data, and this goes into the log.
  const found = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  const message = `A subgraph answered with ${found} at ${path.join('.')}, where the supergraph has ${wanted}.`;
  faults.push(new GraphQLError(message, { path: [...path], originalError: new Error(message) }));
  return failed;
}
