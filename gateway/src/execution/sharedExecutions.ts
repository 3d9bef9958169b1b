import type { OperationResult } from './executeOperation.js';

/** The longest time in milliseconds that a request waits for the running execution. */
const longestWait = 25;

/** Requests that wait for the next execution. They will share it. */
interface Waiting {
  /** The number of callers that are still connected. More may come until the execution begins. */
  present: number;
  hasBegun: boolean;
  readonly gone: AbortController;
  readonly result: Promise<OperationResult>;
}

/** The executions of one key: one runs, and one waits. */
interface Queue {
  /** Settles when the execution that began last has ended. */
  running: Promise<unknown>;
  waiting: Waiting | undefined;
}

/**
 * Executes equal queries of one caller together. While one query runs, equal ones wait for its end, and then share one execution.
 * A request never gets the result of an execution that began before the request came. So a caller who writes and then reads sees the write.
 */
export class SharedExecutions {
  /**
   * The queues by key. With a Map, minor garbage collections took three times as long (docs/performance.md): it replaces its table every few
   * requests, and an old table keeps finished requests alive until the next full collection.
   */
  readonly #queues = Object.create(null) as Record<string, Queue | undefined>;

  /**
   * Runs `execute`, or shares the execution of another request with the same key. The key has to include the caller, the plan and the variables.
   * `execute` receives a signal that aborts when all its callers have disconnected. A result with errors is for the first request only,
   * because errors carry its request id; the other requests then execute alone.
   */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    execute: (signal: AbortSignal | undefined) => Promise<OperationResult>,
  ): Promise<OperationResult> {
    const queue = this.#queues[key];
    if (queue === undefined) return this.#begin(key, () => execute(signal));
    const isFirst = queue.waiting === undefined;
    const waiting = (queue.waiting ??= this.#wait(key, queue, execute));
    countCaller(signal, waiting);
    const result = await waiting.result;
    return isFirst || result.errors === undefined ? result : execute(signal);
  }

  #wait(key: string, queue: Queue, execute: (signal: AbortSignal) => Promise<OperationResult>): Waiting {
    const gone = new AbortController();
    const result = settledWithin(queue.running, longestWait).then(() => {
      queue.waiting = undefined;
      waiting.hasBegun = true;
      abortIfUnwanted(waiting);
      return this.#begin(key, () => execute(gone.signal));
    });
    const waiting: Waiting = { present: 0, hasBegun: false, gone, result };
    return waiting;
  }

  #begin(key: string, execute: () => Promise<OperationResult>): Promise<OperationResult> {
    const running = execute();
    const queue = this.#queues[key] ?? { running, waiting: undefined };
    queue.running = running;
    this.#queues[key] = queue;
    const end = (): void => {
      if (queue.running === running && queue.waiting === undefined) delete this.#queues[key];
    };
    running.then(end, end);
    return running;
  }
}

/** Counts a caller as connected until its signal aborts. */
function countCaller(signal: AbortSignal | undefined, waiting: Waiting): void {
  if (signal?.aborted) return;
  waiting.present += 1;
  signal?.addEventListener('abort', () => {
    waiting.present -= 1;
    abortIfUnwanted(waiting);
  });
}

function abortIfUnwanted({ present, hasBegun, gone }: Waiting): void {
  if (present === 0 && hasBegun) gone.abort();
}

async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(end, end);
  });
}
