import { resolvers } from '../src/__generated__/resolverMap.js';
import {
  caseAssignments,
  caseCosts,
  caseEvents,
  courtOrders,
  documents,
  documentVersions,
  legalCases,
  parties,
  tasks,
} from '@bailiwick/subgraph-case-management/tables';
import { enumGaps, resolverGaps } from '../../../tests/support/resolverCompleteness.js';

const schemaFile = new URL('../schema.graphql', import.meta.url);
const tables = {
  LegalCase: legalCases,
  Party: parties,
  CaseAssignment: caseAssignments,
  Document: documents,
  DocumentVersion: documentVersions,
  CaseEvent: caseEvents,
  Task: tasks,
  CourtOrder: courtOrders,
  CaseCost: caseCosts,
};
const objects = {
  OrgUnit: ['id'],
  Person: ['id'],
  // The audit subgraph sends the links along with the reference.
  Recommendation: ['id', 'caseLinks', '__resolveReference'],
  // The shared subgraph sends the case's id along with the reference.
  Notification: ['id', 'caseId', '__resolveReference'],
  RecommendationCaseLink: ['legalCaseId', 'relation', 'note'],
  LinkedLegalCase: ['legalCase', 'relation', 'note'],
  OpenLegalCasePayload: ['legalCase', 'userErrors'],
};

test('every field is a column of its row or has a resolver', () => {
  // These two need no reference resolver: what the gateway sends is all that their fields ask for.
  expect(resolverGaps(schemaFile, resolvers, tables, objects)).toEqual([
    'Recommendation.__resolveReference',
    'Notification.__resolveReference',
  ]);
});

test('every enumeration maps each of its values to one of the database', () => {
  expect(enumGaps(schemaFile, resolvers)).toEqual([]);
});
