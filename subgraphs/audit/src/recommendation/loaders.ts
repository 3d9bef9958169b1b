import type { RequestContext } from '@bailiwick/kernel/context';
import { alignMany, alignOne, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { eq } from 'drizzle-orm';
import { recommendationCaseLinks, recommendations } from '../tables.js';
import type { RecommendationCaseLinkRow, RecommendationRow } from '../tables.js';

/** A recommendation by its id; null where the caller may not see it. */
export const recommendationById = defineLoader<string, RecommendationRow | null>(async (ids, context) => {
  const rows = await context.read
    .db('audit:recommendationById')
    .select()
    .from(recommendations)
    .where(isAnyOf(recommendations.id, ids));
  return alignOne(ids, rows, (row) => row.id);
});

/** What is recommended about a finding, the oldest first. */
export const recommendationsByFindingId = defineLoader<string, RecommendationRow[]>(async (findingIds, context) => {
  const rows = await context.read
    .db('audit:recommendationsByFindingId')
    .select()
    .from(recommendations)
    .where(isAnyOf(recommendations.findingId, findingIds))
    .orderBy(recommendations.createdAt, recommendations.id);
  return alignMany(findingIds, rows, (row) => row.findingId);
});

/** The recommendations that bear on a case, the oldest first. */
export const recommendationsByLegalCaseId = defineLoader<string, RecommendationRow[]>(async (legalCaseIds, context) => {
  const rows = await context.read
    .db('audit:recommendationsByLegalCaseId')
    .select({ legalCaseId: recommendationCaseLinks.legalCaseId, recommendation: recommendations })
    .from(recommendationCaseLinks)
    .innerJoin(recommendations, eq(recommendations.id, recommendationCaseLinks.recommendationId))
    .where(isAnyOf(recommendationCaseLinks.legalCaseId, legalCaseIds))
    .orderBy(recommendations.createdAt, recommendations.id);
  return alignMany(legalCaseIds, rows, (row) => row.legalCaseId).map((linked) => linked.map((row) => row.recommendation));
});

/** The cases that a recommendation names, in the order they were linked. */
export const caseLinksByRecommendationId = defineLoader<string, RecommendationCaseLinkRow[]>(
  async (recommendationIds, context) => {
    const rows = await context.read
      .db('audit:caseLinksByRecommendationId')
      .select()
      .from(recommendationCaseLinks)
      .where(isAnyOf(recommendationCaseLinks.recommendationId, recommendationIds))
      .orderBy(recommendationCaseLinks.createdAt, recommendationCaseLinks.id);
    return alignMany(recommendationIds, rows, (row) => row.recommendationId);
  },
);

/** The recommendation that a row belongs to. Whoever sees an action plan sees the recommendation above it: the row policies say so. */
export async function recommendationOf(
  { recommendationId }: { recommendationId: string },
  _args: unknown,
  context: RequestContext,
): Promise<RecommendationRow> {
  const found = await recommendationById(context).load(recommendationId);
  if (found === null) throw new Error(`The recommendation ${recommendationId} of a visible row is not visible.`);
  return found;
}
