import type { DatabaseError } from 'pg';
import { parseSql } from '../check/parse.js';
import { hostedSchemas } from './names.js';

/** Things of the place where a dump comes from, which no row of the two systems needs. They are passed over by name, and listed. */
export const toleratedKinds = {
  roles: 'roles that are not here',
  rights: 'owners and rights',
  extensions: 'extensions that are not here',
  hosted: "the host's own schemas",
  settings: 'settings that this version does not know',
  eventTriggers: 'event triggers',
  replication: 'publications and subscriptions',
  database: 'the database itself: made, changed, commented',
  transactions: 'begin and commit',
  present: 'what is there already',
  labels: 'security labels',
  largeObjects: 'large objects',
  psql: 'commands of psql that change nothing',
} as const;

export type ToleratedKind = keyof typeof toleratedKinds;

export type Treatment =
  | { readonly do: 'run' }
  /** Owners and rights: run at the end, if at all, when it is known what the dump is of. */
  | { readonly do: 'defer'; readonly owner: string | undefined }
  | { readonly do: 'pass'; readonly kind: ToleratedKind; readonly name: string };

interface Tree {
  readonly [key: string]: unknown;
}

const passed: Readonly<Record<string, ToleratedKind>> = {
  TransactionStmt: 'transactions',
  CreateRoleStmt: 'roles',
  AlterRoleStmt: 'roles',
  AlterRoleSetStmt: 'roles',
  DropRoleStmt: 'roles',
  GrantRoleStmt: 'roles',
  CreatedbStmt: 'database',
  DropdbStmt: 'database',
  AlterDatabaseStmt: 'database',
  AlterDatabaseSetStmt: 'database',
  AlterDatabaseRefreshCollStmt: 'database',
  CreateTableSpaceStmt: 'database',
  DropTableSpaceStmt: 'database',
  CreateEventTrigStmt: 'eventTriggers',
  AlterEventTrigStmt: 'eventTriggers',
  CreatePublicationStmt: 'replication',
  AlterPublicationStmt: 'replication',
  CreateSubscriptionStmt: 'replication',
  AlterSubscriptionStmt: 'replication',
  SecLabelStmt: 'labels',
};

/**
 * What becomes of a statement, by PostgreSQL's own grammar. One that the grammar does not know is run, by a role that may do nothing outside of its
 * database; the server then says what is wrong with it.
 */
export function treatmentOf(statement: string): Treatment {
  const [kind, tree] = treeOf(statement);
  const as = passed[kind];
  if (as) return { do: 'pass', kind: as, name: nameIn(tree) };
  switch (kind) {
    case 'AlterOwnerStmt':
      if (tree.objectType === 'OBJECT_EVENT_TRIGGER') return { do: 'pass', kind: 'eventTriggers', name: '' };
      return { do: 'defer', owner: roleName(tree.newowner) };
    case 'AlterTableStmt': {
      const commands = (tree.cmds as { AlterTableCmd?: Tree }[] | undefined) ?? [];
      const [first] = commands;
      if (commands.length === 1 && first?.AlterTableCmd?.subtype === 'AT_ChangeOwner') {
        return { do: 'defer', owner: roleName(first.AlterTableCmd.newowner) };
      }
      return { do: 'run' };
    }
    case 'GrantStmt':
    case 'AlterDefaultPrivilegesStmt':
      if (tree.objtype === 'OBJECT_DATABASE') return { do: 'pass', kind: 'database', name: '' };
      return { do: 'defer', owner: undefined };
    case 'CommentStmt':
      if (tree.objtype === 'OBJECT_DATABASE') return { do: 'pass', kind: 'database', name: '' };
      if (tree.objtype === 'OBJECT_EVENT_TRIGGER') return { do: 'pass', kind: 'eventTriggers', name: '' };
      return { do: 'run' };
    case 'VariableSetStmt':
      if (['session_authorization', 'role', 'client_encoding', 'session_replication_role'].includes(String(tree.name))) {
        return { do: 'pass', kind: 'settings', name: String(tree.name) };
      }
      return { do: 'run' };
    case 'DropStmt':
      if (tree.removeType === 'OBJECT_EVENT_TRIGGER') return { do: 'pass', kind: 'eventTriggers', name: '' };
      if (tree.removeType === 'OBJECT_PUBLICATION') return { do: 'pass', kind: 'replication', name: '' };
      return { do: 'run' };
    default:
      return { do: 'run' };
  }
}

/** The kind of a statement in the grammar, and its tree. */
function treeOf(statement: string): [string, Tree] {
  try {
    const { statements } = parseSql(statement);
    const [first] = statements;
    if (statements.length !== 1 || !first) return ['', {}];
    const [entry] = Object.entries(first.node);
    return entry ? [entry[0], entry[1] as Tree] : ['', {}];
  } catch {
    return ['', {}];
  }
}

const roleName = (role: unknown): string | undefined => (role as { rolename?: string } | undefined)?.rolename;

function nameIn(tree: Tree): string {
  const name = tree.trigname ?? tree.pubname ?? tree.subname ?? tree.role ?? tree.dbname;
  return typeof name === 'string' ? name : (roleName(name) ?? '');
}

const ofHost = new RegExp(`(?<![\\w"])(?:"(${[...hostedSchemas].join('|')})"|(${[...hostedSchemas].join('|')}))\\s*\\.`);

/** What a failure is, if it is one that every dump of a hosted PostgreSQL has; undefined for any other. */
export function toleratedFailure(statement: string, error: DatabaseError): { kind: ToleratedKind; name: string } | undefined {
  const { code = '', message } = error;
  const named = (pattern: RegExp): string | undefined => pattern.exec(message)?.[1];
  const role = named(/^role "(.*)" does not exist/);
  if (role !== undefined) return { kind: 'roles', name: role };
  const extension = /^create\s+extension\s+(?:if\s+not\s+exists\s+)?("?[\w-]+"?)/i.exec(statement)?.[1];
  if (extension !== undefined) return { kind: 'extensions', name: extension.replaceAll('"', '') };
  const missing = named(/^extension "(.*)" (?:does not exist|is not available)/) ?? named(/^must be owner of extension (.*)/);
  if (missing !== undefined) return { kind: 'extensions', name: missing };
  const setting = named(/^unrecognized configuration parameter "(.*)"/) ?? named(/^permission denied to set parameter "(.*)"/);
  if (setting !== undefined) return { kind: 'settings', name: setting };
  if (/^set\s/i.test(statement)) return { kind: 'settings', name: /^set\s+(\w+)/i.exec(statement)?.[1] ?? '' };
  const schema = named(/^schema "(.*)" does not exist/);
  if (schema !== undefined && hostedSchemas.has(schema)) return { kind: 'hosted', name: schema };
  const [, quoted, bare] = ofHost.exec(statement) ?? [];
  const host = quoted ?? bare;
  if (host !== undefined) return { kind: 'hosted', name: host };
  if (/^(?:42P06|42P07|42710|42723|42712)$/.test(code)) return { kind: 'present', name: named(/"(.*?)"/) ?? '' };
  if (/\blo(?:_\w+|write)\s*\(/.test(statement)) return { kind: 'largeObjects', name: '' };
  return undefined;
}
