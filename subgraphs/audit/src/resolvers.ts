import { connectionFields } from '@bailiwick/kernel/pagination';
import { scalars } from '@bailiwick/kernel/graphql';
import type { Resolvers } from './__generated__/resolvers.js';
import { ActionPlan, actionPlanQueries } from './actionPlan.js';
import { Engagement } from './engagement/Engagement.js';
import { createEngagement } from './engagement/createEngagement.js';
import { engagementQueries } from './engagement/queries.js';
import { EngagementMember } from './engagementMember.js';
import { enumResolvers } from './enums.js';
import { Evidence } from './evidence.js';
import { Finding } from './finding/Finding.js';
import { findingQueries } from './finding/queries.js';
import { LegalCase } from './legalCase.js';
import { OrgUnit } from './orgUnit.js';
import { Person } from './person.js';
import { Recommendation } from './recommendation/Recommendation.js';
import { recommendationQueries } from './recommendation/queries.js';
import { Workpaper } from './workpaper.js';

const { DateTime, Date, BigInt } = scalars;

/** Everything the subgraph resolves; a field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  DateTime,
  Date,
  BigInt,
  ...enumResolvers,
  Query: { ...engagementQueries, ...findingQueries, ...recommendationQueries, ...actionPlanQueries },
  Mutation: { createEngagement },
  Engagement,
  EngagementMember,
  Workpaper,
  Evidence,
  Finding,
  Recommendation,
  ActionPlan,
  OrgUnit,
  Person,
  LegalCase,
  EngagementConnection: connectionFields,
  FindingConnection: connectionFields,
  RecommendationConnection: connectionFields,
  ActionPlanConnection: connectionFields,
};
