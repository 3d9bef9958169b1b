/** Says on stderr how far a long step is. On a terminal one line is rewritten; elsewhere a line is written every ten seconds. */
export interface Progress {
  /** Begins a step of `total` units (bytes or rows). */
  begin(step: string, total: number): void;
  /** `units` more of the total are done; `rows` is the number of rows of this step so far. */
  advance(units: number, rows: number): void;
  /** Ends the step. */
  end(): void;
}

/** A progress that says nothing, for tests and --json without a terminal. */
export const silentProgress: Progress = { begin() {}, advance() {}, end() {} };

export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Milliseconds between two lines, on a terminal and elsewhere. */
const terminalInterval = 100;
const plainInterval = 10_000;

/** A progress that writes to a stream. `now` gives milliseconds; tests pass their own clock. */
export function streamProgress(output: ProgressOutput, now: () => number = () => performance.now()): Progress {
  const interval = output.isTTY ? terminalInterval : plainInterval;
  let step = '';
  let total = 0;
  let done = 0;
  let rows = 0;
  let started = 0;
  let lastSaid = 0;
  const say = (): void => {
    lastSaid = now();
    const line = progressLine({ step, total, done, rows, milliseconds: now() - started });
    output.write(output.isTTY ? `\r\u001b[K${line.slice(0, (output.columns ?? 100) - 1)}` : `${line}\n`);
  };
  return {
    begin(name, units) {
      [step, total, done, rows, started] = [name, units, 0, 0, now()];
      lastSaid = started;
      if (output.isTTY) say();
    },
    advance(units, rowsSoFar) {
      done += units;
      rows = rowsSoFar;
      if (now() - lastSaid >= interval) say();
    },
    end() {
      done = total;
      if (output.isTTY) output.write('\r\u001b[K');
      if (rows > 0 || output.isTTY) output.write(`${finishedLine(step, rows, now() - started)}\n`);
    },
  };
}

const number = new Intl.NumberFormat('en-US');
const rate = (rows: number, milliseconds: number): string => number.format(Math.round((rows * 1000) / Math.max(milliseconds, 1)));

function finishedLine(step: string, rows: number, milliseconds: number): string {
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
  return rows > 0
    ? `${step}: ${number.format(rows)} rows in ${seconds}, ${rate(rows, milliseconds)} rows/s`
    : `${step}: done in ${seconds}`;
}

/** `Reading cases.csv  [#####.....]  50 %  10,000 rows  5,000 rows/s  2 s left`. */
export function progressLine(state: { step: string; total: number; done: number; rows: number; milliseconds: number }): string {
  const share = state.total > 0 ? Math.min(1, state.done / state.total) : 0;
  const bar = '#'.repeat(Math.round(share * 20)).padEnd(20, '.');
  const left = share > 0 ? `, ${duration((state.milliseconds / share) * (1 - share))} left` : '';
  return `${state.step} [${bar}] ${Math.floor(share * 100)} %, ${number.format(state.rows)} rows, ${rate(state.rows, state.milliseconds)} rows/s${left}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
