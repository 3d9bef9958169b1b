import { isDeepStrictEqual } from 'node:util';
import { apolloClient } from './clientHeaders.js';
import type { Contender } from './contenders.js';
import type { LoadRequest } from './load.js';
import type { Operation } from './operations.js';

/** Sends one request and returns its answer as JSON. */
export async function ask(url: string, { path, body, authorization }: LoadRequest): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: apolloClient, authorization },
    body,
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url}${path} answered with status ${response.status} and no JSON: ${text.slice(0, 500)}`);
  }
}

/** Where a write makes a new row, its id and number differ; everything else must not. */
function withoutNewNames(operation: Operation, answer: unknown): unknown {
  if (!operation.isWrite) return answer;
  const { data } = answer as { data?: { openLegalCase?: { legalCase?: Record<string, unknown> } } };
  const legalCase = data?.openLegalCase?.legalCase;
  if (typeof legalCase?.['id'] !== 'string' || !/^LC-\d{4}-\d{6,}$/.test(String(legalCase['caseNumber']))) return answer;
  return { data: { openLegalCase: { ...data!.openLegalCase, legalCase: { ...legalCase, id: 'new', caseNumber: 'new' } } } };
}

/** The first place at which two answers differ, for people. */
function difference(expected: unknown, found: unknown, path = ''): string {
  if (expected !== null && found !== null && typeof expected === 'object' && typeof found === 'object') {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
    for (const key of keys) {
      const [a, b] = [(expected as Record<string, unknown>)[key], (found as Record<string, unknown>)[key]];
      if (!isDeepStrictEqual(a, b)) return difference(a, b, `${path}.${key}`);
    }
  }
  return `${path || 'the answer'} is ${JSON.stringify(found)?.slice(0, 300)}, and the limit has ${JSON.stringify(expected)?.slice(0, 300)}`;
}

/**
 * Holds the answers of a contender against the limit's, which is made by other means: the same JSON, whatever the order of its keys.
 * Throws with the first difference. Returns the bytes of all answers, so that an operation that answers nothing is noticed.
 */
export async function compareAnswers(
  operation: Operation,
  reference: Contender,
  contender: Contender,
  many: number,
): Promise<void> {
  const step = Math.max(1, Math.floor(operation.sets.length / many));
  const chosen = operation.sets.filter((_set, index) => index % step === 0).slice(0, many);
  for (const set of chosen) {
    const [theirs, ours] = await Promise.all(
      [reference, contender].map(async (one) => {
        const answer = await ask(one.url, one.requestOf(operation, set)!);
        return withoutNewNames(operation, one.normalise ? one.normalise(operation.name, answer) : answer);
      }),
    );
    const { errors } = ours as { errors?: unknown };
    if (errors)
      throw new Error(`${contender.name} answers ${operation.name} with errors: ${JSON.stringify(errors).slice(0, 1000)}`);
    if (!isDeepStrictEqual(theirs, ours)) {
      throw new Error(
        `${contender.name} answers ${operation.name} with ${JSON.stringify(set.variables)} otherwise than the limit: ${difference(theirs, ours)}.`,
      );
    }
    if (JSON.stringify(theirs).length < 60) throw new Error(`${operation.name} answers nothing: ${JSON.stringify(theirs)}.`);
  }
}
