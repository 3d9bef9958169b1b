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
import { collectFields } from '../collectFields.js';
import type { CollectionContext } from '../collectFields.js';
import { isResponseObject, ownValue, setOwn } from '../responseObject.js';
import type { ResponseObject } from '../responseObject.js';
import { leafCheck } from './leafValues.js';

/** The operation to complete, with fixed values for the conditions of its `@skip` and `@include`. */
export interface SelectedOperation extends CollectionContext {
  /** Returns a field's name in the subgraphs' data. `name` is its response name. */
  readonly plannedName: (name: string, field: string) => string;
}

/** Collects the errors of one response, and answers introspection fields. */
export interface CompletionReport {
  /** Values that are invalid for their type. The response has null in their place. */
  readonly errors: GraphQLError[];
  /** Values of the wrong kind, for example a string for a list. The subgraph is at fault, and the log gets them. */
  readonly faults: GraphQLError[];
  /** Answers `__schema` and `__type`. */
  introspect(fields: readonly FieldNode[]): unknown;
}

/** Builds the response of one operation from the data of the subgraphs. Returns null if a non-null field of the root is null. */
export type CompleteResponse = (data: ResponseObject, report: CompletionReport) => ResponseObject | null;

/**
 * Creates the function that completes the response of an operation. The response has exactly the selected fields in the order of the operation.
 * Every value is valid for its type, and a null in a non-null field propagates to its parent
 * (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
 */
export function responseCompleter(
  operation: SelectedOperation,
  root: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
): CompleteResponse {
  const fields = selectedFields(operation, root, [selectionSet], root.name);
  return (data, report) => {
    const object = completeObject(fields, data, { ...report, path: [] });
    return object === propagatedNull ? null : object;
  };
}

interface Completion extends CompletionReport {
  /** The response path of the value that is being completed. */
  readonly path: (string | number)[];
}

/** Marks a value that can't be completed. A nullable position becomes null; a non-null one passes the mark to its parent. The report has the reason already. */
const propagatedNull = Symbol('propagated null');
type PropagatedNull = typeof propagatedNull;

/** Returns the response value for a subgraph's value, or `propagatedNull`. */
type CompleteValue = (value: unknown, completion: Completion) => unknown;

interface SelectedField {
  /** The response name. */
  readonly name: string;
  /** The name in the data of the subgraphs. */
  readonly source: string;
  readonly isNullable: boolean;
  readonly complete: CompleteValue;
  /** For a leaf field: tells whether a value is valid. A valid value is copied unchanged, and its path is not tracked. */
  readonly isValidLeaf: ((value: unknown) => boolean) | undefined;
}

/** `parent` is the name of the parent type in error messages. */
function selectedFields(
  operation: SelectedOperation,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): SelectedField[] {
  return [...collectFields(operation, type, selectionSets)].flatMap(
    ([name, nodes]) => selectedField(operation, type, name, nodes, parent) ?? [],
  );
}

function selectedField(
  operation: SelectedOperation,
  type: GraphQLCompositeType,
  name: string,
  nodes: readonly FieldNode[],
  parent: string,
): SelectedField | undefined {
  const fieldName = nodes[0]!.name.value;
  const field = { name, source: operation.plannedName(name, fieldName), isValidLeaf: undefined };
  if (fieldName === '__typename') return { ...field, isNullable: false, complete: typenameCompleter(operation, type) };
  if (fieldName === '__schema' || fieldName === '__type')
    return { ...field, isNullable: true, complete: (_value, completion) => completion.introspect(nodes) };
  const definition = 'getFields' in type ? type.getFields()[fieldName] : undefined;
  if (definition === undefined) return undefined;
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const nullable = getNullableType(definition.type);
  return {
    ...field,
    isNullable: !isNonNullType(definition.type),
    complete: valueCompleter(operation, definition.type, selectionSets, parent),
    isValidLeaf: isLeafType(nullable) ? leafCheck(nullable) : undefined,
  };
}

/**
 * A plan does not request the `__typename` of root types, because a subgraph may name them differently: the schema's name is used there. If the fetch
 * for an object's type failed, only its interface is known, and `__typename` can't be completed.
 */
function typenameCompleter({ schema }: SelectedOperation, type: GraphQLCompositeType): CompleteValue {
  const otherwise = isObjectType(type) ? type.name : propagatedNull;
  return (value) => (typeof value === 'string' && isObjectType(schema.getType(value)) ? value : otherwise);
}

function valueCompleter(
  operation: SelectedOperation,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): CompleteValue {
  const nullable = getNullableType(type);
  const complete = isListType(nullable)
    ? listCompleter(operation, nullable.ofType, selectionSets, parent)
    : isLeafType(nullable)
      ? leafCompleter(leafCheck(nullable), parent)
      : objectCompleter(operation, nullable as GraphQLCompositeType, selectionSets, parent);
  if (!isNonNullType(type))
    return (value, completion) => (value === null || value === undefined ? null : complete(value, completion));
  return (value, completion) => {
    const completed = value === null || value === undefined ? null : complete(value, completion);
    if (completed !== null) return completed;
    const position = positionOf(completion, parent, String(nullable));
    completion.errors.push(invalidValue(`Cannot return null for non-nullable ${position}.`, completion));
    return propagatedNull;
  };
}

function listCompleter(
  operation: SelectedOperation,
  entryType: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): CompleteValue {
  const isNullable = !isNonNullType(entryType);
  const complete = valueCompleter(operation, entryType, selectionSets, parent);
  return (value, completion) => {
    if (!Array.isArray(value)) return unexpectedKind('a list', value, completion);
    const list: unknown[] = [];
    let propagates = false;
    for (let index = 0; index < value.length; index++) {
      completion.path.push(index);
      const entry = complete(value[index], completion);
      completion.path.pop();
      if (entry === propagatedNull && !isNullable) propagates = true;
      list.push(entry === propagatedNull ? null : entry);
    }
    return propagates ? propagatedNull : list;
  };
}

function leafCompleter(isValid: (value: unknown) => boolean, parent: string): CompleteValue {
  return (value, completion) => {
    if (isValid(value)) return value;
    completion.errors.push(invalidValue(`Invalid value found for ${positionOf(completion, parent, 'value')}.`, completion));
    return propagatedNull;
  };
}

function objectCompleter(
  operation: SelectedOperation,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  parent: string,
): CompleteValue {
  const { schema } = operation;
  // A subgraph may name its root types differently, so the `__typename` of a root type is ignored.
  const isRoot = Object.values(OperationTypeNode).some((kind) => schema.getRootType(kind) === type);
  const fieldsByType = new Map<string, SelectedField[]>();
  const fieldsOf = (actual: GraphQLCompositeType): SelectedField[] => {
    let fields = fieldsByType.get(actual.name);
    if (fields === undefined)
      fieldsByType.set(actual.name, (fields = selectedFields(operation, actual, selectionSets, actual.name)));
    return fields;
  };
  return (value, completion) => {
    if (!isResponseObject(value)) return unexpectedKind('an object', value, completion);
    const typename = value['__typename'];
    if (isRoot || typeof typename !== 'string' || typename === type.name)
      return completeObject(fieldsOf(type), value, completion);
    const actual = schema.getType(typename);
    // The API schema has no inaccessible types, and the message must not name them.
    if (!isCompositeType(actual)) {
      const position = positionOf(completion, parent, type.name);
      completion.errors.push(invalidValue(`Invalid __typename found for object at ${position}.`, completion));
      return propagatedNull;
    }
    return completeObject(fieldsOf(actual), value, completion);
  };
}

function completeObject(
  fields: readonly SelectedField[],
  data: ResponseObject,
  completion: Completion,
): ResponseObject | PropagatedNull {
  const object: ResponseObject = {};
  for (const { name, source, isNullable, complete, isValidLeaf } of fields) {
    const value = ownValue(data, source);
    if (isValidLeaf?.(value)) {
      setOwn(object, name, value);
      continue;
    }
    completion.path.push(name);
    const completed = complete(value, completion);
    completion.path.pop();
    if (completed === propagatedNull && !isNullable) return propagatedNull;
    setOwn(object, name, completed === propagatedNull ? null : completed);
  }
  return object;
}

/** Describes the response position of a value. The wording is that of @apollo/gateway. */
function positionOf({ path }: Completion, parent: string, type: string): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${parent}.${last}`;
}

function invalidValue(message: string, { path }: Completion): GraphQLError {
  return new GraphQLError(message, { path: [...path], extensions: { code: 'INVALID_GRAPHQL' } });
}

function unexpectedKind(expected: string, value: unknown, { faults, path }: Completion): PropagatedNull {
  // The message goes into the log. It names only the kind of the value, because the value can be personal data.
  const found = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  const message = `A subgraph answered with ${found} at ${path.join('.')}, where the supergraph has ${expected}.`;
  faults.push(new GraphQLError(message, { path: [...path], originalError: new Error(message) }));
  return propagatedNull;
}
