-- Why somebody works on a case, and why no longer. An observer reads only: no policy lets them write to the case, unless they may approve.
-- requires: 011_case_management_case_states_hold

alter table case_management.case_assignments
  add column if not exists reason text,
  add column if not exists end_reason text;

-- The cases that the current person merely observes.
create function case_management.observed_case_ids_of_current_person() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    select a.case_id from case_management.case_assignments a
    where a.person_id = identity.current_person_id() and a.ended_at is null and a.role = 'observer'
  );
end
$$;
grant execute on function case_management.observed_case_ids_of_current_person() to case_management_app;

create policy legal_cases_update_no_observer on case_management.legal_cases as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy parties_insert_no_observer on case_management.parties as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy parties_update_no_observer on case_management.parties as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_assignments_insert_no_observer on case_management.case_assignments as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_assignments_update_no_observer on case_management.case_assignments as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy documents_insert_no_observer on case_management.documents as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy documents_update_no_observer on case_management.documents as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy document_versions_insert_no_observer on case_management.document_versions as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy document_versions_update_no_observer on case_management.document_versions as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_events_insert_no_observer on case_management.case_events as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_events_update_no_observer on case_management.case_events as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy tasks_insert_no_observer on case_management.tasks as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy tasks_update_no_observer on case_management.tasks as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy court_orders_insert_no_observer on case_management.court_orders as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy court_orders_update_no_observer on case_management.court_orders as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_costs_insert_no_observer on case_management.case_costs as restrictive for insert to case_management_app
  with check ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
create policy case_costs_update_no_observer on case_management.case_costs as restrictive for update to case_management_app
  using ((select identity.may('case_management', 'approve'))
    or case_id not in (select unnest(case_management.observed_case_ids_of_current_person())));
