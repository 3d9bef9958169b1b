// The enumerations of the bailiwick, with the values as the CHECK constraints of the migrations have them. In the graph they are in upper case.

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
