import { setMaxListeners } from 'node:events';
import type { FastifyReply } from 'fastify';

/** Returns a signal that aborts when the connection closes before the response is written. */
export function disconnectSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  // Every request to a subgraph and every reading transaction listens to the signal. Node would warn about a leak at eleven listeners.
  setMaxListeners(0, controller.signal);
  return controller.signal;
}
