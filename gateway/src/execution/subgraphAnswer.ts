import type { GraphQLFormattedError } from 'graphql';
import { isResponseObject } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';

/** A subgraph's response in the form of the specification (https://spec.graphql.org/October2021/#sec-Response-Format). */
export interface SubgraphAnswer {
  readonly data: ResponseObject | undefined;
  readonly errors: readonly GraphQLFormattedError[];
}

/** Reads a subgraph's response. Throws if it has neither data nor errors. A malformed error keeps its readable parts. */
export function readAnswer(subgraph: string, answer: unknown): SubgraphAnswer {
  const { data, errors } = isResponseObject(answer) ? answer : {};
  const isData = isResponseObject(data);
  const hasErrors = errors !== undefined && errors !== null && !(Array.isArray(errors) && errors.length === 0);
  if (!isData && !hasErrors) throw new Error(`The subgraph ${subgraph} answered neither with data nor with errors.`);
  return { data: isData ? data : undefined, errors: hasErrors ? [errors].flat().map(readError) : [] };
}

function readError(error: unknown): GraphQLFormattedError {
  const { message, path, extensions } = isResponseObject(error) ? error : {};
  return {
    message: typeof message === 'string' ? message : 'no message',
    ...(isPath(path) && { path }),
    ...(isResponseObject(extensions) && { extensions }),
  };
}

function isPath(path: unknown): path is readonly (string | number)[] {
  return Array.isArray(path) && path.every((step) => typeof step === 'string' || Number.isInteger(step));
}
