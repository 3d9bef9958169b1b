// The enumerations of the bailiwick, with the values as the CHECK constraints of the migrations have them. In the graph they are in upper case.

export const caseLinkRelationValues = ['adopted_as_basis', 'supporting_reference', 'information_only'] as const;
export const legalCaseStatusValues = [
  'under_review',
  'in_court',
  'mediation',
  'tribunal',
  'judgment',
  'closed',
  'settled',
] as const;
export const workflowStateValues = [
  'registered',
  'assigned',
  'registration_completed',
  'drafting',
  'under_review',
  'approved_for_filing',
  'filed',
  'in_progress',
  'judgment_entered',
  'closed',
] as const;
export const legalCaseMoveValues = [
  'assign',
  'complete_registration',
  'start_drafting',
  'submit_for_review',
  'approve_for_filing',
  'return_to_drafting',
  'file',
  'start_proceeding',
  'change_forum',
  'enter_judgment',
  'close_after_judgment',
  'close_without_judgment',
  'withdraw',
  'reopen',
  'hold',
  'resume',
  'restrict',
  'unrestrict',
] as const;
export const legalCaseTypeValues = [
  'tort',
  'compensation_claim',
  'fraud',
  'judicial_review',
  'dispute',
  'court_matter',
  'title_claim',
  'administrative_review',
  'other',
] as const;
export const priorityValues = ['low', 'medium', 'high', 'urgent'] as const;
export const ourRoleValues = ['plaintiff', 'defendant'] as const;
export const closureTypeValues = [
  'judgment_granted',
  'judgment_dismissed',
  'settled',
  'withdrawn',
  'struck_out',
  'consent_order',
  'other',
] as const;
export const partyTypeValues = ['individual', 'company', 'government_entity', 'other'] as const;
export const partyRoleValues = ['plaintiff', 'defendant', 'witness', 'third_party', 'other'] as const;
export const assignmentRoleValues = ['lead', 'member', 'support', 'observer'] as const;
export const documentTypeValues = [
  'filing',
  'affidavit',
  'correspondence',
  'survey_report',
  'contract',
  'evidence',
  'court_order',
  'pleading',
  'other',
] as const;
export const caseEventTypeValues = [
  'hearing',
  'filing_deadline',
  'response_deadline',
  'meeting',
  'mediation',
  'conference',
  'other',
] as const;
export const taskStatusValues = ['pending', 'in_progress', 'completed', 'overdue', 'cancelled'] as const;
export const courtOrderTypeValues = ['interlocutory', 'final', 'consent', 'default', 'other'] as const;
export const paymentStatusValues = ['paid', 'unpaid', 'partial', 'waived', 'disputed'] as const;
