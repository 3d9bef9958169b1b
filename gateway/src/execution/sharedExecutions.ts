import type { OperationResult } from './executeOperation.js';

/** The longest that a request waits for the one before it to end, in milliseconds. */
const waitsAtMost = 25;

/** Requests that wait for one execution, which has not begun. */
interface Waiting {
  /** Those whose callers are still there. When the last has gone, another may still come: until it has begun. */
  present: number;
  hasBegun: boolean;
  readonly gone: AbortController;
  readonly result: Promise<OperationResult>;
}

/** What is under way for one key. */
interface Queue {
  /** Settles when the execution that began last has ended. */
  running: Promise<unknown>;
  waiting: Waiting | undefined;
}

/**
 * Requests that ask for the same, together: while one is executed, all that come meanwhile wait for it to end and are then answered by one
 * execution. None is answered by an execution that began before it came, so what a person wrote before asking is in the answer.
 */
export class SharedExecutions {
  /**
   * By key. No Map: that outgrows its table every few requests, and a table that was left keeps the one after it, with the requests that stood in it, alive
   * until the next full collection. It tripled the pauses of the small ones (docs/performance.md).
   */
  readonly #queues = Object.create(null) as Record<string, Queue | undefined>;

  /**
   * `key` names who asks for what: requests with one key must have one answer. `execute` is given a signal that aborts when nobody waits any more.
   * A result with errors is told to the first request only, because errors carry its id; the others execute on their own.
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
    leaveWith(signal, waiting);
    const result = await waiting.result;
    return isFirst || result.errors === undefined ? result : execute(signal);
  }

  #wait(key: string, queue: Queue, execute: (signal: AbortSignal) => Promise<OperationResult>): Waiting {
    const gone = new AbortController();
    const result = settledWithin(queue.running, waitsAtMost).then(() => {
      queue.waiting = undefined;
      waiting.hasBegun = true;
      abortIfAlone(waiting);
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

/** Counts a request in until its caller has gone. */
function leaveWith(signal: AbortSignal | undefined, waiting: Waiting): void {
  if (signal?.aborted) return;
  waiting.present += 1;
  signal?.addEventListener('abort', () => {
    waiting.present -= 1;
    abortIfAlone(waiting);
  });
}

function abortIfAlone({ present, hasBegun, gone }: Waiting): void {
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
