import type { FastifyInstance } from 'fastify';

/**
 * Bounds how long a server that is closing waits for the requests that still run, in milliseconds: then it cuts their connections.
 * Without a bound, one client that stops reading its answer keeps the process alive for ever.
 */
export function drainWithin(app: FastifyInstance, milliseconds: number): void {
  let deadline: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    deadline = setTimeout(() => app.server.closeAllConnections(), milliseconds);
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
}
