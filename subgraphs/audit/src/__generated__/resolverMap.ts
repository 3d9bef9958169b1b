/* Generated from schema.graphql by `npm run codegen`. Do not edit. */
import { enumValues, scalars } from '@bailiwick/kernel/graphql';
import { ActionPlan } from '../actionPlan/ActionPlan.js';
import { Engagement } from '../engagement/Engagement.js';
import { EngagementMember } from '../engagementMember/EngagementMember.js';
import { Evidence } from '../evidence/Evidence.js';
import { Finding } from '../finding/Finding.js';
import { LegalCase } from '../legalCase/LegalCase.js';
import { OrgUnit } from '../orgUnit/OrgUnit.js';
import { Person } from '../person/Person.js';
import { Recommendation } from '../recommendation/Recommendation.js';
import { Workpaper } from '../workpaper/Workpaper.js';
import { createEngagement } from '../engagement/createEngagement.js';
import { queries as actionPlanQueries } from '../actionPlan/queries.js';
import { queries as engagementQueries } from '../engagement/queries.js';
import { queries as findingQueries } from '../finding/queries.js';
import { queries as recommendationQueries } from '../recommendation/queries.js';
import { engagements, engagementMembers, workpapers, evidence, findings, recommendations, actionPlans, recommendationCaseLinks } from '../tables.js';
import type { Resolvers } from './resolvers.js';

const enums = {
  CaseLinkRelation: enumValues(['ADOPTED_AS_BASIS', 'SUPPORTING_REFERENCE', 'INFORMATION_ONLY']),
  EngagementStatus: enumValues(['PLANNING', 'FIELDWORK', 'REPORTING', 'FOLLOW_UP', 'CLOSED']),
  LifecycleStage: enumValues(['PLANNING', 'FIELDWORK', 'REVIEW', 'DRAFT_REPORT', 'MANAGEMENT_RESPONSE', 'FINAL_REPORT', 'CLOSED']),
  RiskRating: enumValues(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']),
  FindingStatus: enumValues(['DRAFT', 'UNDER_REVIEW', 'APPROVED', 'CLOSED']),
  RecommendationPriority: enumValues(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']),
  RecommendationStatus: enumValues(['DRAFT', 'MANAGER_REVIEW', 'APPROVED', 'PUBLISHED', 'ACCEPTED', 'IMPLEMENTING', 'VERIFIED', 'OVERDUE', 'CLOSED']),
  ActionPlanStatus: enumValues(['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'OVERDUE', 'VERIFIED']),
};

/** Everything that the subgraph resolves. A field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  DateTime: scalars.DateTime,
  Date: scalars.Date,
  BigInt: scalars.BigInt,
  ...enums,
  Query: { ...actionPlanQueries, ...engagementQueries, ...findingQueries, ...recommendationQueries },
  Mutation: { createEngagement },
  ActionPlan,
  Engagement,
  EngagementMember,
  Evidence,
  Finding,
  LegalCase,
  OrgUnit,
  Person,
  Recommendation,
  Workpaper,
};

/** The table whose rows stand behind a type. */
export const tablesByType = {
  Engagement: engagements,
  EngagementMember: engagementMembers,
  Workpaper: workpapers,
  Evidence: evidence,
  Finding: findings,
  Recommendation: recommendations,
  ActionPlan: actionPlans,
  RecommendationCaseLink: recommendationCaseLinks,
};
