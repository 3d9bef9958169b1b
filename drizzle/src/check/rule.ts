import type { Node, RangeVar } from 'libpg-query';
import type { AppliedMigration } from '../migrate/history.js';
import type { Bailiwick } from '../setup/credentials.js';

/** A statement of a file, or of the body of a DO block or a routine in it. */
export interface Statement {
  readonly node: Node;
  /** As it is written, without the semicolon. */
  readonly text: string;
  /** Where in the file it begins, in UTF-16 units. */
  readonly start: number;
  /** Where in the file something of it stands: a location of the parse tree, or a name that is searched for. */
  place(at: number | string | undefined): number;
}

/** `-- lift: drop-column because …` as it stands in the file. */
export interface Lift {
  readonly offset: number;
  readonly rules: readonly string[];
  readonly reason: string;
  /** Start of the statement below it. */
  readonly statement: number | undefined;
}

export interface CheckedFile {
  /** As it was named to the command. */
  readonly path: string;
  /** With `.sql`, without folder. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256, in hexadecimal. */
  readonly checksum: string;
  /** From the file's name. */
  readonly owner: Bailiwick | undefined;
  /** What the record says of a file of this name, where a database was asked. */
  readonly applied: AppliedMigration | undefined;
  readonly statements: readonly Statement[];
  readonly lifts: readonly Lift[];
  /** Whether the file makes this table itself: nobody reads or locks it yet. */
  isNew(table: RangeVar | undefined): boolean;
}

export interface Finding {
  /** Where: a location of the parse tree, or a name; the statement's first word without it. */
  readonly at?: number | string;
  /** Where in the file, for what is in no statement. */
  readonly offset?: number;
  /** What would happen, in full sentences. */
  readonly consequence: string;
  /** SQL that does it safely, to paste. */
  readonly safe: string;
}

/** One rule: src/rules/<id>.ts, docs/rules/<id>.md, and a pair of examples that a test runs. Pure functions over the parse tree. */
export interface Rule {
  readonly id: string;
  /** What it catches, in one sentence. */
  readonly catches: string;
  readonly check?: (statement: Statement, file: CheckedFile) => Finding[];
  /** For what is a matter of the whole file; no lift reaches it. */
  readonly checkFile?: (file: CheckedFile) => Finding[];
}
