import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AppError } from '@bailiwick/kernel/errors';
import type { GraphSettings } from './graph.js';
import type { FromWorker, ToWorker } from './workerMessages.js';

/** The processes that answer requests, all on one port. */
export interface Workers {
  /** Settles when the first of them answers; the others follow. Throws what keeps it from that. */
  start(settings: GraphSettings): Promise<{ url: string }>;
  /** Settles with the reason when they can not be kept running. Never rejects. */
  readonly failed: Promise<Error>;
  /** Lets each answer what it was asked, and ends it. */
  stop(): Promise<void>;
}

// Each worker accepts for itself, and who is busy accepts less. Where the first process accepts and hands on, which is Node's default, a
// connection that is on its way to a worker that is killed stays open for ever, and nobody answers it.
cluster.schedulingPolicy = cluster.SCHED_NONE;

/** A worker that ends by itself is replaced, but not for ever: this many times within this many milliseconds. */
const limit = { ends: 3, within: 60_000 };

/** Longer than a service waits for the requests that still run, and after them for a statement of theirs, in milliseconds. */
const stopsWithin = 30_000;

/** One of the workers, and whoever takes its place. */
interface Place {
  readonly number: number;
  worker: Worker;
  /** Whether it hears what it is told. */
  hears: boolean;
  /** When its workers ended by themselves. */
  ends: number[];
}

/**
 * Starts the first worker, which loads the graph's code and then waits for its settings. The others begin when it answers: loaded at the same
 * time, they would take the processors from it and from PostgreSQL.
 */
export function forkWorkers(count: number, onStep: (sentence: string) => void): Workers {
  let settings: GraphSettings | undefined;
  let isStarted = false;
  let isEnding = false;
  const answering = deferred<string>();
  const failure = deferred<Error>();
  const places: Place[] = [];

  function giveUp(reason: Error): void {
    isEnding = true;
    failure.resolve(reason);
  }

  /** Gives up where the system has no room for another process. */
  function fork(): Worker | undefined {
    try {
      return cluster.fork();
    } catch (error) {
      giveUp(error as Error);
      return undefined;
    }
  }

  function add(): void {
    const worker = fork();
    if (worker === undefined) return;
    const place: Place = { number: places.length + 1, worker, hears: false, ends: [] };
    places.push(place);
    watch(place);
  }

  function watch(place: Place): void {
    const { worker, number } = place;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'hears') {
        place.hears = true;
        return begin(place);
      }
      if (message.kind === 'failed') {
        if (!isStarted) return giveUp(errorOf(message));
        return onStep(`Worker ${number}, pid ${worker.process.pid}, could not start: ${message.message}`);
      }
      answering.resolve(message.url);
      while (!isEnding && places.length < count) add();
    });
    worker.on('error', (error) => {
      // Otherwise a message found nobody: the worker has ended, which is told below.
      if (worker.process.pid === undefined && !isEnding) replace(place, `could not be started (${error.message})`);
    });
    worker.once('exit', (code: number, signal: string | null) => {
      if (!isEnding) replace(place, signal ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  }

  function begin({ worker, hears, number }: Place): void {
    if (settings && hears) tell(worker, { kind: 'start', settings, number });
  }

  function replace(place: Place, how: string): void {
    const now = performance.now();
    place.ends = [...place.ends.filter((at) => now - at < limit.within), now];
    const said = `Worker ${place.number}, pid ${place.worker.process.pid}, ${how}`;
    if (place.ends.length > limit.ends) {
      const often = `for the ${place.ends.length}th time within ${limit.within / 1000} s`;
      const hint = 'What the workers wrote above this may tell why; npm start -- --workers 1 runs everything in one process.';
      return giveUp(new AppError('WORKERS_FAILED', `${said}, ${often}, and is not replaced again.`, { hint }));
    }
    onStep(`${said}; another one is started.`);
    const worker = fork();
    if (worker === undefined) return;
    place.worker = worker;
    place.hears = false;
    watch(place);
  }

  add();
  return {
    failed: failure.promise,
    async start(given) {
      // Those that follow, and whoever takes a place later, need to know the same port.
      const { BAILIWICK_HOST: host } = given.config;
      settings = { ...given, port: given.port === 0 ? await freePort(host) : given.port };
      places.forEach(begin);
      const url = await Promise.race([answering.promise, failure.promise.then((reason) => Promise.reject(reason))]);
      isStarted = true;
      return { url };
    },
    async stop() {
      isEnding = true;
      // All of them have ended before what they stand on is stopped.
      const ends = await Promise.allSettled(places.map(end));
      const failed = ends.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** Throws when it did not stop in order. */
async function end({ worker, hears, number }: Place): Promise<void> {
  const { pid } = worker.process;
  if (worker.isDead() || pid === undefined) return;
  let isKilled = false;
  const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve));
  const kill = () => worker.process.kill('SIGKILL');
  // Who does not hear yet has nothing to end.
  if (hears) tell(worker, { kind: 'stop' });
  else kill();
  const deadline = setTimeout(() => (isKilled = kill()), stopsWithin);
  const code = await ended;
  clearTimeout(deadline);
  if (isKilled) throw new Error(`Worker ${number}, pid ${pid}, did not stop within ${stopsWithin / 1000} s and was killed.`);
  if (hears && code) throw new Error(`Worker ${number}, pid ${pid}, ended with exit code ${code} instead of stopping.`);
}

/** To one that ends at this moment it says nothing: its end is told by itself. */
function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}

function errorOf({ code, message, hint, stack }: Extract<FromWorker, { kind: 'failed' }>): Error {
  return code ? new AppError(code, message, { hint }) : Object.assign(new Error(message), { stack });
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void;
  return { promise: new Promise<Value>((settle) => (resolve = settle)), resolve };
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
