import { toleratedKinds } from './classify.js';
import type { ToleratedKind } from './classify.js';

export interface FailedStatement {
  readonly line: number;
  readonly statement: string;
  readonly message: string;
  /** The table whose rows it brings; null for a definition. */
  readonly table: string | null;
}

export interface Tolerated {
  readonly what: string;
  readonly count: number;
  /** Of the first ones, each once. */
  readonly names: string[];
}

/** What became of the statements of a dump. */
export interface LoadReport {
  readonly serverVersion: string;
  /** Rows that arrived, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows of the host's own schemas, which were not brought in. */
  readonly passedOver: Readonly<Record<string, number>>;
  readonly tolerated: readonly Tolerated[];
  readonly failed: readonly FailedStatement[];
  /** Tables that were made with columns of text alone, and why. */
  readonly simplified: readonly { readonly table: string; readonly why: string }[];
}

const mostFailures = 200;
const mostNames = 12;

/** Gathers a LoadReport. */
export class LoadNotes {
  readonly rows: Record<string, number> = {};
  readonly passedOver: Record<string, number> = {};
  readonly failed: FailedStatement[] = [];
  readonly simplified: { table: string; why: string }[] = [];
  readonly #tolerated = new Map<ToleratedKind, { count: number; names: Set<string> }>();

  tolerate(kind: ToleratedKind, name: string): void {
    const noted = this.#tolerated.get(kind) ?? { count: 0, names: new Set<string>() };
    noted.count++;
    if (name !== '' && noted.names.size < mostNames) noted.names.add(name);
    this.#tolerated.set(kind, noted);
  }

  fail(failure: FailedStatement): void {
    if (failure.table !== null || this.failed.length < mostFailures) this.failed.push(failure);
  }

  report(serverVersion: string): LoadReport {
    const { rows, passedOver, failed, simplified } = this;
    const tolerated = [...this.#tolerated].map(([kind, { count, names }]) => ({
      what: toleratedKinds[kind],
      count,
      names: [...names].sort(),
    }));
    return { serverVersion, rows, passedOver, failed, simplified, tolerated };
  }
}
