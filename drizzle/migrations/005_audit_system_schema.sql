-- Engagements, what is found in them, and what comes of it.
-- requires: 001_shared_tables_schema

create sequence audit_system.engagement_code_seq as bigint;

-- EN-2026-000041. From a sequence, because MAX + 1 collides under two writers; a code that an import brought along is passed over.
create function audit_system.next_engagement_code() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  serial text;
  candidate text;
begin
  loop
    serial := nextval('audit_system.engagement_code_seq')::text;
    candidate := 'EN-' || to_char(now() at time zone 'UTC', 'YYYY') || '-' || lpad(serial, greatest(6, length(serial)), '0');
    exit when not exists (select from audit_system.engagements e where e.code = candidate);
  end loop;
  return candidate;
end
$$;

create table audit_system.engagements (
  id uuid primary key,
  code text not null default audit_system.next_engagement_code()
    constraint engagements_code_unique unique constraint engagements_code_not_blank check (code = btrim(code) and code <> ''),
  title text not null constraint engagements_title_not_blank check (btrim(title) <> ''),
  scope text,
  objectives text,
  lead_id uuid constraint engagements_lead_id_fkey references public.people (id),
  org_unit_id uuid constraint engagements_org_unit_id_fkey references public.org_units (id),
  start_date date,
  end_date date,
  status text not null default 'planning' constraint engagements_status_known
    check (status in ('planning', 'fieldwork', 'reporting', 'follow_up', 'closed')),
  lifecycle_stage text not null default 'planning' constraint engagements_lifecycle_stage_known
    check (lifecycle_stage in ('planning', 'fieldwork', 'review', 'draft_report', 'management_response', 'final_report', 'closed')),
  created_by uuid constraint engagements_created_by_fkey references public.people (id),
  constraint engagements_ends_after_start check (end_date is null or start_date is null or end_date >= start_date),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index engagements_created_at on audit_system.engagements (created_at, id);
create index engagements_title on audit_system.engagements (title, id);
create index engagements_org_unit_id on audit_system.engagements (org_unit_id, created_at, id);
create index engagements_lead_id on audit_system.engagements (lead_id, created_at, id);
create index engagements_created_by on audit_system.engagements (created_by);

create table audit_system.engagement_members (
  id uuid primary key,
  engagement_id uuid not null constraint engagement_members_engagement_id_fkey references audit_system.engagements (id),
  person_id uuid not null constraint engagement_members_person_id_fkey references public.people (id),
  role text not null default 'member' constraint engagement_members_role_not_blank check (btrim(role) <> ''),
  constraint engagement_members_person_once unique (engagement_id, person_id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index engagement_members_person_id on audit_system.engagement_members (person_id);

create table audit_system.workpapers (
  id uuid primary key,
  engagement_id uuid not null constraint workpapers_engagement_id_fkey references audit_system.engagements (id),
  title text not null constraint workpapers_title_not_blank check (btrim(title) <> ''),
  procedure text,
  sample_ref text,
  created_by uuid constraint workpapers_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index workpapers_engagement_id on audit_system.workpapers (engagement_id, created_at, id);
create index workpapers_created_by on audit_system.workpapers (created_by);

create table audit_system.evidence (
  id uuid primary key,
  workpaper_id uuid not null constraint evidence_workpaper_id_fkey references audit_system.workpapers (id),
  file_path text not null,
  file_name text not null,
  file_type text,
  file_size bigint constraint evidence_file_size_positive check (file_size >= 0),
  description text,
  uploaded_by uuid constraint evidence_uploaded_by_fkey references public.people (id),
  uploaded_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index evidence_workpaper_id on audit_system.evidence (workpaper_id, uploaded_at, id);
create index evidence_uploaded_by on audit_system.evidence (uploaded_by);

create table audit_system.findings (
  id uuid primary key,
  engagement_id uuid not null constraint findings_engagement_id_fkey references audit_system.engagements (id),
  reference text,
  title text not null constraint findings_title_not_blank check (btrim(title) <> ''),
  condition text,
  criteria text,
  cause text,
  effect text,
  risk_rating text not null default 'medium' constraint findings_risk_rating_known check (risk_rating in ('critical', 'high', 'medium', 'low')),
  risk_rank smallint not null generated always as
    (case risk_rating when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end) stored,
  likelihood text,
  impact_area text,
  status text not null default 'draft' constraint findings_status_known check (status in ('draft', 'under_review', 'approved', 'closed')),
  is_material_weakness boolean not null default false,
  is_significant_deficiency boolean not null default false,
  is_repeat boolean not null default false,
  created_by uuid constraint findings_created_by_fkey references public.people (id),
  constraint findings_reference_unique unique (engagement_id, reference),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
comment on column audit_system.findings.reference is 'The number that the report gives the finding, unique within its engagement.';
comment on column audit_system.findings.risk_rank is 'risk_rating as a number that sorts: 4 critical to 1 low.';
create index findings_engagement_id on audit_system.findings (engagement_id, created_at, id);
create index findings_created_at on audit_system.findings (created_at, id);
create index findings_risk_rank on audit_system.findings (risk_rank, id);
create index findings_status on audit_system.findings (status, created_at, id);
create index findings_created_by on audit_system.findings (created_by);

create table audit_system.recommendations (
  id uuid primary key,
  finding_id uuid not null constraint recommendations_finding_id_fkey references audit_system.findings (id),
  recommendation_text text not null constraint recommendations_text_not_blank check (btrim(recommendation_text) <> ''),
  priority text not null default 'medium' constraint recommendations_priority_known check (priority in ('critical', 'high', 'medium', 'low')),
  owner_unit_id uuid constraint recommendations_owner_unit_id_fkey references public.org_units (id),
  owner_person_id uuid constraint recommendations_owner_person_id_fkey references public.people (id),
  target_date date,
  status text not null default 'draft' constraint recommendations_status_known
    check (status in ('draft', 'manager_review', 'approved', 'published', 'accepted', 'implementing', 'verified', 'overdue', 'closed')),
  created_by uuid constraint recommendations_created_by_fkey references public.people (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index recommendations_finding_id on audit_system.recommendations (finding_id, created_at, id);
create index recommendations_created_at on audit_system.recommendations (created_at, id);
create index recommendations_target_date on audit_system.recommendations ((coalesce(target_date, 'infinity'::date)), id);
create index recommendations_owner_person_id on audit_system.recommendations (owner_person_id, created_at, id);
create index recommendations_owner_unit_id on audit_system.recommendations (owner_unit_id, created_at, id);
create index recommendations_created_by on audit_system.recommendations (created_by);

create table audit_system.action_plans (
  id uuid primary key,
  recommendation_id uuid not null constraint action_plans_recommendation_id_fkey references audit_system.recommendations (id),
  action_text text not null constraint action_plans_text_not_blank check (btrim(action_text) <> ''),
  owner_person_id uuid constraint action_plans_owner_person_id_fkey references public.people (id),
  start_date date,
  target_date date,
  progress_percent smallint not null default 0 constraint action_plans_progress_percent_range check (progress_percent between 0 and 100),
  status text not null default 'not_started' constraint action_plans_status_known
    check (status in ('not_started', 'in_progress', 'completed', 'overdue', 'verified')),
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index action_plans_recommendation_id on audit_system.action_plans (recommendation_id, created_at, id);
create index action_plans_created_at on audit_system.action_plans (created_at, id);
create index action_plans_target_date on audit_system.action_plans ((coalesce(target_date, 'infinity'::date)), id);
create index action_plans_owner_person_id on audit_system.action_plans (owner_person_id, created_at, id);

create table audit_system.recommendation_case_links (
  id uuid primary key,
  recommendation_id uuid not null constraint recommendation_case_links_recommendation_id_fkey references audit_system.recommendations (id),
  legal_case_id uuid not null,
  relation text not null default 'information_only' constraint recommendation_case_links_relation_known
    check (relation in ('adopted_as_basis', 'supporting_reference', 'information_only')),
  note text,
  created_by uuid constraint recommendation_case_links_created_by_fkey references public.people (id),
  constraint recommendation_case_links_pair_unique unique (recommendation_id, legal_case_id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
comment on column audit_system.recommendation_case_links.legal_case_id is
  'A case of the other system, named by its id only: no foreign key crosses from one system to the other.';
create index recommendation_case_links_legal_case_id on audit_system.recommendation_case_links (legal_case_id, recommendation_id);
create index recommendation_case_links_created_by on audit_system.recommendation_case_links (created_by);

create table audit_system.idempotency_keys (
  person_id uuid not null,
  key text not null constraint idempotency_keys_key_length check (length(key) between 1 and 200),
  operation text not null,
  input_hash text not null,
  entity_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (person_id, key)
);
comment on table audit_system.idempotency_keys is 'One row for each mutation that came with an idempotency key: a retry finds what the first call made.';

create trigger engagements_touch before update on audit_system.engagements for each row execute function guard.touch_row();
create trigger engagement_members_touch before update on audit_system.engagement_members for each row execute function guard.touch_row();
create trigger workpapers_touch before update on audit_system.workpapers for each row execute function guard.touch_row();
create trigger evidence_touch before update on audit_system.evidence for each row execute function guard.touch_row();
create trigger findings_touch before update on audit_system.findings for each row execute function guard.touch_row();
create trigger recommendations_touch before update on audit_system.recommendations for each row execute function guard.touch_row();
create trigger action_plans_touch before update on audit_system.action_plans for each row execute function guard.touch_row();
create trigger recommendation_case_links_touch before update on audit_system.recommendation_case_links for each row execute function guard.touch_row();

-- What an action owner answers for: a recommendation of theirs, one with an action plan of theirs, and the findings above those.
create function audit_system.recommendation_ids_of_current_person() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    select r.id from audit_system.recommendations r where r.owner_person_id = identity.current_person_id()
    union
    select a.recommendation_id from audit_system.action_plans a where a.owner_person_id = identity.current_person_id()
  );
end
$$;

create function audit_system.finding_ids_of_current_person() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    select distinct r.finding_id from audit_system.recommendations r
    where r.id = any (audit_system.recommendation_ids_of_current_person())
  );
end
$$;

grant execute on function audit_system.next_engagement_code(), audit_system.recommendation_ids_of_current_person(),
  audit_system.finding_ids_of_current_person() to audit_system_app;
grant select, insert, update, delete on
  audit_system.engagements,
  audit_system.engagement_members,
  audit_system.workpapers,
  audit_system.evidence,
  audit_system.findings,
  audit_system.recommendations,
  audit_system.action_plans,
  audit_system.recommendation_case_links,
  audit_system.idempotency_keys
  to audit_system_app;
