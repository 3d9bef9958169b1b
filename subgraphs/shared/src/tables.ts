import { relations } from 'drizzle-orm';
import { boolean, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { notificationKindValues, notificationPriorityValues, notificationSystemValues } from './enums.js';

// The tables of the shared bailiwick: org units, people, notifications. Drizzle's view of what drizzle/migrations made; a test compares the two.

export const orgUnits = pgTable('org_units', {
  id: uuid().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  unitType: text('unit_type').notNull().default('division'),
  description: text(),
  parentId: uuid('parent_id'),
  isActive: boolean('is_active').notNull().default(true),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type OrgUnitRow = typeof orgUnits.$inferSelect;

export const people = pgTable('people', {
  id: uuid().primaryKey(),
  userId: uuid('user_id'),
  fullName: text('full_name').notNull(),
  email: text(),
  phone: text(),
  title: text(),
  roles: text().array().notNull().default([]),
  orgUnitId: uuid('org_unit_id'),
  isActive: boolean('is_active').notNull().default(true),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type PersonRow = typeof people.$inferSelect;

export const notifications = pgTable('notifications', {
  id: uuid().primaryKey(),
  recipientId: uuid('recipient_id').notNull(),
  system: text({ enum: notificationSystemValues }).notNull(),
  kind: text({ enum: notificationKindValues }).notNull().default('other'),
  priority: text({ enum: notificationPriorityValues }).notNull().default('medium'),
  title: text().notNull(),
  message: text(),
  link: text(),
  caseId: uuid('case_id'),
  readAt: timestamp('read_at', { withTimezone: true, mode: 'string' }),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: integer().notNull().default(1),
});
export type NotificationRow = typeof notifications.$inferSelect;

export const idempotencyKeys = pgTable(
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

// How the rows hang together.

export const orgUnitsRelations = relations(orgUnits, ({ one }) => ({
  parent: one(orgUnits, { fields: [orgUnits.parentId], references: [orgUnits.id] }),
}));
export const peopleRelations = relations(people, ({ one }) => ({
  orgUnit: one(orgUnits, { fields: [people.orgUnitId], references: [orgUnits.id] }),
}));
export const notificationsRelations = relations(notifications, ({ one }) => ({
  recipient: one(people, { fields: [notifications.recipientId], references: [people.id] }),
}));
