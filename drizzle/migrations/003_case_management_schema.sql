-- Legal cases and everything that hangs on them.
-- requires: 001_shared_tables_schema

create sequence case_management.case_number_seq as bigint;

-- LC-2026-000041. From a sequence, because MAX + 1 collides under two writers; a number that an import brought along is passed over.
create function case_management.next_case_number() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  serial text;
  candidate text;
begin
  loop
    serial := nextval('case_management.case_number_seq')::text;
    candidate := 'LC-' || to_char(now() at time zone 'UTC', 'YYYY') || '-' || lpad(serial, greatest(6, length(serial)), '0');
    exit when not exists (select from case_management.legal_cases c where c.case_number = candidate);
  end loop;
  return candidate;
end
$$;

create table case_management.legal_cases (
  id uuid primary key,
  case_number text not null default case_management.next_case_number()
    constraint legal_cases_case_number_unique unique
    constraint legal_cases_case_number_not_blank check (case_number = btrim(case_number) and case_number <> ''),
  title text not null constraint legal_cases_title_not_blank check (btrim(title) <> ''),
  description text,
  status text not null default 'under_review' constraint legal_cases_status_known
    check (status in ('under_review', 'in_court', 'mediation', 'tribunal', 'judgment', 'closed', 'settled')),
  workflow_state text not null default 'registered' constraint legal_cases_workflow_state_known
    check (workflow_state in ('registered', 'assigned', 'registration_completed', 'drafting', 'under_review', 'approved_for_filing',
      'filed', 'in_progress', 'judgment_entered', 'closed')),
  case_type text not null default 'other' constraint legal_cases_case_type_known
    check (case_type in ('tort', 'compensation_claim', 'fraud', 'judicial_review', 'dispute', 'court_matter', 'title_claim',
      'administrative_review', 'other')),
  matter_type text,
  priority text not null default 'medium' constraint legal_cases_priority_known check (priority in ('low', 'medium', 'high', 'urgent')),
  is_restricted boolean not null default false,
  region text,
  our_role text constraint legal_cases_our_role_known check (our_role in ('plaintiff', 'defendant')),
  track_number text,
  case_origin text,
  court_file_number text,
  opened_on date not null default (now() at time zone 'UTC')::date,
  proceeding_filed_on date,
  documents_served_on date,
  returnable_on date,
  returnable_type text,
  org_unit_id uuid constraint legal_cases_org_unit_id_fkey references public.org_units (id),
  allegations text,
  reliefs_sought text,
  opposing_lawyer_name text,
  section5_notice text,
  land_description text,
  closed_on date,
  closure_type text constraint legal_cases_closure_type_known
    check (closure_type in ('judgment_granted', 'judgment_dismissed', 'settled', 'withdrawn', 'struck_out', 'consent_order', 'other')),
  closure_notes text,
  created_by uuid constraint legal_cases_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint legal_cases_closed_has_type check (closed_on is null or closure_type is not null),
  constraint legal_cases_closed_after_opened check (closed_on is null or closed_on >= opened_on),
  -- What hangs on a case carries a copy of is_restricted, kept equal by foreign keys to this pair: row security then tests a column
  -- of the row itself and asks no second table.
  constraint legal_cases_id_is_restricted_unique unique (id, is_restricted)
);
create index legal_cases_opened_on on case_management.legal_cases (opened_on, id);
create index legal_cases_updated_at on case_management.legal_cases (updated_at, id);
create index legal_cases_title on case_management.legal_cases (title, id);
create index legal_cases_org_unit_id_opened_on on case_management.legal_cases (org_unit_id, opened_on, id);
create index legal_cases_status_opened_on on case_management.legal_cases (status, opened_on, id);
create index legal_cases_created_by on case_management.legal_cases (created_by);
create index legal_cases_title_trigrams on case_management.legal_cases using gin (title extensions.gin_trgm_ops);
create index legal_cases_case_number_trigrams on case_management.legal_cases using gin (case_number extensions.gin_trgm_ops);

create table case_management.parties (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  name text not null constraint parties_name_not_blank check (btrim(name) <> ''),
  party_type text not null default 'other' constraint parties_party_type_known
    check (party_type in ('individual', 'company', 'government_entity', 'other')),
  role text not null default 'other' constraint parties_role_known
    check (role in ('plaintiff', 'defendant', 'witness', 'third_party', 'other')),
  contact_info text,
  address text,
  phone text,
  email text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint parties_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade
);
create index parties_case_id on case_management.parties (case_id, case_is_restricted, name, id);
create index parties_name_trigrams on case_management.parties using gin (name extensions.gin_trgm_ops);

create table case_management.case_assignments (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  person_id uuid not null constraint case_assignments_person_id_fkey references public.people (id),
  role text not null default 'member' constraint case_assignments_role_known check (role in ('lead', 'member', 'support', 'observer')),
  assigned_at timestamptz not null default now(),
  ended_at timestamptz,
  assigned_by uuid constraint case_assignments_assigned_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint case_assignments_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade,
  constraint case_assignments_ended_after_assigned check (ended_at is null or ended_at >= assigned_at)
);
create unique index case_assignments_one_lead on case_management.case_assignments (case_id) where role = 'lead' and ended_at is null;
create unique index case_assignments_person_once on case_management.case_assignments (case_id, person_id) where ended_at is null;
create index case_assignments_case_id on case_management.case_assignments (case_id, case_is_restricted);
create index case_assignments_person_id on case_management.case_assignments (person_id, case_id) where ended_at is null;
create index case_assignments_person_id_all on case_management.case_assignments (person_id);
create index case_assignments_assigned_by on case_management.case_assignments (assigned_by);

create table case_management.documents (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  title text not null constraint documents_title_not_blank check (btrim(title) <> ''),
  description text,
  document_type text not null default 'other' constraint documents_document_type_known
    check (document_type in ('filing', 'affidavit', 'correspondence', 'survey_report', 'contract', 'evidence', 'court_order', 'pleading', 'other')),
  is_confidential boolean not null default false,
  created_by uuid constraint documents_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint documents_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade,
  constraint documents_id_case_id_unique unique (id, case_id)
);
create index documents_case_id on case_management.documents (case_id, case_is_restricted, created_at, id);
create index documents_created_by on case_management.documents (created_by);

create table case_management.document_versions (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  document_id uuid not null,
  version_number integer not null constraint document_versions_version_number_positive check (version_number >= 1),
  file_url text,
  file_name text not null,
  file_type text,
  file_size bigint constraint document_versions_file_size_positive check (file_size >= 0),
  uploaded_by uuid constraint document_versions_uploaded_by_fkey references public.people (id),
  uploaded_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint document_versions_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade,
  constraint document_versions_document_id_fkey foreign key (document_id, case_id) references case_management.documents (id, case_id),
  constraint document_versions_number_unique unique (document_id, version_number)
);
create index document_versions_case_id on case_management.document_versions (case_id, case_is_restricted);
create index document_versions_uploaded_by on case_management.document_versions (uploaded_by);

create table case_management.case_events (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  event_type text not null default 'other' constraint case_events_event_type_known
    check (event_type in ('hearing', 'filing_deadline', 'response_deadline', 'meeting', 'mediation', 'conference', 'other')),
  title text not null constraint case_events_title_not_blank check (btrim(title) <> ''),
  description text,
  starts_at timestamptz not null,
  ends_at timestamptz,
  location text,
  attendees text,
  created_by uuid constraint case_events_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint case_events_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade,
  constraint case_events_ends_after_start check (ends_at is null or ends_at >= starts_at)
);
create index case_events_case_id on case_management.case_events (case_id, starts_at, id);
create index case_events_case_id_is_restricted on case_management.case_events (case_id, case_is_restricted);
create index case_events_created_by on case_management.case_events (created_by);

create table case_management.tasks (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  title text not null constraint tasks_title_not_blank check (btrim(title) <> ''),
  description text,
  assigned_to uuid constraint tasks_assigned_to_fkey references public.people (id),
  due_on date,
  status text not null default 'pending' constraint tasks_status_known
    check (status in ('pending', 'in_progress', 'completed', 'overdue', 'cancelled')),
  priority text not null default 'medium' constraint tasks_priority_known check (priority in ('low', 'medium', 'high', 'urgent')),
  completion_notes text,
  completed_at timestamptz,
  created_by uuid constraint tasks_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint tasks_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade
);
create index tasks_case_id on case_management.tasks (case_id, case_is_restricted, created_at, id);
create index tasks_assigned_to on case_management.tasks (assigned_to);
create index tasks_created_by on case_management.tasks (created_by);

create table case_management.court_orders (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  court_reference text,
  parties_to_proceeding text,
  order_date date not null,
  order_type text not null default 'other' constraint court_orders_order_type_known
    check (order_type in ('interlocutory', 'final', 'consent', 'default', 'other')),
  terms text,
  conclusion_grounds text,
  outcome text,
  document_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint court_orders_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade
);
create index court_orders_case_id on case_management.court_orders (case_id, case_is_restricted, order_date, id);

create table case_management.case_costs (
  id uuid primary key,
  case_id uuid not null,
  case_is_restricted boolean not null,
  cost_type text not null constraint case_costs_cost_type_not_blank check (btrim(cost_type) <> ''),
  amount numeric(18, 2) not null constraint case_costs_amount_positive check (amount >= 0),
  currency text not null default 'PGK' constraint case_costs_currency_form check (currency ~ '^[A-Z]{3}$'),
  incurred_on date not null default (now() at time zone 'UTC')::date,
  paid_on date,
  payment_status text not null default 'unpaid' constraint case_costs_payment_status_known
    check (payment_status in ('paid', 'unpaid', 'partial', 'waived', 'disputed')),
  amount_paid numeric(18, 2) not null default 0 constraint case_costs_amount_paid_positive check (amount_paid >= 0),
  description text,
  reference_number text,
  payee_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint case_costs_case_id_fkey foreign key (case_id, case_is_restricted)
    references case_management.legal_cases (id, is_restricted) on update cascade
);
create index case_costs_case_id on case_management.case_costs (case_id, case_is_restricted, incurred_on, id);

create table case_management.idempotency_keys (
  person_id uuid not null,
  key text not null constraint idempotency_keys_key_length check (length(key) between 1 and 200),
  operation text not null,
  input_hash text not null,
  entity_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (person_id, key)
);
comment on table case_management.idempotency_keys is 'One row for each mutation that came with an idempotency key: a retry finds what the first call made.';

-- Fills the copy of is_restricted; the foreign key then holds it equal. The owner reads past row security, the writer need not see the case.
-- A case that does not exist counts as restricted: to try ids out gives the same answer for both.
create function case_management.copy_case_restriction() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  new.case_is_restricted := coalesce((select c.is_restricted from case_management.legal_cases c where c.id = new.case_id), true);
  return new;
end
$$;

create trigger legal_cases_touch before update on case_management.legal_cases for each row execute function guard.touch_row();
create trigger parties_touch before update on case_management.parties for each row execute function guard.touch_row();
create trigger case_assignments_touch before update on case_management.case_assignments for each row execute function guard.touch_row();
create trigger documents_touch before update on case_management.documents for each row execute function guard.touch_row();
create trigger document_versions_touch before update on case_management.document_versions for each row execute function guard.touch_row();
create trigger case_events_touch before update on case_management.case_events for each row execute function guard.touch_row();
create trigger tasks_touch before update on case_management.tasks for each row execute function guard.touch_row();
create trigger court_orders_touch before update on case_management.court_orders for each row execute function guard.touch_row();
create trigger case_costs_touch before update on case_management.case_costs for each row execute function guard.touch_row();
create trigger parties_copy_restriction before insert or update of case_id on case_management.parties
  for each row execute function case_management.copy_case_restriction();
create trigger case_assignments_copy_restriction before insert or update of case_id on case_management.case_assignments
  for each row execute function case_management.copy_case_restriction();
create trigger documents_copy_restriction before insert or update of case_id on case_management.documents
  for each row execute function case_management.copy_case_restriction();
create trigger document_versions_copy_restriction before insert or update of case_id on case_management.document_versions
  for each row execute function case_management.copy_case_restriction();
create trigger case_events_copy_restriction before insert or update of case_id on case_management.case_events
  for each row execute function case_management.copy_case_restriction();
create trigger tasks_copy_restriction before insert or update of case_id on case_management.tasks
  for each row execute function case_management.copy_case_restriction();
create trigger court_orders_copy_restriction before insert or update of case_id on case_management.court_orders
  for each row execute function case_management.copy_case_restriction();
create trigger case_costs_copy_restriction before insert or update of case_id on case_management.case_costs
  for each row execute function case_management.copy_case_restriction();

-- The cases that the current person works on. Row policies test it for restricted cases only.
create function case_management.assigned_case_ids_of_current_person() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    select a.case_id from case_management.case_assignments a
    where a.person_id = identity.current_person_id() and a.ended_at is null
  );
end
$$;

-- The visible cases whose number, title or party name contains the text. A function of the owner, because PostgreSQL uses no trigram
-- index below row security (its operators are not leakproof); it therefore applies the policy of legal_cases itself.
create function case_management.search_legal_case_ids(query text) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, extensions, pg_temp as $$
declare
  pattern constant text := '%' || replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  is_admin constant boolean := identity.may('case_management', 'admin');
  assigned constant uuid[] := case_management.assigned_case_ids_of_current_person();
begin
  if not identity.may('case_management', 'read') then
    return array[]::uuid[];
  end if;
  return array(
    select c.id from case_management.legal_cases c
    where (c.title ilike pattern or c.case_number ilike pattern) and (is_admin or not c.is_restricted or c.id = any (assigned))
    union
    select p.case_id from case_management.parties p
    where p.name ilike pattern and (is_admin or not p.case_is_restricted or p.case_id = any (assigned))
  );
end
$$;

grant execute on function case_management.next_case_number(), case_management.assigned_case_ids_of_current_person(),
  case_management.search_legal_case_ids(text) to case_management_app;
grant select, insert, update, delete on
  case_management.legal_cases,
  case_management.parties,
  case_management.case_assignments,
  case_management.documents,
  case_management.document_versions,
  case_management.case_events,
  case_management.tasks,
  case_management.court_orders,
  case_management.case_costs,
  case_management.idempotency_keys
  to case_management_app;
