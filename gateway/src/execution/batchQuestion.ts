import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { DefinitionNode, DocumentNode, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import type { Question } from './question.js';
import { ownValue } from './responseObject.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import { unusedName } from './unusedName.js';

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
  const representations = questions.map((_question, index) => unusedName(`representations${index}`, taken));
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

/** What was answered to one of several questions. */
export interface AnsweredPart {
  /** As if it had been asked alone. What went wrong with none in particular, did so with each. */
  readonly answer: SubgraphAnswer;
  /** Whether it has what it asked for, and nothing went wrong. */
  readonly isWhole: boolean;
}

/** What of the answer to all of them is that to the one with this index. */
export function partOf({ data, errors }: SubgraphAnswer, { aliases }: BatchQuestion, index: number): AnsweredPart {
  const alias = aliases[index]!;
  const entities = data && ownValue(data, alias);
  const own = errors.flatMap((error) => {
    const [field, ...within] = error.path ?? [];
    if (field === alias) return { ...error, path: ['_entities', ...within] };
    return aliases.includes(String(field)) ? [] : error;
  });
  const isThere = Array.isArray(entities);
  return { answer: { data: isThere ? { _entities: entities } : undefined, errors: own }, isWhole: isThere && own.length === 0 };
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
