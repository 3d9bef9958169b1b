/** What the log shows of an error. */
export interface LoggedError {
  type: string;
  message: string;
  stack: string | undefined;
  /** SQLSTATE, or a code of Node. */
  code?: string;
  schema?: string;
  table?: string;
  constraint?: string;
  cause?: unknown;
}

/** Fields that name things and never quote a row. PostgreSQL's `detail`, `where` and `internalQuery` do. */
const namingFields = ['code', 'schema', 'table', 'constraint'] as const;

/** Reduces an error, and its causes, to what may stand in a log: no values of rows, no parameters of statements. */
export function loggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const fields = error as Error & Partial<Record<(typeof namingFields)[number], unknown>>;
  const message = withoutValues(error.message, fields.code);
  const logged: LoggedError = {
    type: error.constructor.name,
    message,
    stack: error.stack?.replace(error.message, () => message),
  };
  for (const field of namingFields) if (typeof fields[field] === 'string') logged[field] = fields[field];
  if (error.cause !== undefined) logged.cause = loggedError(error.cause);
  return logged;
}

/** Drizzle's message ends with the parameters. PostgreSQL's messages about values (SQLSTATE class 22) quote them. */
function withoutValues(message: string, code: unknown): string {
  const [text = ''] = message.split('\nparams:');
  return typeof code === 'string' && /^22.{3}$/.test(code) ? text.replaceAll(/"[^"]*"/g, '"(hidden)"') : text;
}
