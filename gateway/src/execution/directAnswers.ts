import type { DirectlyAnswering } from '@bailiwick/kernel/graphql';
import { AppError } from '@bailiwick/kernel/errors';
import type { Logger } from '@bailiwick/kernel/process';
import { tellErrors } from '@bailiwick/kernel/graphql';
import { getOperationAST, GraphQLError } from 'graphql';
import type { DocumentNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { GatedOperation } from '../limits/operationGate.js';
import type { OperationResult } from './executeOperation.js';
import type { SupergraphExecution } from './supergraphExecution.js';

export interface DirectAnswersOptions {
  execution: SupergraphExecution;
  gate: (asked: GatedOperation) => void;
  /** A document that is valid under the schema; undefined for any other text. */
  documentOf: (query: string) => DocumentNode | undefined;
  log: Logger;
}

/** Answers operations of the supergraph without Apollo Server's framing. What it has to refuse, it is given: nothing has been executed then. */
export function directAnswers(options: DirectAnswersOptions): DirectlyAnswering<GatewayContext>['answerDirectly'] {
  const { execution, gate, documentOf, log } = options;
  return async ({ query, operationName, variables = {} }, contextValue) => {
    const document = documentOf(query);
    if (!document) return undefined;
    const operation = getOperationAST(document, operationName) ?? undefined;
    try {
      gate({ schema: execution.schema(), document, operation, request: { operationName, variables }, contextValue });
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
    const asked = { document, source: query, operationName, variables };
    const traced = { requestId: contextValue.requestId, operationName: operation?.name?.value };
    let executed: OperationResult;
    try {
      executed = await execution.execute(asked, contextValue);
    } catch (error) {
      // It may have begun: Apollo Server must not try it again.
      const thrown = [brokenOff(error as Error)];
      return { result: { errors: tellErrors(thrown, log, traced) }, thrown };
    }
    const { data, errors, extensions } = executed;
    if (data === undefined) return undefined;
    if (!errors) return { result: { data, extensions }, thrown: [] };
    return { result: { data, errors: tellErrors(errors, log, traced), extensions }, thrown: errors };
  };
}

/** A fault of ours in the middle of an operation, as Apollo Server tells it. */
function brokenOff(error: Error): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 500 } } });
}
