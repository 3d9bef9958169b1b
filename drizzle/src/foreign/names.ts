/** Schemas that a host of PostgreSQL makes for itself; nothing of the two systems was ever in them. */
export const hostedSchemas: ReadonlySet<string> = new Set([
  ...[
    'auth',
    'storage',
    'realtime',
    '_realtime',
    '_analytics',
    'graphql',
    'graphql_public',
    'vault',
    'pgsodium',
    'pgsodium_masks',
  ],
  ...[
    'supabase_functions',
    'supabase_migrations',
    'net',
    'pgbouncer',
    'cron',
    'pgmq',
    'pgtle',
    'extensions',
    'neon_auth',
    'heroku_ext',
  ],
  ...['aiven_extras', 'rdsadmin', 'google_vacuum_mgmt', 'hdb_catalog', 'dbdev', 'topology', 'tiger', 'information_schema'],
]);

export interface TableNamed {
  readonly schema: string;
  readonly name: string;
  /** What stands behind the name. */
  readonly rest: string;
}

const part = '"(?:[^"]|"")+"|[A-Za-z_\\x80-\\uffff][\\w$\\x80-\\uffff]*';
const named = new RegExp(`^\\s*(${part})(?:\\s*\\.\\s*(${part}))?`);
const plain = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase());

/** Reads a table's name at the beginning of a text. A name without a schema is taken for one of `public`. */
function readName(text: string): TableNamed | undefined {
  const match = named.exec(text);
  if (!match?.[1]) return undefined;
  const rest = text.slice(match[0].length);
  const [schema, name] = match[2] === undefined ? ['public', plain(match[1])] : [plain(match[1]), plain(match[2])];
  return { schema, name, rest };
}

const heads = {
  copy: /^copy\s+/i,
  insert: /^insert\s+into\s+(?:only\s+)?/i,
  create: /^create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?/i,
} as const;

/** The table that a statement of this kind is about. */
export function tableOf(kind: keyof typeof heads, statement: string): TableNamed | undefined {
  const head = heads[kind].exec(statement);
  return head ? readName(statement.slice(head[0].length)) : undefined;
}

/** The columns of `(a, "b", c)` at the beginning of a text. */
export function columnList(text: string): string[] | undefined {
  const list = /^\s*\(([^()]*)\)/.exec(text)?.[1];
  if (list === undefined) return undefined;
  return [...list.matchAll(new RegExp(part, 'g'))].map(([name]) => plain(name));
}

/** Case as it was: for messages and for keys of maps. */
export const fullName = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;

/** One line of at most 100 characters, for a message. */
export function shortened(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
