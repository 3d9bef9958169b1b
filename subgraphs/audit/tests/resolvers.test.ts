import { enumGaps, resolverGaps } from '../../../tests/support/resolverCompleteness.js';
import { resolvers, tablesByType } from '../src/__generated__/resolverMap.js';

const schemaFile = new URL('../schema.graphql', import.meta.url);

describe('the resolvers of the audit subgraph', () => {
  test('every field is a column of its row or has a resolver, and every entity can be referred to', () => {
    expect(resolverGaps(schemaFile, resolvers, tablesByType)).toEqual([]);
  });

  test('a resolver that is missing is noticed', () => {
    const { Finding: _Finding, ...others } = resolvers;
    expect(resolverGaps(schemaFile, others, tablesByType)).toEqual([
      'Finding.engagement',
      'Finding.recommendations',
      'Finding.createdBy',
      'Finding.__resolveReference',
    ]);
  });

  test('every enumeration has the values of the database', () => {
    expect(enumGaps(schemaFile, tablesByType)).toEqual([]);
    expect(resolvers).toHaveProperty('RecommendationStatus.MANAGER_REVIEW', 'manager_review');
  });
});
