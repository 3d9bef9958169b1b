export interface Grant {
  readonly role: string;
  /** Lower-case, as in GRANT: `select`, or `update (parent_id)` for a privilege on columns. */
  readonly may: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly command: 'select' | 'insert' | 'update' | 'delete' | 'all';
  readonly isPermissive: boolean;
  readonly roles: readonly string[];
  /** Which rows are seen, as SQL; null: not asked. */
  readonly using: string | null;
  /** Which rows may be written, as SQL. */
  readonly check: string | null;
  /** Functions outside PostgreSQL's own that it calls. */
  readonly functions: readonly string[];
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly toSchema: string;
  readonly toTable: string;
  readonly toColumns: readonly string[];
  /** What follows a change of the row referred to: `on update cascade`; empty when it is refused. */
  readonly follows: string;
}

export interface Trigger {
  readonly name: string;
  readonly when: string;
  readonly function: string;
  /** Fires also for a session that turned ordinary triggers off. */
  readonly isAlways: boolean;
}

export interface OwnedTable {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly about: string | null;
  readonly columns: number;
  readonly primaryKey: readonly string[];
  readonly rowSecurity: 'off' | 'on' | 'forced';
  readonly grants: readonly Grant[];
  readonly policies: readonly Policy[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly triggers: readonly Trigger[];
  /** What one DELETE or UPDATE may touch at most: more rows than that *and* more than that share is refused. Null: no limit. */
  readonly limit: { readonly rows: number; readonly share: number } | null;
}

export interface OwnedFunction {
  readonly schema: string;
  readonly name: string;
  /** The role with whose rights it runs; null: the caller's. */
  readonly runsAs: string | null;
  readonly roles: readonly string[];
}

export interface OwnedRole {
  readonly name: string;
  readonly isLogin: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly memberOf: readonly string[];
  readonly schemas: readonly Grant[];
}

export interface OwnedSchema {
  readonly name: string;
  readonly owner: string;
  /** The team, or `the operator`. */
  readonly team: string;
}

export interface Ownership {
  readonly schemas: readonly OwnedSchema[];
  readonly roles: readonly OwnedRole[];
  readonly tables: readonly OwnedTable[];
  readonly functions: readonly OwnedFunction[];
  readonly eventTriggers: readonly { name: string; event: string; isAlways: boolean }[];
}
