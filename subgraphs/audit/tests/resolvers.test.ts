import { unansweredFields } from '../../../tests/support/resolverCompleteness.js';
import { enumResolvers } from '../src/enums.js';
import { resolvers } from '../src/resolvers.js';
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

describe('the resolvers of the audit subgraph', () => {
  test('every field is a column of its row or has a resolver', () => {
    expect(unansweredFields({ schemaFile, resolvers, tables })).toEqual([]);
  });

  test('a resolver that is missing is noticed', () => {
    const { Finding: _Finding, ...others } = resolvers;
    expect(unansweredFields({ schemaFile, resolvers: others, tables })).toEqual([
      'Finding.engagement has neither a resolver nor a column',
      'Finding.recommendations has neither a resolver nor a column',
      'Finding.createdBy has neither a resolver nor a column',
    ]);
  });

  test('every enumeration of the database has its values in the graph', () => {
    expect(enumResolvers.RecommendationStatus.MANAGER_REVIEW).toBe('manager_review');
    expect(Object.keys(resolvers)).toEqual(expect.arrayContaining(Object.keys(enumResolvers)));
  });
});
