import { AppError, causesOf } from '../errors/AppError.js';

/** What a process runs. */
export interface Running {
  /** Settles with the reason when it can not go on; it is stopped then, and the process ends. */
  readonly failed?: Promise<Error> | undefined;
  stop(): Promise<void>;
}

/**
 * Runs a process until it is told to end: `start` returns what is to be stopped. Ctrl-C and SIGTERM stop it in order, once;
 * a second Ctrl-C does not wait. An expected failure is told in one sentence with the next step, and sets the exit code.
 */
export async function runProcess(start: () => Promise<Running>): Promise<void> {
  const starting = Promise.resolve().then(start);
  let isStopping = false;
  const stop = (exitCode: number) => {
    isStopping = true;
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(exitCode),
        (error: unknown) => {
          tell(error);
          process.exit(1);
        },
      );
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(130);
    stop(signal === 'SIGINT' ? 130 : 0);
  };
  process.on('unhandledRejection', tellRejection);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const { failed } = await starting;
    void failed?.then((reason) => {
      if (isStopping) return;
      tell(reason);
      stop(exitCodeOf(reason));
    });
  } catch (error) {
    tell(error);
    process.exit(exitCodeOf(error));
  }
}

/**
 * A promise that nobody awaits has failed, for example an entry of a list that graphql-js gave up for an earlier one. Node would end the
 * process, with the requests of everybody. Only the innermost cause is told: an outer one may hold SQL with its parameters.
 */
function tellRejection(reason: unknown): void {
  tell(causesOf(reason).at(-1) ?? new Error(`A promise was rejected with: ${typeof reason}`));
}

const exitCodeOf = (error: unknown): number => (error instanceof AppError ? error.exitCode : 1);

/**
 * Runs what stops each of several things, the last one first: what was started last stands on the rest. A step that fails does not keep the
 * others from running; its error is thrown after them, the first one where several fail.
 */
export async function stopAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps.toReversed()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Writes an error to standard error as a person reads it: code, sentence, hint. A fault that nobody foresaw keeps its stack trace. */
export function tell(error: unknown): void {
  if (error instanceof AppError) {
    process.stderr.write(`${error.code}: ${error.message}\n${error.hint ? `Hint: ${error.hint}\n` : ''}`);
  } else {
    process.stderr.write(`INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
