import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import type { FormattedExecutionResult } from 'graphql';
import type { LocalSubgraph } from '../../src/gateway.js';

type Resolvers = Record<string, Record<string, unknown>>;

/** A subgraph over the real contract, with a handful of resolvers and no database. It remembers what it was asked. */
export interface StubSubgraph extends LocalSubgraph {
  readonly requests: { query: string; authorization: string | undefined; requestId: string | undefined }[];
}

export function stubSubgraph(name: string, resolvers: Resolvers): StubSubgraph {
  const sdl = readFileSync(new URL(`../../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8');
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const requests: StubSubgraph['requests'] = [];
  return {
    requests,
    async execute({ query, variables, operationName }, { authorization, requestId }) {
      requests.push({ query, authorization, requestId });
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables ?? {},
        operationName: operationName ?? null,
        contextValue: {},
      });
      return JSON.parse(JSON.stringify(result)) as FormattedExecutionResult;
    },
  };
}

/** Two org units and a case that belongs to the second, spread over the three subgraphs. */
export function stubSubgraphs(overrides: { shared?: Resolvers; caseManagement?: Resolvers; audit?: Resolvers } = {}) {
  const unit = { id: '018f0000-0000-7000-8000-000000000001', code: 'LND', name: 'Lands', unitType: 'department' };
  const ada = { id: '018f0000-0000-7000-8000-000000000002', fullName: 'Ada Example', roles: ['Lawyer'], orgUnit: unit };
  const land = {
    id: '018f0000-0000-7000-8000-000000000003',
    caseNumber: 'LC-2026-000001',
    title: 'Example -v- The Office',
    lead: ada,
    orgUnit: unit,
  };
  return {
    shared: stubSubgraph('shared', {
      Query: { me: () => ada, orgUnitByCode: () => unit },
      OrgUnit: { __resolveReference: () => unit },
      Person: { __resolveReference: () => ada },
      ...overrides.shared,
    }),
    'case-management': stubSubgraph('case-management', {
      Query: { legalCases: () => ({ nodes: [land], edges: [], pageInfo: {}, totalCount: 1 }), legalCaseByNumber: () => land },
      LegalCase: { __resolveReference: () => land },
      ...overrides.caseManagement,
    }),
    audit: stubSubgraph('audit', {
      Query: { engagements: () => ({ nodes: [], edges: [], pageInfo: {}, totalCount: 0 }) },
      ...overrides.audit,
    }),
  };
}
