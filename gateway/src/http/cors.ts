import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackName } from './loopback.js';

/** The headers of a preflight response. Callers identify themselves with a header and never with a cookie, so credentials stay forbidden. */
const allowed = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, x-request-id, apollo-require-preflight',
  'access-control-max-age': '600',
};

/** The origins whose pages may call: a list, or every page that this machine itself serves. */
export type AllowedOrigins = readonly string[] | 'loopback';

/** Allows browsers to call a route from pages of these origins only (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function allowOrigins(app: FastifyInstance, path: string, origins: AllowedOrigins): void {
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
    const { origin } = request.headers;
    if (origin === undefined) return false;
    return origins === 'loopback' ? isLoopback(origin) : origins.includes(origin);
  }
}

/** Compares the parsed host name: http://localhost.evil.example begins like a loopback origin. */
function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  return /^https?:$/.test(protocol) && isLoopbackName(hostname);
}
