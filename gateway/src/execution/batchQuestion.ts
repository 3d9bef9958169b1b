import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { DefinitionNode, DocumentNode, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import type { Question } from './question.js';
import { ownValue } from './responseObject.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';

/** Several questions about entities as one: each asks for `_entities` under a name of its own, with entities of its own. */
export interface BatchQuestion {
  readonly question: Question;
  /** The variable with the entities of each. */
  readonly representations: readonly string[];
  /** Under which name each is answered. */
  readonly aliases: readonly string[];
}

/**
 * Puts questions of one plan together. What they have in common they mean alike: variables are the caller's, with the same type and default in each.
 * Fragments are a question's own, and the variable `$representations` is, which the planner calls so in each.
 */
export function batchQuestion(questions: readonly Question[]): BatchQuestion {
  const documents = questions.map(({ query }) => parse(query, { noLocation: true }));
  const taken = new Set(documents.flatMap((document) => operationOf(document).variableDefinitions!.map(nameOfVariable)));
  const representations = questions.map((_question, index) => unused(`representations${index}`, taken));
  const aliases = questions.map((_question, index) => `entities${index}`);
  const renamed = documents.map((document, index) => ofPart(document, index, representations[index]!, aliases[index]!));
  const operations = renamed.map(operationOf);
  const definitions = new Map(
    operations.flatMap(({ variableDefinitions }) =>
      variableDefinitions!.map((definition) => [nameOfVariable(definition), definition]),
    ),
  );
  const operation: OperationDefinitionNode = {
    ...operations[0]!,
    variableDefinitions: [...definitions.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections: operations.flatMap(({ selectionSet }) => selectionSet.selections) },
  };
  const fragments = renamed.flatMap((document) => document.definitions.filter((definition) => !isOperation(definition)));
  const query = stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }));
  return { question: { query, operationName: questions[0]!.operationName }, representations, aliases };
}

/**
 * What was answered to one of the questions, as if it had been asked alone. Undefined where something went wrong with it, or with none in particular:
 * one may have spoilt the others, because a subgraph may answer all of them in one transaction, and answers none where `_entities` of one fails.
 */
export function partOf({ data, errors }: SubgraphAnswer, { aliases }: BatchQuestion, index: number): SubgraphAnswer | undefined {
  const alias = aliases[index]!;
  const entities = data && ownValue(data, alias);
  const isSpoilt = errors.some(({ path }) => path?.[0] === alias || !aliases.includes(String(path?.[0])));
  return isSpoilt || !Array.isArray(entities) ? undefined : { data: { _entities: entities }, errors: [] };
}

function ofPart(document: DocumentNode, index: number, representations: string, alias: string): DocumentNode {
  return visit(document, {
    Variable: (node) => (node.name.value === 'representations' ? { ...node, name: named(representations) } : undefined),
    FragmentDefinition: (node) => ({ ...node, name: named(`part${index}_${node.name.value}`) }),
    FragmentSpread: (node) => ({ ...node, name: named(`part${index}_${node.name.value}`) }),
    Field: (node) => (node.name.value === '_entities' ? { ...node, alias: named(alias) } : undefined),
  });
}

const named = (value: string) => ({ kind: Kind.NAME, value }) as const;

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

const operationOf = ({ definitions }: DocumentNode): OperationDefinitionNode => definitions.find(isOperation)!;

const nameOfVariable = ({ variable }: VariableDefinitionNode): string => variable.name.value;

function unused(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  taken.add(name);
  return name;
}
