-- Who sees and writes which row. Whoever reads the audit system reads all of it; an action owner only what is theirs, with the finding above.
-- requires: 002_shared_tables_policies

alter table audit_system.engagements enable row level security;
alter table audit_system.engagements force row level security;
alter table audit_system.engagement_members enable row level security;
alter table audit_system.engagement_members force row level security;
alter table audit_system.workpapers enable row level security;
alter table audit_system.workpapers force row level security;
alter table audit_system.evidence enable row level security;
alter table audit_system.evidence force row level security;
alter table audit_system.findings enable row level security;
alter table audit_system.findings force row level security;
alter table audit_system.recommendations enable row level security;
alter table audit_system.recommendations force row level security;
alter table audit_system.action_plans enable row level security;
alter table audit_system.action_plans force row level security;
alter table audit_system.recommendation_case_links enable row level security;
alter table audit_system.recommendation_case_links force row level security;
alter table audit_system.idempotency_keys enable row level security;
alter table audit_system.idempotency_keys force row level security;

create policy engagements_owner on audit_system.engagements to audit_system_owner using (true) with check (true);
create policy engagement_members_owner on audit_system.engagement_members to audit_system_owner using (true) with check (true);
create policy workpapers_owner on audit_system.workpapers to audit_system_owner using (true) with check (true);
create policy evidence_owner on audit_system.evidence to audit_system_owner using (true) with check (true);
create policy findings_owner on audit_system.findings to audit_system_owner using (true) with check (true);
create policy recommendations_owner on audit_system.recommendations to audit_system_owner using (true) with check (true);
create policy action_plans_owner on audit_system.action_plans to audit_system_owner using (true) with check (true);
create policy recommendation_case_links_owner on audit_system.recommendation_case_links to audit_system_owner using (true) with check (true);
create policy idempotency_keys_owner on audit_system.idempotency_keys to audit_system_owner using (true) with check (true);

create policy engagements_read on audit_system.engagements for select to audit_system_app
  using ((select identity.may('audit_system', 'read')));
create policy engagements_insert on audit_system.engagements for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy engagements_update on audit_system.engagements for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy engagements_delete on audit_system.engagements for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy engagement_members_read on audit_system.engagement_members for select to audit_system_app
  using ((select identity.may('audit_system', 'read')));
create policy engagement_members_insert on audit_system.engagement_members for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy engagement_members_update on audit_system.engagement_members for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy engagement_members_delete on audit_system.engagement_members for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy workpapers_read on audit_system.workpapers for select to audit_system_app
  using ((select identity.may('audit_system', 'read')));
create policy workpapers_insert on audit_system.workpapers for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy workpapers_update on audit_system.workpapers for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy workpapers_delete on audit_system.workpapers for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy evidence_read on audit_system.evidence for select to audit_system_app
  using ((select identity.may('audit_system', 'read')));
create policy evidence_insert on audit_system.evidence for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy evidence_update on audit_system.evidence for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy evidence_delete on audit_system.evidence for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy findings_read on audit_system.findings for select to audit_system_app
  using ((select identity.may('audit_system', 'read')) or ((select identity.may('audit_system', 'own')) and id = any ((select audit_system.finding_ids_of_current_person())::uuid[])));
create policy findings_insert on audit_system.findings for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy findings_update on audit_system.findings for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy findings_delete on audit_system.findings for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy recommendations_read on audit_system.recommendations for select to audit_system_app
  using ((select identity.may('audit_system', 'read')) or ((select identity.may('audit_system', 'own')) and id = any ((select audit_system.recommendation_ids_of_current_person())::uuid[])));
create policy recommendations_insert on audit_system.recommendations for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy recommendations_update on audit_system.recommendations for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy recommendations_delete on audit_system.recommendations for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy action_plans_read on audit_system.action_plans for select to audit_system_app
  using ((select identity.may('audit_system', 'read')) or ((select identity.may('audit_system', 'own')) and owner_person_id = (select identity.current_person_id())));
create policy action_plans_insert on audit_system.action_plans for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy action_plans_update on audit_system.action_plans for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy action_plans_delete on audit_system.action_plans for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy recommendation_case_links_read on audit_system.recommendation_case_links for select to audit_system_app
  using ((select identity.may('audit_system', 'read')));
create policy recommendation_case_links_insert on audit_system.recommendation_case_links for insert to audit_system_app
  with check ((select identity.may('audit_system', 'write')));
create policy recommendation_case_links_update on audit_system.recommendation_case_links for update to audit_system_app
  using ((select identity.may('audit_system', 'write'))) with check ((select identity.may('audit_system', 'write')));
create policy recommendation_case_links_delete on audit_system.recommendation_case_links for delete to audit_system_app
  using ((select identity.may('audit_system', 'admin')));

create policy idempotency_keys_own on audit_system.idempotency_keys to audit_system_app
  using ((select identity.may('audit_system', 'write')) and person_id = (select identity.current_person_id()))
  with check ((select identity.may('audit_system', 'write')) and person_id = (select identity.current_person_id()));
