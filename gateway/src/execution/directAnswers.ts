import type { DirectlyAnswering } from '@bailiwick/kernel/directHttp';
import { AppError } from '@bailiwick/kernel/errors';
import type { Logger } from '@bailiwick/kernel/log';
import { tellErrors } from '@bailiwick/kernel/responseErrors';
import { getOperationAST } from 'graphql';
import type { DocumentNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { GatedOperation } from '../limits/operationGate.js';
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
    const { data, errors, extensions } = await execution.execute(asked, contextValue);
    if (data === undefined) return undefined;
    if (!errors) return { result: { data, extensions }, thrown: [] };
    const traced = { requestId: contextValue.requestId, operationName: operation?.name?.value };
    return { result: { data, errors: tellErrors(errors, log, traced), extensions }, thrown: errors };
  };
}
