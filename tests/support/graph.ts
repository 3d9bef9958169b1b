import { createGateway } from '@bailiwick/gateway/gateway';
import { Database } from '@bailiwick/kernel/postgres';
import type { DatabaseOptions } from '@bailiwick/kernel/postgres';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import { createLog } from '@bailiwick/kernel/process';
import { serveSubgraph } from '@bailiwick/kernel/http';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { createAuditSubgraph } from '@bailiwick/subgraph-audit/subgraph';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import type { TestDatabase } from './database.js';
import type { TestIssuer } from './tokens.js';

/** The two shapes of deployment: everything in one process, or every subgraph behind HTTP of its own. */
export type Shape = 'one process' | 'separate';

export interface Answer {
  status: number;
  requestId: string | null;
  data: Record<string, never> | null | undefined;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[] | undefined;
  /** The body as it came. */
  text: string;
}

export interface TestGraph {
  /** Of the gateway, without /graphql. */
  readonly url: string;
  /** Every statement that any subgraph has sent, in order; emptied by the test. */
  readonly statements: string[];
  readonly subgraphs: readonly Subgraph[];
  /** Asks the gateway as the person (nobody when undefined), over HTTP. */
  ask(query: string, personId?: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Ends one subgraph of the separate shape. What it returns starts it anew at the same address. */
  endSubgraph(name: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** The whole graph over a test database, listening on a free port. */
export async function createTestGraph(
  shape: Shape,
  database: TestDatabase,
  issuer: TestIssuer,
  { maxOperationCost, limits = {} }: { maxOperationCost?: number; limits?: Partial<DatabaseOptions> } = {},
): Promise<TestGraph> {
  const statements: string[] = [];
  const log = createLog('test', 'silent');
  const verifyToken = createTokenVerifier({ publicKey: issuer.publicKeyPem, issuer: 'bailiwick', audience: 'bailiwick' });
  const services = (role: 'shared_tables_app' | 'case_management_app' | 'audit_system_app'): SubgraphServices => ({
    database: new Database({
      url: database.urlOf(role),
      applicationName: role,
      ...limits,
      onStatement: (text) => statements.push(text),
    }),
    verifyToken,
    log,
    cursorKey: 'a secret of the tests, long enough',
    allowIntrospection: true,
  });
  const builders = [
    () => createSharedSubgraph(services('shared_tables_app')),
    () => createCaseManagementSubgraph(services('case_management_app')),
    () => createAuditSubgraph(services('audit_system_app')),
  ];
  const subgraphs = await Promise.all(builders.map((build) => build()));
  const servers =
    shape === 'separate' ? await Promise.all(subgraphs.map((subgraph) => serveSubgraph(subgraph, '127.0.0.1', 0))) : [];
  const gateway = await createGateway({
    subgraphs: Object.fromEntries(
      subgraphs.map((subgraph, index) => [subgraph.name, servers[index] ? { url: `${servers[index].url}/graphql` } : subgraph]),
    ),
    verifyToken,
    log,
    allowIntrospection: true,
    maxOperationCost,
  });
  const listening = await gateway.serve('127.0.0.1', 0);

  return {
    url: listening.url,
    statements,
    subgraphs,
    async ask(query, personId, variables) {
      const response = await fetch(`${listening.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(personId && { authorization: `Bearer ${await issuer.tokenFor(personId)}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const body = JSON.parse(text) as Pick<Answer, 'data' | 'errors'>;
      return {
        status: response.status,
        requestId: response.headers.get('x-request-id'),
        data: body.data,
        errors: body.errors,
        text,
      };
    },
    async endSubgraph(name) {
      const index = subgraphs.findIndex((subgraph) => subgraph.name === name);
      const server = servers[index];
      if (server === undefined) throw new Error(`No subgraph "${name}" runs behind HTTP of its own.`);
      await server.stop();
      return async () => {
        subgraphs[index] = await builders[index]!();
        servers[index] = await serveSubgraph(subgraphs[index], '127.0.0.1', server.port);
      };
    },
    async stop() {
      await listening.stop();
      await Promise.all(
        servers.length > 0 ? servers.map((server) => server.stop()) : subgraphs.map((subgraph) => subgraph.stop()),
      );
    },
  };
}
