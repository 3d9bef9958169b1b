import { enumGaps, resolverGaps } from '../../../tests/support/resolverCompleteness.js';
import { resolvers } from '../src/__generated__/resolverMap.js';
import * as rows from '../src/tables.js';

const schemaFile = new URL('../schema.graphql', import.meta.url);
const tables = {
  Engagement: rows.engagements,
  EngagementMember: rows.engagementMembers,
  Workpaper: rows.workpapers,
  Evidence: rows.evidence,
  Finding: rows.findings,
  Recommendation: rows.recommendations,
  RecommendationCaseLink: rows.recommendationCaseLinks,
  ActionPlan: rows.actionPlans,
};

const objects = { OrgUnit: ['id'], Person: ['id'], LegalCase: ['id'], CreateEngagementPayload: ['engagement', 'userErrors'] };

describe('the resolvers of the audit subgraph', () => {
  test('every field is a column of its row or has a resolver, and every entity can be referred to', () => {
    expect(resolverGaps(schemaFile, resolvers, tables, objects)).toEqual([]);
  });

  test('a resolver that is missing is noticed', () => {
    const { Finding: _Finding, ...others } = resolvers;
    expect(resolverGaps(schemaFile, others, tables, objects)).toEqual([
      'Finding.engagement',
      'Finding.recommendations',
      'Finding.createdBy',
      'Finding.__resolveReference',
    ]);
  });

  test('every enumeration has the values of the database', () => {
    expect(enumGaps(schemaFile, resolvers)).toEqual([]);
    expect(resolvers).toHaveProperty('RecommendationStatus.MANAGER_REVIEW', 'manager_review');
  });
});
