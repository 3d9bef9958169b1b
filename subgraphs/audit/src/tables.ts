import { relations, sql } from 'drizzle-orm';
import { bigint, boolean, date, integer, pgSchema, primaryKey, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import {
  actionPlanStatusValues,
  caseLinkRelationValues,
  engagementStatusValues,
  findingStatusValues,
  lifecycleStageValues,
  recommendationPriorityValues,
  recommendationStatusValues,
  riskRatingValues,
} from './enums.js';

// The tables of the audit system. Drizzle's view of what drizzle/migrations made; a test compares the two.

export const auditSystem = pgSchema('audit_system');

export const engagements = auditSystem.table('engagements', {
  id: uuid().primaryKey(),
  code: text()
    .notNull()
    .default(sql`audit_system.next_engagement_code()`),
  title: text().notNull(),
  scope: text(),
  objectives: text(),
  leadId: uuid('lead_id'),
  orgUnitId: uuid('org_unit_id'),
  startDate: date('start_date', { mode: 'string' }),
  endDate: date('end_date', { mode: 'string' }),
  status: text({ enum: engagementStatusValues }).notNull().default('planning'),
  lifecycleStage: text('lifecycle_stage', { enum: lifecycleStageValues }).notNull().default('planning'),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type EngagementRow = typeof engagements.$inferSelect;

export const engagementMembers = auditSystem.table('engagement_members', {
  id: uuid().primaryKey(),
  engagementId: uuid('engagement_id').notNull(),
  personId: uuid('person_id').notNull(),
  role: text().notNull().default('member'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type EngagementMemberRow = typeof engagementMembers.$inferSelect;

export const workpapers = auditSystem.table('workpapers', {
  id: uuid().primaryKey(),
  engagementId: uuid('engagement_id').notNull(),
  title: text().notNull(),
  procedure: text(),
  sampleRef: text('sample_ref'),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type WorkpaperRow = typeof workpapers.$inferSelect;

export const evidence = auditSystem.table('evidence', {
  id: uuid().primaryKey(),
  workpaperId: uuid('workpaper_id').notNull(),
  filePath: text('file_path').notNull(),
  fileName: text('file_name').notNull(),
  fileType: text('file_type'),
  fileSize: bigint('file_size', { mode: 'bigint' }),
  description: text(),
  uploadedBy: uuid('uploaded_by'),
  uploadedAt: timestamp('uploaded_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type EvidenceRow = typeof evidence.$inferSelect;

export const findings = auditSystem.table('findings', {
  id: uuid().primaryKey(),
  engagementId: uuid('engagement_id').notNull(),
  reference: text(),
  title: text().notNull(),
  condition: text(),
  criteria: text(),
  cause: text(),
  effect: text(),
  riskRating: text('risk_rating', { enum: riskRatingValues }).notNull().default('medium'),
  riskRank: smallint('risk_rank')
    .notNull()
    .generatedAlwaysAs(sql`case risk_rating when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end`),
  likelihood: text(),
  impactArea: text('impact_area'),
  status: text({ enum: findingStatusValues }).notNull().default('draft'),
  isMaterialWeakness: boolean('is_material_weakness').notNull().default(false),
  isSignificantDeficiency: boolean('is_significant_deficiency').notNull().default(false),
  isRepeat: boolean('is_repeat').notNull().default(false),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type FindingRow = typeof findings.$inferSelect;

export const recommendations = auditSystem.table('recommendations', {
  id: uuid().primaryKey(),
  findingId: uuid('finding_id').notNull(),
  recommendationText: text('recommendation_text').notNull(),
  priority: text({ enum: recommendationPriorityValues }).notNull().default('medium'),
  ownerUnitId: uuid('owner_unit_id'),
  ownerPersonId: uuid('owner_person_id'),
  targetDate: date('target_date', { mode: 'string' }),
  status: text({ enum: recommendationStatusValues }).notNull().default('draft'),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type RecommendationRow = typeof recommendations.$inferSelect;

export const actionPlans = auditSystem.table('action_plans', {
  id: uuid().primaryKey(),
  recommendationId: uuid('recommendation_id').notNull(),
  actionText: text('action_text').notNull(),
  ownerPersonId: uuid('owner_person_id'),
  startDate: date('start_date', { mode: 'string' }),
  targetDate: date('target_date', { mode: 'string' }),
  progressPercent: smallint('progress_percent').notNull().default(0),
  status: text({ enum: actionPlanStatusValues }).notNull().default('not_started'),
  notes: text(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type ActionPlanRow = typeof actionPlans.$inferSelect;

export const recommendationCaseLinks = auditSystem.table('recommendation_case_links', {
  id: uuid().primaryKey(),
  recommendationId: uuid('recommendation_id').notNull(),
  legalCaseId: uuid('legal_case_id').notNull(),
  relation: text({ enum: caseLinkRelationValues }).notNull().default('information_only'),
  note: text(),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type RecommendationCaseLinkRow = typeof recommendationCaseLinks.$inferSelect;

export const idempotencyKeys = auditSystem.table(
  'idempotency_keys',
  {
    personId: uuid('person_id').notNull(),
    key: text().notNull(),
    operation: text().notNull(),
    inputHash: text('input_hash').notNull(),
    entityId: uuid('entity_id').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.key] })],
);

// How the rows hang together. Drizzle wants both ends of each relation.

export const engagementsRelations = relations(engagements, ({ many }) => ({
  members: many(engagementMembers),
  workpapers: many(workpapers),
}));
export const engagementMembersRelations = relations(engagementMembers, ({ one }) => ({
  engagement: one(engagements, { fields: [engagementMembers.engagementId], references: [engagements.id] }),
}));
export const workpapersRelations = relations(workpapers, ({ one, many }) => ({
  engagement: one(engagements, { fields: [workpapers.engagementId], references: [engagements.id] }),
  evidence: many(evidence),
}));
export const evidenceRelations = relations(evidence, ({ one }) => ({
  workpaper: one(workpapers, { fields: [evidence.workpaperId], references: [workpapers.id] }),
}));
export const findingsRelations = relations(findings, ({ one, many }) => ({
  engagement: one(engagements, { fields: [findings.engagementId], references: [engagements.id] }),
  recommendations: many(recommendations),
}));
export const recommendationsRelations = relations(recommendations, ({ one, many }) => ({
  finding: one(findings, { fields: [recommendations.findingId], references: [findings.id] }),
  actionPlans: many(actionPlans),
  caseLinks: many(recommendationCaseLinks),
}));
export const actionPlansRelations = relations(actionPlans, ({ one }) => ({
  recommendation: one(recommendations, { fields: [actionPlans.recommendationId], references: [recommendations.id] }),
}));
export const recommendationCaseLinksRelations = relations(recommendationCaseLinks, ({ one }) => ({
  recommendation: one(recommendations, { fields: [recommendationCaseLinks.recommendationId], references: [recommendations.id] }),
}));
