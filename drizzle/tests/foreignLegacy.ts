/** What a host of PostgreSQL adds to a database: roles, schemas, extensions, triggers on events, publications, policies for its own roles. */
const hosted = `
create schema auth; create schema storage; create schema realtime; create schema extensions;
create extension "uuid-ossp" schema extensions;
create table auth.users (id uuid primary key, email text, encrypted_password text);
insert into auth.users select gen_random_uuid(), 'user' || n || '@example.org', 'x' from generate_series(1, 7) n;
create table storage.objects (id uuid primary key default extensions.uuid_generate_v4(), name text);
insert into storage.objects (name) values ('a'), ('b');
create function auth.uid() returns uuid language sql stable return nullif(current_setting('request.jwt.claim.sub', true), '')::uuid;
create function public.noted() returns event_trigger language plpgsql as $$ begin raise notice 'a ; quote '' and a \\. line'; end $$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function public.noted();
create publication supabase_realtime for all tables;
`;

const id = (kind: string, n: string): string => `md5('${kind}' || ${n})::uuid`;

/** The layout of the older databases, both systems in `public`, with `rows` cases. It has what a dump can stumble over. */
export const legacySql = (rows = 40): string => `
${hosted}
create table public.org_units (id uuid primary key default extensions.uuid_generate_v4(), name text not null, code text unique, parent_id uuid references public.org_units,
  description text, is_active boolean default true, unit_type text default 'Division', created_at timestamptz default now(), updated_at timestamptz default now());
create table public.people (id uuid primary key, user_id uuid references auth.users, full_name text, email text unique, role text, org_unit_id uuid references public.org_units,
  active boolean default true, created_at timestamptz, updated_at timestamptz);
create table public.profiles (id uuid primary key, email text, full_name text, role text, department text, phone text, is_active boolean);
create type public.case_status as enum ('under_review', 'in_court', 'mediation', 'tribunal', 'judgment', 'closed', 'settled');
create table public.cases (id uuid primary key, case_number text unique, title text, description text, status public.case_status, workflow_state text, case_type text,
  priority text, region text, dlpp_role text, court_file_number text, assigned_officer_id uuid references public.people, officer_assigned_date date,
  division_responsible text, allegations text, closure_type text, closure_date date, closure_notes text, created_by uuid, created_at timestamptz, updated_at timestamptz,
  search tsvector generated always as (to_tsvector('simple', coalesce(title, ''))) stored);
create table public.parties (id uuid primary key, case_id uuid references public.cases, name text, party_type text, role text, phone text);
create table public.events (id uuid primary key, case_id uuid references public.cases, event_type text, title text, event_date timestamptz, location text, attendees text);
create table public.litigation_costs (id uuid primary key, case_id uuid references public.cases, cost_type text, amount numeric(14, 2), currency text default 'PGK', date_incurred date);
create table public.notifications (id uuid primary key, user_id uuid, case_id uuid, title text, message text, type text, priority text, read boolean, created_at timestamptz);
create table public.engagements (id uuid primary key, title text, scope text, lead_id uuid, start_date date, end_date date, status text, lifecycle_stage text, org_unit_id uuid);
create table public.findings (id uuid primary key, engagement_id uuid references public.engagements, title text, statement text, risk_rating text, status text);
create table public.recommendations (id uuid primary key, finding_id uuid references public.findings, recommendation_text text, priority text, owner_unit_id uuid,
  target_date date, status text, legal_case_id uuid);
create table public.unrelated (n int, note text);

insert into public.org_units (id, name, code) values (${id('unit', '1')}, 'Legal Division', 'LEGAL'), (${id('unit', '2')}, 'Audit; Division', 'AUDIT');
insert into public.org_units (id, name, code, parent_id) values (${id('unit', '3')}, E'Registry\\nsecond line\\ttab \\\\ backslash', 'REG', ${id('unit', '1')});
insert into public.people select ${id('person', 'n')}, (select id from auth.users offset n - 1 limit 1), 'Person ' || n, 'person' || n || '@example.org',
  (array['Lawyer', 'Auditor', 'Case Manager', 'Audit Manager', 'Astronaut'])[n], ${id('unit', '1')}, true, '2020-01-01Z', '2020-01-01Z' from generate_series(1, 5) n;
insert into public.profiles values (${id('profile', '1')}, 'PERSON1@example.org', 'Person 1', 'legal_officer', 'LEGAL', '123', true);
insert into public.cases (id, case_number, title, description, status, workflow_state, case_type, priority, region, dlpp_role, assigned_officer_id, division_responsible,
    closure_type, closure_date, created_at)
  select ${id('case', 'n')}, 'LC-' || n, 'Case ' || n || case n when 1 then E' \\\\. and ''quotes'' ; \\u00e4\\u0001' else '' end,
    case n when 2 then '' when 3 then E'\\\\.' when 4 then E'two\\r\\nlines' end, (array['in_court', 'closed', 'under_review'])[n % 3 + 1]::public.case_status,
    'IN_PROGRESS', 'tort', 'high', 'Momase', 'defendant', ${id('person', '1')}, case when n % 2 = 0 then 'Legal Division' end,
    case n % 3 when 1 then 'settled' end, case n % 3 when 1 then '2021-03-04'::date end, '2019-05-06 07:08:09.123456+10' from generate_series(1, ${rows}) n;
insert into public.parties select ${id('party', 'n')}, ${id('case', 'n')}, 'Party ' || n, 'company', 'plaintiff', null from generate_series(1, ${rows}) n;
insert into public.parties values (${id('party', '0')}, null, 'Of no case', 'individual', 'defendant', null);
insert into public.events select ${id('event', 'n')}, ${id('case', 'n')}, 'hearing', 'Hearing', '2022-01-01 09:00+10', 'Court 1', 'A, B' from generate_series(1, ${rows}) n;
insert into public.litigation_costs select ${id('cost', 'n')}, ${id('case', 'n')}, 'filing', n + 0.5, 'PGK', '2021-01-02' from generate_series(1, ${rows}) n;
insert into public.notifications select ${id('notification', 'n')}, ${id('person', '1')}, ${id('case', 'n')}, 'Due', 'Soon', 'deadline', 'high', true, '2022-01-01Z' from generate_series(1, 3) n;
insert into public.engagements values (${id('engagement', '1')}, 'Payroll', 'All', ${id('person', '2')}, '2023-01-01', '2023-06-30', 'Fieldwork', 'Draft Report', ${id('unit', '2')});
insert into public.findings values (${id('finding', '1')}, ${id('engagement', '1')}, 'No segregation', 'One clerk does both', 'High', 'Verified');
insert into public.recommendations values (${id('recommendation', '1')}, ${id('finding', '1')}, 'Separate them', 'High', ${id('unit', '1')}, '2023-12-31', 'In Progress', ${id('case', '1')});
insert into public.unrelated values (1, 'one'), (2, null);
create function public.stamp() returns trigger language plpgsql as $body$ begin new.updated_at := now(); return new; end $body$;
create trigger cases_stamp before update on public.cases for each row execute function public.stamp();
alter table public.cases enable row level security; alter table public.cases force row level security;
create policy "cases for signed in" on public.cases to authenticated using (auth.uid() is not null);
create policy nothing_for_anon on public.people to anon using (false);
alter table public.people enable row level security;
grant select on all tables in schema public to anon, authenticated, service_role;
alter default privileges in schema public grant select on tables to anon;
comment on table public.cases is 'It''s the case list; with a semicolon';
create view public.open_cases as select * from public.cases where status <> 'closed';
`;

export const hostedRoles = ['anon', 'authenticated', 'service_role'];
