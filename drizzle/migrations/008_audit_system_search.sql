-- Search for part of a text, by trigrams. Functions of the owner, because PostgreSQL uses no trigram index below row security (its operators
-- are not leakproof); they therefore apply the policies of their tables themselves.
-- requires: 006_audit_system_policies

-- lift: index-not-concurrently because over 300,000 findings it is made within some six seconds
create index findings_text_trigrams on audit_system.findings using gin (reference extensions.gin_trgm_ops, title extensions.gin_trgm_ops);
-- lift: index-not-concurrently because engagements are fewer than findings
create index engagements_text_trigrams on audit_system.engagements using gin (code extensions.gin_trgm_ops, title extensions.gin_trgm_ops);

-- The visible findings whose reference or title contains the text, without regard to case.
create function audit_system.search_finding_ids(query text) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  pattern constant text := '%' || replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  if identity.may('audit_system', 'read') then
    return array(select f.id from audit_system.findings f where f.title ilike pattern or f.reference ilike pattern);
  end if;
  if identity.may('audit_system', 'own') then
    return array(
      select f.id from audit_system.findings f
      where f.id = any (audit_system.finding_ids_of_current_person()) and (f.title ilike pattern or f.reference ilike pattern)
    );
  end if;
  return array[]::uuid[];
end
$$;

-- The visible engagements whose code or title contains the text, without regard to case.
create function audit_system.search_engagement_ids(query text) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  pattern constant text := '%' || replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  if not identity.may('audit_system', 'read') then
    return array[]::uuid[];
  end if;
  return array(select e.id from audit_system.engagements e where e.code ilike pattern or e.title ilike pattern);
end
$$;

grant execute on function audit_system.search_finding_ids(text), audit_system.search_engagement_ids(text) to audit_system_app;
