-- Who sees and writes which row. Each test stands inside a scalar subselect, so that it runs once a statement and not once a row.

alter table public.org_units enable row level security;
alter table public.org_units force row level security;
alter table public.people enable row level security;
alter table public.people force row level security;
alter table public.notifications enable row level security;
alter table public.notifications force row level security;
alter table public.idempotency_keys enable row level security;
alter table public.idempotency_keys force row level security;

create policy org_units_owner on public.org_units to shared_tables_owner using (true) with check (true);
create policy people_owner on public.people to shared_tables_owner using (true) with check (true);
create policy notifications_owner on public.notifications to shared_tables_owner using (true) with check (true);
create policy idempotency_keys_owner on public.idempotency_keys to shared_tables_owner using (true) with check (true);

create policy org_units_read on public.org_units for select to shared_tables_app
  using ((select identity.may('shared_tables', 'read')));
create policy org_units_insert on public.org_units for insert to shared_tables_app
  with check ((select identity.may('shared_tables', 'admin')));
create policy org_units_update on public.org_units for update to shared_tables_app
  using ((select identity.may('shared_tables', 'admin'))) with check ((select identity.may('shared_tables', 'admin')));
create policy org_units_delete on public.org_units for delete to shared_tables_app
  using ((select identity.may('shared_tables', 'admin')));

create policy people_read on public.people for select to shared_tables_app
  using ((select identity.may('shared_tables', 'read')));
create policy people_insert on public.people for insert to shared_tables_app
  with check ((select identity.may('shared_tables', 'admin')));
create policy people_update on public.people for update to shared_tables_app
  using ((select identity.may('shared_tables', 'admin'))) with check ((select identity.may('shared_tables', 'admin')));
create policy people_delete on public.people for delete to shared_tables_app
  using ((select identity.may('shared_tables', 'admin')));

-- A notification is its recipient's alone: nobody else reads it, an admin of the shared tables included.
create policy notifications_read on public.notifications for select to shared_tables_app
  using ((select identity.may('shared_tables', 'read')) and recipient_id = (select identity.current_person_id()));
create policy notifications_insert on public.notifications for insert to shared_tables_app
  with check ((select identity.may('shared_tables', 'admin')));
create policy notifications_update on public.notifications for update to shared_tables_app
  using ((select identity.may('shared_tables', 'read')) and recipient_id = (select identity.current_person_id()))
  with check ((select identity.may('shared_tables', 'read')) and recipient_id = (select identity.current_person_id()));
create policy notifications_delete on public.notifications for delete to shared_tables_app
  using ((select identity.may('shared_tables', 'read')) and recipient_id = (select identity.current_person_id()));

create policy idempotency_keys_own on public.idempotency_keys to shared_tables_app
  using ((select identity.may('shared_tables', 'read')) and person_id = (select identity.current_person_id()))
  with check ((select identity.may('shared_tables', 'read')) and person_id = (select identity.current_person_id()));
