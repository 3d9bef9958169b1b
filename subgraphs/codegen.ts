import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

/** Which row of which table stands behind a type of the graph. Everything else is mapped by the shape of its SDL. */
const rows: Record<string, Record<string, string>> = {
  shared: { OrgUnit: 'OrgUnitRow', Person: 'PersonRow', Notification: 'NotificationRow' },
  'case-management': {
    LegalCase: 'LegalCaseRow',
    Party: 'PartyRow',
    CaseAssignment: 'CaseAssignmentRow',
    Document: 'DocumentRow',
    DocumentVersion: 'DocumentVersionRow',
    CaseEvent: 'CaseEventRow',
    Task: 'TaskRow',
    CourtOrder: 'CourtOrderRow',
    CaseCost: 'CaseCostRow',
  },
  audit: {
    Engagement: 'EngagementRow',
    EngagementMember: 'EngagementMemberRow',
    Workpaper: 'WorkpaperRow',
    Evidence: 'EvidenceRow',
    Finding: 'FindingRow',
    Recommendation: 'RecommendationRow',
    ActionPlan: 'ActionPlanRow',
  },
};

/** Types that a subgraph knows by their id alone. */
const stubs: Record<string, string[]> = {
  shared: [],
  'case-management': ['OrgUnit', 'Person'],
  audit: ['OrgUnit', 'Person', 'LegalCase'],
};

/** The resolver types of one subgraph as the text of a TypeScript file. */
export async function generateResolverTypes(subgraph: string): Promise<string> {
  const schema = await readFile(new URL(`./${subgraph}/schema.graphql`, import.meta.url), 'utf8');
  const connections = [...schema.matchAll(/^type (\w+)Connection /gm)].map((match) => match[1]!);
  const mappers = {
    ...Object.fromEntries(Object.entries(rows[subgraph]!).map(([type, row]) => [type, `../tables.js#${row}`])),
    ...Object.fromEntries(stubs[subgraph]!.map((type) => [type, '{ id: string }'])),
    ...Object.fromEntries(connections.map((type) => [`${type}Connection`, `Connection<${rows[subgraph]![type]}>`])),
    ...Object.fromEntries(connections.map((type) => [`${type}Edge`, `Connection<${rows[subgraph]![type]}>['edges'][number]`])),
    PageInfo: "Connection<unknown>['pageInfo']",
  };
  const output = await codegen({
    filename: `${subgraph}/src/__generated__/resolvers.ts`,
    documents: [],
    schema: parse(schema),
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
    config: {
      federation: true,
      contextType: '@bailiwick/kernel/graphql#RequestContext',
      mappers,
      enumsAsTypes: true,
      scalars: { ID: 'string', DateTime: 'string', Date: 'string', Decimal: 'string', BigInt: 'string' },
      useTypeImports: true,
      maybeValue: 'T | null | undefined',
    },
  });
  return `/* Generated from schema.graphql by \`npm run codegen\`. Do not edit. */\nimport type { Connection } from '@bailiwick/kernel/pagination';\n${withDatabaseValues(output)}`;
}

/** Inside the service an enumeration has the values of the database (kernel enums.ts): lower case, but for the names of orders. */
function withDatabaseValues(output: string): string {
  return output.replace(/^export type (?!\w+Order =)\w+ =\n(?: +\/\*\*.*\n +\| '[A-Z0-9_]+';?\n)+/gm, (type) =>
    type.replace(/\| '([A-Z0-9_]+)'/g, (value) => value.toLowerCase()),
  );
}

export const subgraphNames = Object.keys(rows);

if (import.meta.filename === process.argv[1]) {
  for (const name of subgraphNames) {
    await mkdir(new URL(`./${name}/src/__generated__/`, import.meta.url), { recursive: true });
    await writeFile(new URL(`./${name}/src/__generated__/resolvers.ts`, import.meta.url), await generateResolverTypes(name));
    console.log(`wrote subgraphs/${name}/src/__generated__/resolvers.ts`);
  }
}
