-- Org units, people and notifications: what both systems refer to. Only tables live in public.

create table public.org_units (
  id uuid primary key,
  code text not null constraint org_units_code_unique unique constraint org_units_code_not_blank check (code = btrim(code) and code <> ''),
  name text not null constraint org_units_name_not_blank check (btrim(name) <> ''),
  unit_type text not null default 'division' constraint org_units_unit_type_not_blank check (btrim(unit_type) <> ''),
  description text,
  parent_id uuid constraint org_units_parent_id_fkey references public.org_units (id),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
create index org_units_parent_id_name on public.org_units (parent_id, name, id);
create index org_units_name on public.org_units (name, id);

create table public.people (
  id uuid primary key,
  user_id uuid constraint people_user_id_unique unique,
  full_name text not null constraint people_full_name_not_blank check (btrim(full_name) <> ''),
  email text constraint people_email_form check (email = btrim(email) and email like '_%@_%'),
  phone text,
  title text,
  roles text[] not null default '{}' constraint people_roles_no_null check (array_position(roles, null) is null),
  org_unit_id uuid constraint people_org_unit_id_fkey references public.org_units (id),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
comment on column public.people.user_id is 'The id that an outside sign-in system knows the person by.';
create unique index people_email_unique on public.people (lower(email));
create index people_full_name on public.people (full_name, id);
create index people_org_unit_id on public.people (org_unit_id, full_name, id);

create table public.notifications (
  id uuid primary key,
  recipient_id uuid not null constraint notifications_recipient_id_fkey references public.people (id),
  system text not null constraint notifications_system_known check (system in ('case_management', 'audit_system')),
  kind text not null default 'other' constraint notifications_kind_known
    check (kind in ('deadline', 'task', 'event', 'case_update', 'cost_alert', 'finding', 'recommendation', 'action_plan', 'other')),
  priority text not null default 'medium' constraint notifications_priority_known check (priority in ('low', 'medium', 'high', 'urgent')),
  title text not null,
  message text,
  link text,
  case_id uuid,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
comment on column public.notifications.case_id is 'The legal case it is about; no foreign key, because shared tables refer to no system.';
create index notifications_recipient_id_created_at on public.notifications (recipient_id, created_at, id);

create table public.idempotency_keys (
  person_id uuid not null,
  key text not null constraint idempotency_keys_key_length check (length(key) between 1 and 200),
  operation text not null,
  input_hash text not null,
  entity_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (person_id, key)
);
comment on table public.idempotency_keys is 'One row for each mutation that came with an idempotency key: a retry finds what the first call made.';

create trigger org_units_touch before update on public.org_units for each row execute function guard.touch_row();
create trigger people_touch before update on public.people for each row execute function guard.touch_row();
create trigger notifications_touch before update on public.notifications for each row execute function guard.touch_row();
create trigger org_units_one_move_at_a_time before update of parent_id on public.org_units
  for each statement execute function guard.one_org_unit_move_at_a_time();
create trigger org_units_no_cycle after insert or update of parent_id on public.org_units
  for each row when (new.parent_id is not null) execute function guard.refuse_org_unit_cycle();
create trigger people_roles_known before insert or update of roles on public.people
  for each row execute function identity.refuse_unknown_roles();

-- The functions of guard and identity run as guard_owner; a foreign key needs REFERENCES; FOR SHARE needs UPDATE on a column.
grant select on public.org_units, public.people to guard_owner;
grant update (parent_id) on public.org_units to guard_owner;
grant references on public.org_units, public.people to case_management_owner, audit_system_owner;
grant select, insert, update, delete on public.org_units, public.people, public.notifications, public.idempotency_keys to shared_tables_app;
