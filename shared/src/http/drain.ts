import type { FastifyInstance } from 'fastify';

/**
 * Limits the time that a closing server waits for running requests, in milliseconds. After that it closes their connections, because one client
 * that stops reading its response would keep the process alive for ever.
 * While the server closes, a connection ends with its current response: keep-alive was promised before, but no further request is served.
 */
export function drainWithin(app: FastifyInstance, milliseconds: number): void {
  let deadline: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    deadline = setTimeout(() => app.server.closeAllConnections(), milliseconds);
  });
  app.addHook('onResponse', async (request) => {
    if (deadline !== undefined) request.raw.socket.end();
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
}
