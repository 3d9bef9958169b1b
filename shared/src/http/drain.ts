import type { FastifyInstance } from 'fastify';

/**
 * Bounds how long a server that is closing waits for the requests that still run, in milliseconds: then it cuts their connections.
 * Without a bound, one client that stops reading its answer keeps the process alive for ever. A connection whose answer is complete is
 * ended at once: its client was told to keep it alive, before the server knew that it would close.
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
