import { loaderById, loaderByParent, loading } from '@bailiwick/kernel/graphql';
import type { AlongRow } from '@bailiwick/kernel/graphql';
import { eq } from 'drizzle-orm';
import { findingById } from '../finding/loaders.js';
import { recommendationCaseLinks, recommendations } from '../tables.js';

/** The finding that a recommendation is about. */
const finding: AlongRow = { field: 'finding', by: recommendations.findingId, loader: findingById };

/** A recommendation by its id; null where the caller may not see it. */
export const recommendationById = loaderById('audit:recommendationById', recommendations, [finding]);

/** What is recommended about a finding, the oldest first. */
export const recommendationsByFindingId = loaderByParent({
  label: 'audit:recommendationsByFindingId',
  table: recommendations,
  by: recommendations.findingId,
  orderBy: [recommendations.createdAt, recommendations.id],
});

/** The recommendations that bear on a case, the oldest first. */
export const recommendationsByLegalCaseId = loaderByParent({
  label: 'audit:recommendationsByLegalCaseId',
  table: recommendations,
  by: recommendationCaseLinks.legalCaseId,
  link: { table: recommendationCaseLinks, on: eq(recommendations.id, recommendationCaseLinks.recommendationId) },
  along: [finding],
  orderBy: [recommendations.createdAt, recommendations.id],
});

/** The cases that a recommendation names, in the order they were linked. */
export const caseLinksByRecommendationId = loaderByParent({
  label: 'audit:caseLinksByRecommendationId',
  table: recommendationCaseLinks,
  by: recommendationCaseLinks.recommendationId,
  orderBy: [recommendationCaseLinks.createdAt, recommendationCaseLinks.id],
});

/** The recommendation that a row belongs to. Whoever sees an action plan sees the recommendation above it: the row policies say so. */
export const recommendationOf = loading(
  recommendationById,
  ({ recommendationId }: { recommendationId: string }) => recommendationId,
  (found, { recommendationId }) => {
    if (found === null) throw new Error(`The recommendation ${recommendationId} of a visible row is not visible.`);
    return found;
  },
);
