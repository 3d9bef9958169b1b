import { resolvers, tablesByType } from '../src/__generated__/resolverMap.js';
import { enumGaps, resolverGaps } from '../../../tests/support/resolverCompleteness.js';

const schemaFile = new URL('../schema.graphql', import.meta.url);
const objects = {
  RecommendationCaseLink: ['legalCaseId', 'relation', 'note'],
  LinkedLegalCase: ['legalCase', 'relation', 'note'],
  LegalCaseTransition: ['move', 'mutation', 'to', 'needsReason', 'isAllowed', 'refusals'],
};

test('every field is a column of its row or has a resolver', () => {
  // These two need no reference resolver: what the gateway sends is all that their fields ask for.
  expect(resolverGaps(schemaFile, resolvers, tablesByType, objects)).toEqual([
    'Recommendation.__resolveReference',
    'Notification.__resolveReference',
  ]);
});

test('every enumeration maps each of its values to one of the database', () => {
  expect(enumGaps(schemaFile, tablesByType)).toEqual([]);
});
