import { withSession } from '@bailiwick/database/setup/connect';
import type { TestDatabase } from '../support/database.js';
import type { Graphs } from './graphs.js';
import type { KnownValues } from './values.js';

const tables = {
  legalCase: 'case_management.legal_cases',
  engagement: 'audit_system.engagements',
  finding: 'audit_system.findings',
  orgUnit: 'public.org_units',
  person: 'public.people',
};

/** Looks up what arguments may name, in an order that does not change. Cursors are those that the person is given. */
export async function readKnownValues({ operatorUrl }: TestDatabase, graphs: Graphs, personId: string): Promise<KnownValues> {
  const idsOf = await withSession(operatorUrl, 'answers', async (client) => {
    const found: Record<string, string[]> = {};
    for (const [field, table] of Object.entries(tables)) {
      const { rows } = await client.query<{ id: string }>(`select id from ${table} order by id limit 40`);
      found[field] = rows.map(({ id }) => id);
    }
    return found;
  });
  const { data } = await graphs.ask(
    'one process',
    personId,
    `{ legalCases(first: 5) { edges { cursor node { caseNumber title } } }
       people(first: 5) { edges { cursor node { fullName } } }
       orgUnits(first: 5) { edges { cursor node { code name } } }
       engagements(first: 5) { edges { cursor node { code title } } }
       findings(first: 5) { edges { cursor } } }`,
  );
  const edges = Object.values(data as Record<string, { edges: { cursor: string; node?: Record<string, string> }[] }>).flatMap(
    (connection) => connection.edges,
  );
  return {
    idsOf,
    ids: Object.values(idsOf).flatMap((ids) => ids.slice(0, 8)),
    texts: edges.flatMap(({ node }) => Object.values(node ?? {})),
    cursors: edges.map(({ cursor }) => cursor),
  };
}
