import type { RunningServer } from './postmaster.js';

/** A server that ends by itself is started again, but not for ever: this many times within this many milliseconds. */
const limit = { restarts: 3, within: 60_000 };

export interface Supervised {
  /** Stops the server and its supervision; settles when its process has ended. */
  stop(): Promise<void>;
  /** For the last moment of our own process: asks for a shutdown without waiting. */
  kill(): void;
}

/**
 * Keeps a server running: where its process ends without being asked to (killed, out of memory), it is started again on the same port.
 * PostgreSQL itself restarts only its children.
 * @param restart starts the server anew, after what the old one left behind is cleared.
 * @param onStep told about every restart, and when it is given up.
 */
export function supervise(
  first: RunningServer,
  restart: () => Promise<RunningServer>,
  onStep: (sentence: string) => void,
): Supervised {
  let server = first;
  let isStopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const restarts: number[] = [];

  const watch = () =>
    void server.ended.then(() => {
      if (!isStopping) restarting = again();
    });

  const again = async () => {
    const now = performance.now();
    restarts.push(now);
    if (restarts.filter((at) => now - at < limit.within).length > limit.restarts) {
      onStep(`PostgreSQL ended by itself ${limit.restarts} times within ${limit.within / 1000} s and is not started again.`);
      return;
    }
    onStep(`PostgreSQL, pid ${server.pid}, ended by itself; it is started again.`);
    try {
      server = await restart();
      watch();
      onStep(`PostgreSQL runs again, pid ${server.pid}.`);
    } catch (error) {
      onStep(`PostgreSQL could not be started again: ${(error as Error).message}`);
    }
  };

  watch();
  return {
    async stop() {
      isStopping = true;
      await restarting;
      await server.stop();
    },
    kill: () => server.kill(),
  };
}
