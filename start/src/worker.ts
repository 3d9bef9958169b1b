import { AppError } from '@bailiwick/kernel/errors';
import { tell } from '@bailiwick/kernel/process';
import type { FromWorker, ToWorker } from './workerMessages.js';

/**
 * One of the processes that answer requests: starts the graph when it is given its settings, and stops it when it is told to. Where the first process is
 * gone, Node ends this one.
 */
export async function run(): Promise<void> {
  // A terminal's Ctrl-C reaches every process of the group: what runs is ended by the first one, in order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const graph = import('./graph.js');
  graph.catch(() => undefined);
  let running: Promise<{ url: string; stop(): Promise<void> }> | undefined;

  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') void stop();
    else {
      running = graph.then(({ startGraph }) => startGraph(message.settings, message.number));
      running.then(({ url }) => say({ kind: 'answers', url }), fail);
    }
  });

  say({ kind: 'hears' });

  async function stop(): Promise<void> {
    try {
      await (await running)?.stop();
      process.exit(0);
    } catch (error) {
      tell(error);
      process.exit(1);
    }
  }
}

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const { code, hint } = error instanceof AppError ? error : {};
  say({ kind: 'failed', code, message, hint, stack }, () => process.exit(1));
}

function say(message: FromWorker, then: () => void = () => undefined): void {
  process.send!(message, then);
}
