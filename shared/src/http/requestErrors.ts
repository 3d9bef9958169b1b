import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, findAppError, shorten } from '../errors/AppError.js';
import { explainDatabaseError } from '../postgres/databaseErrors.js';
import type { Logger } from '../process/log.js';
import { toGraphQLError } from '../graphql/subgraph.js';

/** The largest request body in bytes. An operation with its variables is far smaller. */
export const bodyLimit = 1024 * 1024;

/** The methods of the routes of all services. A known path answers every other method with 405. */
const routedMethods = ['GET', 'HEAD', 'POST', 'OPTIONS'] as const;

/** The headers that a request may have once. Node takes the first of several, and a proxy in front may have checked the last. */
const singleHeaders: ReadonlySet<string> = new Set(['authorization', 'host']);

/** What a client reads when a request failed before its operation began: one error of the catalogue, in the form of a GraphQL error. */
export function answerRequestErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(async (error, request, reply) => {
    const known = findAppError(error) ?? explainDatabaseError(error) ?? requestError(error);
    if (known.status >= 500) log.error({ requestId: request.id, err: error }, 'a request met a fault before its operation began');
    return reply.code(known.status).send({ errors: [toGraphQLError(known, request.id).toJSON()] });
  });

  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0]!;
    const allowed = routedMethods.filter((method) => app.hasRoute({ method, url: path }));
    if (allowed.length === 0) {
      throw new AppError('NOT_FOUND', `There is nothing at ${request.method} ${shorten(path)}.`, {
        hint: 'The graph answers at POST /graphql.',
      });
    }
    void reply.header('allow', allowed.join(', '));
    throw new AppError('METHOD_NOT_ALLOWED', `${path} does not answer ${request.method}.`, {
      hint: `Use one of these methods: ${allowed.join(', ')}.`,
    });
  });
}

/** Reads bodies of JSON, and of no other media type. */
export function readJsonBodies(app: FastifyInstance): void {
  // The default parser refuses __proto__ and constructor.prototype, which would change the prototype of an object that they are copied to.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body as string, (error, value) => {
      done(
        (error as { code?: string } | null)?.code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? unusableJson(body as string) : error,
        value,
      );
    });
  });
}

/** Throws BAD_USER_INPUT when a request has one of the single headers twice (https://www.rfc-editor.org/rfc/rfc9110#section-5.3). */
export function refuseRepeatedHeaders({ raw }: FastifyRequest): void {
  const seen = new Set<string>();
  // rawHeaders has names and values in turn.
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const name = raw.rawHeaders[index]!.toLowerCase();
    if (!singleHeaders.has(name)) continue;
    if (seen.has(name)) {
      throw new AppError('BAD_USER_INPUT', `The request has the header ${name} more than once.`, { hint: 'Send it once.' });
    }
    seen.add(name);
  }
}

function unusableJson(body: string): AppError {
  let reason: string;
  try {
    JSON.parse(body);
    return new AppError(
      'BAD_USER_INPUT',
      'The body has a key "__proto__" or "constructor.prototype", which no operation takes.',
      {
        hint: 'Leave the key out.',
      },
    );
  } catch (error) {
    reason = (error as Error).message;
  }
  return new AppError('BAD_USER_INPUT', `The body is not valid JSON: ${reason.slice(0, 100)}.`, { hint: wellFormed });
}

const wellFormed = 'Send a JSON body of the form {"query": "…", "variables": {…}}, at most 1 MiB.';

/** Translates an error that Fastify raised before the operation began: a refusal for a 4xx, else INTERNAL. */
function requestError(error: unknown): AppError {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode === 413) {
    return new AppError('BODY_TOO_LARGE', `The body is larger than ${bodyLimit.toLocaleString('en')} bytes.`, {
      hint: 'Send several operations with fewer values each.',
    });
  }
  if (statusCode === 415) {
    return new AppError('MEDIA_TYPE_UNSUPPORTED', 'The body is not sent as application/json.', {
      hint: 'Send JSON, with the header: Content-Type: application/json. A compressed body is not read.',
    });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('BAD_USER_INPUT', message ?? 'The request can not be read.', { hint: wellFormed });
  }
  return new AppError('INTERNAL', 'Something went wrong on our side.', {
    cause: error,
    hint: 'Give the request id to the operator; the log has the fault under it.',
  });
}
