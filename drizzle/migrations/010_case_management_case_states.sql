-- One truth about where a case stands: its workflow_state. The status follows from it, on hold is a flag beside it, and a case is closed with a day
-- and a way of closing, or with neither.
-- requires: 009_case_management_counts

alter table case_management.legal_cases
  add column if not exists on_hold boolean not null default false,
  add column if not exists hold_reason text,
  add column if not exists held_until date,
  add column if not exists last_change_reason text,
  add column if not exists submitted_by uuid;
comment on column case_management.legal_cases.last_change_reason is 'Why it last changed its state, its hold or its restriction.';
comment on column case_management.legal_cases.submitted_by is 'Who last put its draft up for review, and may therefore not review it.';

alter table case_management.legal_cases
  add constraint legal_cases_hold_has_reason check (on_hold = (hold_reason is not null) and (on_hold or held_until is null)) not valid,
  add constraint legal_cases_submitted_by_fkey foreign key (submitted_by) references public.people (id) not valid;
-- lift: index-not-concurrently because over 100,000 cases it is made within a second
create index legal_cases_submitted_by on case_management.legal_cases (submitted_by);

-- The day it is in the office.
create function case_management.today() returns date
language sql stable parallel safe
return (now() at time zone 'UTC')::date;

-- A row that comes in with a status alone, as imports of older systems bring it, is put at the state that the status tells: the default state says nothing.
-- A closing day closes. Everything else goes by the state.
create function case_management.follow_workflow_state() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.closed_on is not null or tg_op = 'INSERT' and new.status in ('closed', 'settled') then
    new.workflow_state := 'closed';
  elsif tg_op = 'INSERT' and new.workflow_state = 'registered' then
    new.workflow_state := case new.status when 'judgment' then 'judgment_entered' when 'under_review' then 'registered' else 'in_progress' end;
  end if;
  new.status := case new.workflow_state
    when 'closed' then case when new.closure_type in ('settled', 'consent_order') or new.closure_type is null and new.status = 'settled' then 'settled' else 'closed' end
    when 'judgment_entered' then 'judgment'
    when 'filed' then case when new.status in ('mediation', 'tribunal') then new.status else 'in_court' end
    when 'in_progress' then case when new.status in ('mediation', 'tribunal') then new.status else 'in_court' end
    else 'under_review'
  end;
  return new;
end
$$;
create trigger legal_cases_follow_workflow_state before insert or update of workflow_state, status, closed_on, closure_type
  on case_management.legal_cases for each row execute function case_management.follow_workflow_state();

-- The rows that are there. A status that contradicts the state wins where the state stands at its default or the status says that the case is over; the
-- trigger does the rest. A way of closing without a day is kept: as the day of the last change on a case that is over, as a note on one that is open.
update case_management.legal_cases set closed_on = greatest(opened_on, (updated_at at time zone 'UTC')::date)
  where closed_on is null and closure_type is not null and (status in ('closed', 'settled') or workflow_state = 'closed');
update case_management.legal_cases set workflow_state = 'closed'
  where workflow_state <> 'closed' and (closed_on is not null or status in ('closed', 'settled'));
update case_management.legal_cases set workflow_state = case status when 'judgment' then 'judgment_entered' else 'in_progress' end
  where workflow_state = 'registered' and status in ('in_court', 'mediation', 'tribunal', 'judgment');
-- Behind the state: the trigger sets the status of each row that it touches.
update case_management.legal_cases set closure_notes = concat_ws(E'\n', closure_notes, 'On file as ' || closure_type || ', without a day.'), closure_type = null
  where closed_on is null and closure_type is not null;
update case_management.legal_cases set workflow_state = workflow_state
  where status <> case workflow_state
    when 'closed' then case when closure_type in ('settled', 'consent_order') or closure_type is null and status = 'settled' then 'settled' else 'closed' end
    when 'judgment_entered' then 'judgment'
    when 'filed' then case when status in ('mediation', 'tribunal') then status else 'in_court' end
    when 'in_progress' then case when status in ('mediation', 'tribunal') then status else 'in_court' end
    else 'under_review'
  end;

alter table case_management.legal_cases add constraint legal_cases_type_has_closed_on check (closure_type is null or closed_on is not null) not valid;

grant execute on function case_management.today() to case_management_app;
