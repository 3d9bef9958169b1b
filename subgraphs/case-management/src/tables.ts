import { relations, sql } from 'drizzle-orm';
import { bigint, boolean, date, integer, numeric, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import {
  assignmentRoleValues,
  caseEventTypeValues,
  closureTypeValues,
  courtOrderTypeValues,
  documentTypeValues,
  legalCaseStatusValues,
  legalCaseTypeValues,
  ourRoleValues,
  partyRoleValues,
  partyTypeValues,
  paymentStatusValues,
  priorityValues,
  taskStatusValues,
  workflowStateValues,
} from './enums.js';

// The tables of case management. Drizzle's view of what drizzle/migrations made; a test compares the two.

export const caseManagement = pgSchema('case_management');

export const legalCases = caseManagement.table('legal_cases', {
  id: uuid().primaryKey(),
  caseNumber: text('case_number')
    .notNull()
    .default(sql`case_management.next_case_number()`),
  title: text().notNull(),
  description: text(),
  status: text({ enum: legalCaseStatusValues }).notNull().default('under_review'),
  workflowState: text('workflow_state', { enum: workflowStateValues }).notNull().default('registered'),
  caseType: text('case_type', { enum: legalCaseTypeValues }).notNull().default('other'),
  matterType: text('matter_type'),
  priority: text({ enum: priorityValues }).notNull().default('medium'),
  isRestricted: boolean('is_restricted').notNull().default(false),
  region: text(),
  ourRole: text('our_role', { enum: ourRoleValues }),
  trackNumber: text('track_number'),
  caseOrigin: text('case_origin'),
  courtFileNumber: text('court_file_number'),
  openedOn: date('opened_on', { mode: 'string' })
    .notNull()
    .default(sql`(now() at time zone 'UTC')::date`),
  proceedingFiledOn: date('proceeding_filed_on', { mode: 'string' }),
  documentsServedOn: date('documents_served_on', { mode: 'string' }),
  returnableOn: date('returnable_on', { mode: 'string' }),
  returnableType: text('returnable_type'),
  orgUnitId: uuid('org_unit_id'),
  allegations: text(),
  reliefsSought: text('reliefs_sought'),
  opposingLawyerName: text('opposing_lawyer_name'),
  section5Notice: text('section5_notice'),
  landDescription: text('land_description'),
  closedOn: date('closed_on', { mode: 'string' }),
  closureType: text('closure_type', { enum: closureTypeValues }),
  closureNotes: text('closure_notes'),
  onHold: boolean('on_hold').notNull().default(false),
  holdReason: text('hold_reason'),
  heldUntil: date('held_until', { mode: 'string' }),
  lastChangeReason: text('last_change_reason'),
  submittedBy: uuid('submitted_by'),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type LegalCaseRow = typeof legalCases.$inferSelect;

export const parties = caseManagement.table('parties', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  name: text().notNull(),
  partyType: text('party_type', { enum: partyTypeValues }).notNull().default('other'),
  role: text({ enum: partyRoleValues }).notNull().default('other'),
  contactInfo: text('contact_info'),
  address: text(),
  phone: text(),
  email: text(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type PartyRow = typeof parties.$inferSelect;

export const caseAssignments = caseManagement.table('case_assignments', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  personId: uuid('person_id').notNull(),
  role: text({ enum: assignmentRoleValues }).notNull().default('member'),
  assignedAt: timestamp('assigned_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  endedAt: timestamp('ended_at', { withTimezone: true, mode: 'string' }),
  assignedBy: uuid('assigned_by'),
  reason: text(),
  endReason: text('end_reason'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type CaseAssignmentRow = typeof caseAssignments.$inferSelect;

export const documents = caseManagement.table('documents', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  title: text().notNull(),
  description: text(),
  documentType: text('document_type', { enum: documentTypeValues }).notNull().default('other'),
  isConfidential: boolean('is_confidential').notNull().default(false),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type DocumentRow = typeof documents.$inferSelect;

export const documentVersions = caseManagement.table('document_versions', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  documentId: uuid('document_id').notNull(),
  versionNumber: integer('version_number').notNull(),
  fileUrl: text('file_url'),
  fileName: text('file_name').notNull(),
  fileType: text('file_type'),
  fileSize: bigint('file_size', { mode: 'bigint' }),
  uploadedBy: uuid('uploaded_by'),
  uploadedAt: timestamp('uploaded_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type DocumentVersionRow = typeof documentVersions.$inferSelect;

export const caseEvents = caseManagement.table('case_events', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  eventType: text('event_type', { enum: caseEventTypeValues }).notNull().default('other'),
  title: text().notNull(),
  description: text(),
  startsAt: timestamp('starts_at', { withTimezone: true, mode: 'string' }).notNull(),
  endsAt: timestamp('ends_at', { withTimezone: true, mode: 'string' }),
  location: text(),
  attendees: text(),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type CaseEventRow = typeof caseEvents.$inferSelect;

export const tasks = caseManagement.table('tasks', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  title: text().notNull(),
  description: text(),
  assignedTo: uuid('assigned_to'),
  dueOn: date('due_on', { mode: 'string' }),
  status: text({ enum: taskStatusValues }).notNull().default('pending'),
  priority: text({ enum: priorityValues }).notNull().default('medium'),
  completionNotes: text('completion_notes'),
  completedAt: timestamp('completed_at', { withTimezone: true, mode: 'string' }),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type TaskRow = typeof tasks.$inferSelect;

export const courtOrders = caseManagement.table('court_orders', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  courtReference: text('court_reference'),
  partiesToProceeding: text('parties_to_proceeding'),
  orderDate: date('order_date', { mode: 'string' }).notNull(),
  orderType: text('order_type', { enum: courtOrderTypeValues }).notNull().default('other'),
  terms: text(),
  conclusionGrounds: text('conclusion_grounds'),
  outcome: text(),
  documentUrl: text('document_url'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type CourtOrderRow = typeof courtOrders.$inferSelect;

export const caseCosts = caseManagement.table('case_costs', {
  id: uuid().primaryKey(),
  caseId: uuid('case_id').notNull(),
  caseIsRestricted: boolean('case_is_restricted').notNull(),
  costType: text('cost_type').notNull(),
  amount: numeric({ precision: 18, scale: 2 }).notNull(),
  currency: text().notNull().default('PGK'),
  incurredOn: date('incurred_on', { mode: 'string' })
    .notNull()
    .default(sql`(now() at time zone 'UTC')::date`),
  paidOn: date('paid_on', { mode: 'string' }),
  paymentStatus: text('payment_status', { enum: paymentStatusValues }).notNull().default('unpaid'),
  amountPaid: numeric('amount_paid', { precision: 18, scale: 2 }).notNull().default('0'),
  description: text(),
  referenceNumber: text('reference_number'),
  payeeName: text('payee_name'),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type CaseCostRow = typeof caseCosts.$inferSelect;

export const idempotencyKeys = caseManagement.table(
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

// How the rows hang together. Drizzle wants both ends of each relation, and a name where two tables have several.

export const legalCasesRelations = relations(legalCases, ({ many }) => ({
  assignments: many(caseAssignments, { relationName: 'assignments' }),
  leads: many(caseAssignments, { relationName: 'leads' }),
  parties: many(parties),
  documents: many(documents),
  events: many(caseEvents, { relationName: 'events' }),
  nextEvents: many(caseEvents, { relationName: 'nextEvents' }),
  tasks: many(tasks),
  courtOrders: many(courtOrders),
  costs: many(caseCosts),
}));
export const caseAssignmentsRelations = relations(caseAssignments, ({ one }) => ({
  legalCase: one(legalCases, { fields: [caseAssignments.caseId], references: [legalCases.id], relationName: 'assignments' }),
  ledCase: one(legalCases, { fields: [caseAssignments.caseId], references: [legalCases.id], relationName: 'leads' }),
}));
export const partiesRelations = relations(parties, ({ one }) => ({
  legalCase: one(legalCases, { fields: [parties.caseId], references: [legalCases.id] }),
}));
export const documentsRelations = relations(documents, ({ one, many }) => ({
  legalCase: one(legalCases, { fields: [documents.caseId], references: [legalCases.id] }),
  versions: many(documentVersions, { relationName: 'versions' }),
  latestVersions: many(documentVersions, { relationName: 'latestVersions' }),
}));
export const documentVersionsRelations = relations(documentVersions, ({ one }) => ({
  document: one(documents, { fields: [documentVersions.documentId], references: [documents.id], relationName: 'versions' }),
  latestOf: one(documents, { fields: [documentVersions.documentId], references: [documents.id], relationName: 'latestVersions' }),
}));
export const caseEventsRelations = relations(caseEvents, ({ one }) => ({
  legalCase: one(legalCases, { fields: [caseEvents.caseId], references: [legalCases.id], relationName: 'events' }),
  nextOf: one(legalCases, { fields: [caseEvents.caseId], references: [legalCases.id], relationName: 'nextEvents' }),
}));
export const tasksRelations = relations(tasks, ({ one }) => ({
  legalCase: one(legalCases, { fields: [tasks.caseId], references: [legalCases.id] }),
}));
export const courtOrdersRelations = relations(courtOrders, ({ one }) => ({
  legalCase: one(legalCases, { fields: [courtOrders.caseId], references: [legalCases.id] }),
}));
export const caseCostsRelations = relations(caseCosts, ({ one }) => ({
  legalCase: one(legalCases, { fields: [caseCosts.caseId], references: [legalCases.id] }),
}));
