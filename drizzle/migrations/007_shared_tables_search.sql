-- Indexes for the search for part of a text: identity.search_person_ids and identity.search_org_unit_ids read them.
-- requires: 001_shared_tables_schema

-- lift: index-not-concurrently because people are few: over 100,000 of them it is made within some two seconds
create index people_text_trigrams on public.people using gin (full_name extensions.gin_trgm_ops, email extensions.gin_trgm_ops);
-- lift: index-not-concurrently because units are fewer than people
create index org_units_text_trigrams on public.org_units using gin (code extensions.gin_trgm_ops, name extensions.gin_trgm_ops);
