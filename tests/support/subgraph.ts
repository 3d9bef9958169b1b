import { Database } from '@bailiwick/kernel/postgres';
import type { DatabaseOptions } from '@bailiwick/kernel/postgres';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import { createLog } from '@bailiwick/kernel/process';
import type { Logger } from '@bailiwick/kernel/process';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import type { LoginRole } from '@bailiwick/database/setup/credentials';
import type { TestDatabase } from './database.js';
import { createTestIssuer } from './tokens.js';
import type { TestIssuer } from './tokens.js';

export interface TestAnswer {
  // What a test selects it knows the shape of.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
  errors: TestError[];
  /** The labelled statements of the operation: those that read or write rows, without BEGIN, the person's id and COMMIT. */
  statements: string[];
}

export interface TestError {
  message: string;
  path?: readonly (string | number)[];
  extensions: { code?: string; hint?: string; field?: string; requestId?: string };
}

export interface TestSubgraph {
  readonly subgraph: Subgraph;
  readonly issuer: TestIssuer;
  /** Asks as a person (an id), or with a whole Authorization header. */
  ask(query: string, as: { as: string } | { authorization: string | undefined }, variables?: object): Promise<TestAnswer>;
  /** The same, for an operation that is to succeed: throws with the errors otherwise. */
  read(query: string, as: string, variables?: object): Promise<TestAnswer['data']>;
  stop(): Promise<void>;
}

export interface TestSubgraphOptions extends Partial<
  Pick<DatabaseOptions, 'poolSize' | 'statementTimeout' | 'connectionTimeout'>
> {
  log?: Logger;
  cursorKey?: string;
}

/** A subgraph over its own role's connection to the test's database, called in this process. */
export async function startTestSubgraph(
  create: (services: SubgraphServices) => Promise<Subgraph>,
  database: TestDatabase,
  role: LoginRole,
  { log, cursorKey, ...options }: TestSubgraphOptions = {},
): Promise<TestSubgraph> {
  const issuer = await createTestIssuer();
  let statements: string[] = [];
  const subgraph = await create({
    database: new Database({
      url: database.urlOf(role),
      applicationName: `test ${role}`,
      onStatement: (text) => statements.push(text),
      ...options,
    }),
    verifyToken: createTokenVerifier({ publicKey: issuer.publicKeyPem, issuer: 'bailiwick', audience: 'bailiwick' }),
    log: log ?? createLog('test', 'silent'),
    cursorKey: cursorKey ?? 'a key of the tests, never of a service',
    allowIntrospection: true,
  });

  async function ask(query: string, who: { as: string } | { authorization: string | undefined }, variables?: object) {
    const authorization = 'as' in who ? `Bearer ${await issuer.tokenFor(who.as)}` : who.authorization;
    const seen: string[] = [];
    statements = seen;
    const { data, errors } = await subgraph.execute(
      { query, variables: variables as Record<string, unknown> },
      { authorization },
    );
    const labelled = seen.filter((text) => text.startsWith('/* ') && !text.startsWith('/* kernel:person'));
    // As a client gets it: without the prototypes of the executor.
    const answer = JSON.parse(JSON.stringify({ data: data ?? null, errors: errors ?? [] })) as Omit<TestAnswer, 'statements'>;
    return { ...answer, statements: labelled };
  }

  return {
    subgraph,
    issuer,
    ask,
    async read(query, as, variables) {
      const { data, errors } = await ask(query, { as }, variables);
      if (errors.length > 0) throw new Error(`The operation met errors:\n${JSON.stringify(errors, null, 2)}`);
      return data as unknown;
    },
    stop: () => subgraph.stop(),
  };
}
