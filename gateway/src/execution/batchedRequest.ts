import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { DefinitionNode, DocumentNode, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import { ownValue } from './responseObject.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import type { SubgraphRequest } from './subgraphRequest.js';
import { unusedName } from './unusedName.js';

/** One request for several entity fetches. Each fetch has its own `_entities` field, with its own alias and its own representations variable. */
export interface BatchedRequest {
  readonly request: SubgraphRequest;
  /** The name of each fetch's representations variable, in the order of the fetches. */
  readonly representations: readonly string[];
  /** The alias of each fetch's `_entities` field. */
  readonly aliases: readonly string[];
}

/**
 * Merges the requests of several entity fetches of one plan. All other variables come from the caller. Their type and default are the same in every request, so each is declared once.
 * Fragments and the variable `$representations` are renamed, because the planner uses the same names in each request.
 */
export function batchRequests(requests: readonly SubgraphRequest[]): BatchedRequest {
  const documents = requests.map(({ query }) => parse(query, { noLocation: true }));
  const taken = new Set(documents.flatMap((document) => operationOf(document).variableDefinitions!.map(variableName)));
  const representations = requests.map((_request, index) => unusedName(`representations${index}`, taken));
  const aliases = requests.map((_request, index) => `entities${index}`);
  const renamed = documents.map((document, index) => renameFetch(document, index, representations[index]!, aliases[index]!));
  const operations = renamed.map(operationOf);
  const variableDefinitions = new Map(
    operations.flatMap((operation) => operation.variableDefinitions!.map((definition) => [variableName(definition), definition])),
  );
  const operation: OperationDefinitionNode = {
    ...operations[0]!,
    variableDefinitions: [...variableDefinitions.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections: operations.flatMap(({ selectionSet }) => selectionSet.selections) },
  };
  const fragments = renamed.flatMap((document) => document.definitions.filter((definition) => !isOperation(definition)));
  const query = stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }));
  return { request: { query, operationName: requests[0]!.operationName }, representations, aliases };
}

/** The part of a batched answer that belongs to one fetch. */
export interface AnswerPart {
  /** The answer in the form of a single, unbatched request. An error without the alias of a fetch is in every part. */
  readonly answer: SubgraphAnswer;
  /** Whether the part has its entities and no errors. */
  readonly isComplete: boolean;
}

/** Extracts the part of a batched answer that belongs to the fetch with this index. */
export function answerPart({ data, errors }: SubgraphAnswer, { aliases }: BatchedRequest, index: number): AnswerPart {
  const alias = aliases[index]!;
  const entities = data && ownValue(data, alias);
  const hasEntities = Array.isArray(entities);
  const ownErrors = errors.flatMap((error) => {
    const [field, ...within] = error.path ?? [];
    if (field === alias) return { ...error, path: ['_entities', ...within] };
    return aliases.includes(String(field)) ? [] : error;
  });
  return {
    answer: { data: hasEntities ? { _entities: entities } : undefined, errors: ownErrors },
    isComplete: hasEntities && ownErrors.length === 0,
  };
}

/** Renames the fragments, the alias and the representations variable, so that the fetches do not clash. */
function renameFetch(document: DocumentNode, index: number, representations: string, alias: string): DocumentNode {
  return visit(document, {
    Variable: (node) => (node.name.value === 'representations' ? { ...node, name: nameNode(representations) } : undefined),
    FragmentDefinition: (node) => ({ ...node, name: nameNode(`part${index}_${node.name.value}`) }),
    FragmentSpread: (node) => ({ ...node, name: nameNode(`part${index}_${node.name.value}`) }),
    Field: (node) => (node.name.value === '_entities' ? { ...node, alias: nameNode(alias) } : undefined),
  });
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

const operationOf = ({ definitions }: DocumentNode): OperationDefinitionNode => definitions.find(isOperation)!;

const variableName = ({ variable }: VariableDefinitionNode): string => variable.name.value;
