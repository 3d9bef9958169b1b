import type { ErrorCode } from '@bailiwick/kernel/errors';
import { batchQuestion, partOf } from './batchQuestion.js';
import type { BatchQuestion } from './batchQuestion.js';
import type { PlacedFetch } from './entityBatches.js';
import { entityErrors, tellThrown } from './fetchErrors.js';
import type { PlanRun, PlanStep } from './planStep.js';
import { ask, questionOf, variablesOf } from './question.js';
import type { FetchMakings, Question, Variables } from './question.js';
import { representationsOf } from './representations.js';
import type { Representations } from './representations.js';
import { isResponseObject, mergeIntoEach, ownValue } from './responseObject.js';
import { renamedKeys, rewriteOf } from './rewrites.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import { explainThrown } from './subgraphErrors.js';
import { targetsAt } from './targets.js';

/** What is asked about the entities of one place, each time that its plan is carried out. */
interface EntityQuestion {
  /** How it is asked without others. */
  readonly alone: Question;
  entities(run: PlanRun): Representations;
  /** Without the entities. */
  variables(run: PlanRun): Variables;
  /** Merges what was answered into the answer, and reports what went wrong. */
  take(run: PlanRun, entities: Representations, answer: SubgraphAnswer): void;
}

/** A question, and what it is about this time. */
interface Part {
  readonly question: EntityQuestion;
  readonly index: number;
  readonly entities: Representations;
}

/** What the subgraph says of the request, and would say of each part of it. */
const ofTheRequest: ReadonlySet<unknown> = new Set<ErrorCode>(['SERVICE_UNAVAILABLE', 'UNAUTHENTICATED']);

/**
 * Asks a subgraph about the entities of several places, in one request. Where only one place has some this time, it is asked as if it were alone,
 * so that a subgraph knows one operation for it; where none has, nothing is. What is answered with an error in several places is asked
 * again, each place alone: a subgraph may answer all of them in one transaction, which ends with the first statement that fails, and has to answer
 * none where `_entities` of one fails. The price is that the subgraph answers them one after the other, and that what follows from one waits for all.
 */
export function entityFetch(fetches: readonly PlacedFetch[], makings: FetchMakings): PlanStep {
  const { client } = makings;
  const questions = fetches.map((fetch) => entityQuestion(fetch, makings));
  const batch = questions.length > 1 ? batchQuestion(questions.map(({ alone }) => alone)) : undefined;

  async function askAlone(run: PlanRun, { question, entities }: Part): Promise<void> {
    const variables = { ...question.variables(run), representations: entities.values };
    question.take(run, entities, await ask(client, question.alone, variables, run));
  }

  async function askTogether(run: PlanRun, together: BatchQuestion, parts: readonly Part[]): Promise<void> {
    let variables: Variables = {};
    for (const { question, index, entities } of parts)
      variables = { ...variables, ...question.variables(run), [together.representations[index]!]: entities.values };
    const answer = await ask(client, together.question, variables, run);
    const answered = parts.filter(isAsked).map((part) => ({ part, ...partOf(answer, together, part.index) }));
    const spoilt = answered.filter(({ isWhole }) => !isWhole);
    // Where only one is, and has what it asked for, nobody else can have spoilt it.
    const isBlameClear = spoilt.length === 1 && spoilt[0]!.answer.data !== undefined;
    const asksAgain = !isBlameClear && !answer.errors.some(({ extensions }) => ofTheRequest.has(extensions?.['code']));
    for (const { part, answer: own, isWhole } of answered) if (isWhole || !asksAgain) part.question.take(run, part.entities, own);
    if (!asksAgain || run.signal?.aborted) return;
    await Promise.all(spoilt.map(({ part }) => askAlone(run, part).catch((error: unknown) => tellThrown(run, error))));
  }

  return async (run) => {
    const parts = questions.map((question, index) => ({ question, index, entities: question.entities(run) }));
    const [first, ...others] = parts.filter(isAsked);
    if (first === undefined) return;
    if (batch === undefined || others.length === 0) await askAlone(run, first);
    else await askTogether(run, batch, parts);
  };
}

const isAsked = ({ entities }: Part): boolean => entities.values.length > 0;

function entityQuestion({ node, path }: PlacedFetch, { client, fulfils, names }: FetchMakings): EntityQuestion {
  const place = { subgraph: client.name, path, names, renamed: renamedKeys(node.outputRewrites) };
  const represent = representationsOf(node.requires!, rewriteOf(node.inputRewrites, fulfils), fulfils);
  const rewrite = rewriteOf(node.outputRewrites, fulfils);
  return {
    alone: questionOf(node),
    entities: (run) => represent(targetsAt(run.data, path)),
    variables: (run) => variablesOf(node, names, run),
    take(run, { values, targetsOf }, { data, errors }) {
      if (errors.length > 0) run.errors.push(...entityErrors(run, place, targetsOf, errors));
      if (data === undefined) return;
      const entities = ownValue(data, '_entities');
      if (!Array.isArray(entities) || entities.length !== values.length) {
        // A subgraph that says what went wrong need not say it twice.
        if (errors.length === 0) run.errors.push(wrongNumber(client.name, values.length));
        return;
      }
      for (const [index, entity] of entities.entries()) {
        if (!isResponseObject(entity)) continue;
        const same = targetsOf[index]!;
        // A rewrite may hold for one type only, and the subgraph need not have been asked for the type.
        if (rewrite && typeof entity['__typename'] !== 'string') entity['__typename'] = same[0]!['__typename'];
        rewrite?.(entity);
        mergeIntoEach(same, entity);
      }
    },
  };
}

function wrongNumber(subgraph: string, asked: number): ReturnType<typeof explainThrown> {
  return explainThrown(new Error(`The subgraph ${subgraph} was asked for ${asked} entities and answered with another number.`));
}
