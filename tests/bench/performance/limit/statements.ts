/**
 * The limit: one statement an operation that builds the very JSON of its answer, as somebody would write it by hand who has all three schemas at hand.
 * It runs as a role under the same row policies, in a transaction that carries the person's id.
 */
export interface Statement {
  readonly text: string;
  readonly values: (variables: Record<string, unknown>) => unknown[];
}

const time = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const list = (object: string, order: string): string => `coalesce(json_agg(${object} order by ${order}), '[]'::json)`;

const caseList = `
with page as materialized (
  select c.* from case_management.legal_cases c
  where c.org_unit_id = any ((select identity.org_unit_and_descendants($1))::uuid[])
  order by c.opened_on desc, c.id desc limit $2::int + 1
)
select json_build_object('data', json_build_object('legalCases', json_build_object(
  'pageInfo', json_build_object('hasNextPage', (select count(*) > $2::int from page)),
  'nodes', (select coalesce(json_agg(n.node), '[]'::json) from (
    select json_build_object('id', c.id, 'caseNumber', c.case_number, 'title', c.title, 'status', upper(c.status), 'priority', upper(c.priority),
      'openedOn', c.opened_on,
      'lead', (select json_build_object('fullName', p.full_name, 'orgUnit', (select json_build_object('code', u.code, 'name', u.name)
          from public.org_units u where u.id = p.org_unit_id))
        from case_management.case_assignments a join public.people p on p.id = a.person_id
        where a.case_id = c.id and a.role = 'lead' and a.ended_at is null),
      'recommendations', (select ${list(
        `json_build_object('recommendationText', r.recommendation_text, 'status', upper(r.status),
          'finding', json_build_object('title', f.title, 'riskRating', upper(f.risk_rating)))`,
        'r.created_at, r.id',
      )}
        from audit_system.recommendation_case_links l join audit_system.recommendations r on r.id = l.recommendation_id
          join audit_system.findings f on f.id = r.finding_id
        where l.legal_case_id = c.id)) as node
    from page c order by c.opened_on desc, c.id desc limit $2::int
  ) n)
)))::text as body`;

const me = `
select json_build_object('data', json_build_object('me', (
  select json_build_object('fullName', p.full_name, 'email', p.email, 'title', p.title, 'roles', p.roles,
    'orgUnit', (select json_build_object('code', u.code, 'name', u.name) from public.org_units u where u.id = p.org_unit_id))
  from public.people p where p.id = (select identity.current_person_id())
)))::text as body`;

const casesOf = (unit: string): string => `(select count(*) from case_management.legal_cases c where c.org_unit_id = ${unit})`;
const engagementsOf = (unit: string): string => `(select count(*) from audit_system.engagements e where e.org_unit_id = ${unit})`;

const agencyOverview = `
select json_build_object('data', json_build_object('orgUnitByCode', (
  select json_build_object('code', u.code, 'name', u.name, 'unitType', u.unit_type,
    'ancestors', (
      with recursive above (id, code, name, parent_id, distance) as (
        select o.id, o.code, o.name, o.parent_id, 1 from public.org_units o where o.id = u.parent_id
        union all select o.id, o.code, o.name, o.parent_id, a.distance + 1 from above a join public.org_units o on o.id = a.parent_id
      ) select ${list(`json_build_object('code', code, 'name', name)`, 'distance desc')} from above),
    'children', (select ${list(
      `json_build_object('code', k.code, 'name', k.name, 'unitType', k.unit_type,
        'legalCases', json_build_object('totalCount', ${casesOf('k.id')}, 'nodes', (
          select ${list(`json_build_object('caseNumber', c.case_number, 'title', c.title, 'status', upper(c.status))`, 'c.opened_on desc, c.id desc')}
          from (select * from case_management.legal_cases x where x.org_unit_id = k.id order by x.opened_on desc, x.id desc limit 3) c)),
        'engagements', json_build_object('totalCount', ${engagementsOf('k.id')}, 'nodes', (
          select ${list(`json_build_object('code', e.code, 'title', e.title, 'status', upper(e.status))`, 'e.created_at desc, e.id desc')}
          from (select * from audit_system.engagements x where x.org_unit_id = k.id order by x.created_at desc, x.id desc limit 3) e)))`,
      'k.name, k.id',
    )} from public.org_units k where k.parent_id = u.id),
    'legalCases', json_build_object('totalCount', ${casesOf('u.id')}, 'nodes', (
      select ${list(
        `json_build_object('caseNumber', c.case_number, 'title', c.title, 'status', upper(c.status), 'priority', upper(c.priority), 'openedOn', c.opened_on,
          'assignments', (select ${list(
            `json_build_object('role', upper(a.role), 'person', json_build_object('fullName', p.full_name, 'title', p.title))`,
            `a.role = 'lead' desc, a.assigned_at, a.id`,
          )} from case_management.case_assignments a join public.people p on p.id = a.person_id where a.case_id = c.id and a.ended_at is null))`,
        'c.opened_on desc, c.id desc',
      )} from (select * from case_management.legal_cases x where x.org_unit_id = u.id order by x.opened_on desc, x.id desc limit 20) c)),
    'engagements', json_build_object('totalCount', ${engagementsOf('u.id')}, 'nodes', (
      select ${list(
        `json_build_object('code', e.code, 'title', e.title, 'status', upper(e.status),
          'lead', (select json_build_object('fullName', p.full_name) from public.people p where p.id = e.lead_id),
          'findings', json_build_object('totalCount', (select count(*) from audit_system.findings f where f.engagement_id = e.id), 'nodes', (
            select ${list(
              `json_build_object('reference', f.reference, 'title', f.title, 'riskRating', upper(f.risk_rating), 'status', upper(f.status))`,
              'f.created_at, f.id',
            )} from (select * from audit_system.findings x where x.engagement_id = e.id order by x.created_at, x.id limit 20) f)))`,
        'e.created_at desc, e.id desc',
      )} from (select * from audit_system.engagements x where x.org_unit_id = u.id order by x.created_at desc, x.id desc limit 10) e)))
  from public.org_units u where u.code = $1
)))::text as body`;

const caseDetail = `
select json_build_object('data', json_build_object('legalCaseByNumber', (
  select json_build_object('id', c.id, 'caseNumber', c.case_number, 'title', c.title, 'description', c.description, 'status', upper(c.status),
    'workflowState', upper(c.workflow_state), 'caseType', upper(c.case_type), 'priority', upper(c.priority), 'isRestricted', c.is_restricted,
    'region', c.region, 'ourRole', upper(c.our_role), 'courtFileNumber', c.court_file_number, 'openedOn', c.opened_on, 'closedOn', c.closed_on,
    'allegations', c.allegations, 'reliefsSought', c.reliefs_sought,
    'orgUnit', (select json_build_object('code', u.code, 'name', u.name) from public.org_units u where u.id = c.org_unit_id),
    'assignments', (select ${list(
      `json_build_object('role', upper(a.role), 'assignedAt', ${time('a.assigned_at')}, 'endedAt', ${time('a.ended_at')},
        'person', json_build_object('fullName', p.full_name, 'email', p.email,
          'orgUnit', (select json_build_object('name', u.name) from public.org_units u where u.id = p.org_unit_id)))`,
      `a.role = 'lead' desc, a.assigned_at, a.id`,
    )} from case_management.case_assignments a join public.people p on p.id = a.person_id where a.case_id = c.id),
    'parties', (select ${list(`json_build_object('name', x.name, 'partyType', upper(x.party_type), 'role', upper(x.role))`, 'x.name, x.id')}
      from case_management.parties x where x.case_id = c.id),
    'documents', (select ${list(
      `json_build_object('title', d.title, 'documentType', upper(d.document_type), 'isConfidential', d.is_confidential, 'latestVersion', (
        select json_build_object('versionNumber', v.version_number, 'fileName', v.file_name, 'fileSize', v.file_size::text, 'uploadedAt', ${time('v.uploaded_at')})
        from case_management.document_versions v where v.document_id = d.id order by v.version_number desc limit 1))`,
      'd.created_at, d.id',
    )} from case_management.documents d where d.case_id = c.id),
    'events', (select ${list(
      `json_build_object('eventType', upper(x.event_type), 'title', x.title, 'startsAt', ${time('x.starts_at')}, 'location', x.location)`,
      'x.starts_at, x.id',
    )} from case_management.case_events x where x.case_id = c.id),
    'tasks', (select ${list(
      `json_build_object('title', t.title, 'status', upper(t.status), 'priority', upper(t.priority), 'dueOn', t.due_on,
        'assignedTo', (select json_build_object('fullName', p.full_name) from public.people p where p.id = t.assigned_to))`,
      't.created_at, t.id',
    )} from case_management.tasks t where t.case_id = c.id),
    'courtOrders', (select ${list(
      `json_build_object('orderDate', o.order_date, 'orderType', upper(o.order_type), 'terms', o.terms, 'outcome', o.outcome)`,
      'o.order_date, o.id',
    )} from case_management.court_orders o where o.case_id = c.id),
    'costs', (select ${list(
      `json_build_object('costType', k.cost_type, 'amount', k.amount::text, 'currency', k.currency, 'paymentStatus', upper(k.payment_status),
        'amountPaid', k.amount_paid::text, 'incurredOn', k.incurred_on)`,
      'k.incurred_on, k.id',
    )} from case_management.case_costs k where k.case_id = c.id),
    'recommendations', (select ${list(
      `json_build_object('recommendationText', r.recommendation_text, 'status', upper(r.status), 'priority', upper(r.priority), 'targetDate', r.target_date,
        'finding', json_build_object('reference', f.reference, 'title', f.title, 'riskRating', upper(f.risk_rating),
          'engagement', (select json_build_object('code', e.code, 'title', e.title) from audit_system.engagements e where e.id = f.engagement_id)))`,
      'r.created_at, r.id',
    )} from audit_system.recommendation_case_links l join audit_system.recommendations r on r.id = l.recommendation_id
        join audit_system.findings f on f.id = r.finding_id where l.legal_case_id = c.id),
    'version', c.version, 'updatedAt', ${time('c.updated_at')})
  from case_management.legal_cases c where c.case_number = $1
)))::text as body`;

const counts = (unit: string): string =>
  `'legalCases', json_build_object('totalCount', ${casesOf(unit)}), 'engagements', json_build_object('totalCount', ${engagementsOf(unit)})`;

const orgTree = `
select json_build_object('data', json_build_object('orgUnitByCode', (
  select json_build_object('code', u.code, 'name', u.name, ${counts('u.id')},
    'descendants', (
      with recursive below (id, parent_code, depth) as (
        select u.id, null::text, 0
        union all select o.id, p.code, b.depth + 1 from below b join public.org_units p on p.id = b.id join public.org_units o on o.parent_id = b.id
        where b.depth < 3
      )
      select ${list(
        `json_build_object('code', o.code, 'name', o.name, 'unitType', o.unit_type, 'parent', json_build_object('code', b.parent_code), ${counts('o.id')})`,
        'b.depth, o.name, o.id',
      )} from below b join public.org_units o on o.id = b.id where b.depth > 0))
  from public.org_units u where u.code = $1
)))::text as body`;

const counted = (table: string, condition: string): string => `(select count(*) from ${table} x where ${condition})`;
const foundBy = (search: string): string => `x.id = any ((select ${search}($1))::uuid[])`;
const casesFound = foundBy('case_management.search_legal_case_ids');
const engagementsFound = foundBy('audit_system.search_engagement_ids');
const findingsFound = foundBy('audit_system.search_finding_ids');
const peopleFound = foundBy('identity.search_person_ids');
const unitsFound = foundBy('identity.search_org_unit_ids');

const search = `
select json_build_object('data', json_build_object(
  'legalCases', json_build_object('totalCount', ${counted('case_management.legal_cases', casesFound)}, 'nodes', (select ${list(
    `json_build_object('caseNumber', c.case_number, 'title', c.title, 'status', upper(c.status), 'parties', (
      select ${list(`json_build_object('name', p.name, 'role', upper(p.role))`, 'p.name, p.id')} from case_management.parties p where p.case_id = c.id))`,
    'c.opened_on desc, c.id desc',
  )} from (select * from case_management.legal_cases x where ${casesFound} order by x.opened_on desc, x.id desc limit $2) c)),
  'engagements', json_build_object('totalCount', ${counted('audit_system.engagements', engagementsFound)}, 'nodes', (select ${list(
    `json_build_object('code', e.code, 'title', e.title, 'status', upper(e.status))`,
    'e.created_at desc, e.id desc',
  )} from (select * from audit_system.engagements x where ${engagementsFound} order by x.created_at desc, x.id desc limit $2) e)),
  'findings', json_build_object('totalCount', ${counted('audit_system.findings', findingsFound)}, 'nodes', (select ${list(
    `json_build_object('reference', f.reference, 'title', f.title, 'riskRating', upper(f.risk_rating),
      'engagement', (select json_build_object('code', e.code) from audit_system.engagements e where e.id = f.engagement_id))`,
    'f.created_at desc, f.id desc',
  )} from (select * from audit_system.findings x where ${findingsFound} order by x.created_at desc, x.id desc limit $2) f)),
  'people', json_build_object('totalCount', ${counted('public.people', peopleFound)}, 'nodes', (select ${list(
    `json_build_object('fullName', p.full_name, 'email', p.email,
      'orgUnit', (select json_build_object('name', u.name) from public.org_units u where u.id = p.org_unit_id))`,
    'p.full_name, p.id',
  )} from (select * from public.people x where ${peopleFound} order by x.full_name, x.id limit $2) p)),
  'orgUnits', json_build_object('totalCount', ${counted('public.org_units', unitsFound)}, 'nodes', (select ${list(
    `json_build_object('code', u.code, 'name', u.name)`,
    'u.name, u.id',
  )} from (select * from public.org_units x where ${unitsFound} order by x.name, x.id limit $2) u))
))::text as body`;

export const statements: Readonly<Record<string, Statement>> = {
  caseList: {
    text: caseList,
    values: ({ filter, first }) => [(filter as { orgUnitId: string }).orgUnitId, first ?? 50],
  },
  me: { text: me, values: () => [] },
  agencyOverview: { text: agencyOverview, values: ({ code }) => [code] },
  caseDetail: { text: caseDetail, values: ({ caseNumber }) => [caseNumber] },
  orgTree: { text: orgTree, values: ({ code }) => [code] },
  search: { text: search, values: ({ text }) => [text, 10] },
};
