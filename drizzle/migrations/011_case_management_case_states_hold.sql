-- The rows that were there hold the rules of the migration before.
-- requires: 010_case_management_case_states

alter table case_management.legal_cases validate constraint legal_cases_hold_has_reason;
alter table case_management.legal_cases validate constraint legal_cases_submitted_by_fkey;
alter table case_management.legal_cases validate constraint legal_cases_type_has_closed_on;
