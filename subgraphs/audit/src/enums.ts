// The enumerations of the bailiwick, with the values as the CHECK constraints of the migrations have them. In the graph they are in upper case.

export const caseLinkRelationValues = ['adopted_as_basis', 'supporting_reference', 'information_only'] as const;
export const engagementStatusValues = ['planning', 'fieldwork', 'reporting', 'follow_up', 'closed'] as const;
export const lifecycleStageValues = [
  'planning',
  'fieldwork',
  'review',
  'draft_report',
  'management_response',
  'final_report',
  'closed',
] as const;
export const riskRatingValues = ['critical', 'high', 'medium', 'low'] as const;
export const findingStatusValues = ['draft', 'under_review', 'approved', 'closed'] as const;
export const recommendationPriorityValues = ['critical', 'high', 'medium', 'low'] as const;
export const recommendationStatusValues = [
  'draft',
  'manager_review',
  'approved',
  'published',
  'accepted',
  'implementing',
  'verified',
  'overdue',
  'closed',
] as const;
export const actionPlanStatusValues = ['not_started', 'in_progress', 'completed', 'overdue', 'verified'] as const;
