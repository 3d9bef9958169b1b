import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The headers of a preflight response. Callers identify themselves with a header and never with a cookie, so credentials stay forbidden. */
const allowed = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, x-request-id, apollo-require-preflight',
  'access-control-max-age': '600',
};

/** Allows browsers to call a route from pages of these origins only (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function allowOrigins(app: FastifyInstance, path: string, origins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    if (origins.length > 0) void reply.header('vary', 'origin');
    if (isAllowed(request))
      void reply.headers({
        'access-control-allow-origin': request.headers.origin!,
        'access-control-expose-headers': 'x-request-id',
      });
  });
  app.options(path, async (request: FastifyRequest, reply: FastifyReply) => {
    if (isAllowed(request)) void reply.headers(allowed);
    return reply.code(204).send();
  });

  function isAllowed(request: FastifyRequest): boolean {
    return request.headers.origin !== undefined && origins.includes(request.headers.origin);
  }
}
