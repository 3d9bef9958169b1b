import { enumValues } from '@bailiwick/kernel/graphql';

// The enumerations of the bailiwick, with the values as the CHECK constraints of the migrations have them.

export const notificationSystemValues = ['case_management', 'audit_system'] as const;
export const notificationKindValues = [
  'deadline',
  'task',
  'event',
  'case_update',
  'cost_alert',
  'finding',
  'recommendation',
  'action_plan',
  'other',
] as const;
export const notificationPriorityValues = ['low', 'medium', 'high', 'urgent'] as const;

/** The resolvers of the enum types: UNDER_REVIEW in the graph is under_review in the database. */
export const enumResolvers = {
  NotificationSystem: enumValues(notificationSystemValues),
  NotificationKind: enumValues(notificationKindValues),
  NotificationPriority: enumValues(notificationPriorityValues),
};
