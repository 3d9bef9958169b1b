-- Counts of a unit's cases are read from the index, the table left alone where vacuum has been: the policy of cases asks whether one is restricted,
-- which the index before this one did not know.
-- requires: 004_case_management_policies

-- lift: index-not-concurrently because over 100,000 cases it is made within a second
create index legal_cases_org_unit_id_opened_on_restricted on case_management.legal_cases (org_unit_id, opened_on, id) include (is_restricted);
drop index if exists case_management.legal_cases_org_unit_id_opened_on;
