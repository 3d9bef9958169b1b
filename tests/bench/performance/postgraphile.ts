import type { Operation, VariableSet } from './operations.js';

/** One operation in the words of PostGraphile's schema, and its answer turned back into the graph's. */
interface Spoken {
  readonly query: string;
  readonly variables: (set: VariableSet) => Record<string, unknown>;
  readonly normalise: (data: Json) => unknown;
}

// An answer is whatever the query asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

const upper = (value: string | null): string | null => value?.toUpperCase() ?? null;
const time = (value: string | null): string | null => value?.replace(/\+00:00$/, 'Z') ?? null;
const assignments = 'caseManagementCaseAssignmentsByCaseIdAndCaseIsRestricted';
const casesOfUnit = 'caseManagementLegalCasesByOrgUnitId';
const engagementsOfUnit = 'auditSystemEngagementsByOrgUnitId';
const newest = 'orderBy: [OPENED_ON_DESC, PRIMARY_KEY_DESC]';
const lastMade = 'orderBy: [CREATED_AT_DESC, PRIMARY_KEY_DESC]';
const byName = 'orderBy: [NAME_ASC, PRIMARY_KEY_ASC]';

const recommendations = (fields: string, findingFields: string): string =>
  `caseLinks { nodes { r: auditSystemRecommendationByRecommendationId { ${fields} f: auditSystemFindingByFindingId { ${findingFields} } } } }`;

const counts = `cases: ${casesOfUnit} { totalCount } audits: ${engagementsOfUnit} { totalCount }`;
const counted = (unit: Json): Json => ({
  legalCases: { totalCount: unit.cases.totalCount },
  engagements: { totalCount: unit.audits.totalCount },
});
const treeFields = `code name unitType ${counts}`;
const flatten = (parent: Json): Json[][] => {
  const own = (parent.below?.nodes ?? []).map((unit: Json) => ({
    code: unit.code,
    name: unit.name,
    unitType: unit.unitType,
    parent: { code: parent.code },
    ...counted(unit),
  }));
  const deeper: Json[][] = (parent.below?.nodes ?? []).map(flatten);
  const levels = Math.max(0, ...deeper.map((levelsBelow) => levelsBelow.length));
  return [own, ...Array.from({ length: levels }, (_, level) => deeper.flatMap((levelsBelow) => levelsBelow[level] ?? []))];
};
const byNameThen = (a: Json, b: Json): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.code < b.code ? -1 : 1);

const spoken: Readonly<Record<string, Spoken>> = {
  caseList: {
    query: `query ($unit: UUID!, $first: Int!) {
      page: allCaseManagementLegalCases(first: $first, condition: { orgUnitId: $unit }, ${newest}) { pageInfo { hasNextPage } nodes {
        id: rowId caseNumber title status priority openedOn
        lead: ${assignments}(first: 1, condition: { role: "lead", endedAt: null }) { nodes { p: personByPersonId { fullName orgUnit: orgUnitByOrgUnitId { code name } } } }
        ${recommendations('recommendationText status', 'title riskRating')}
      } } }`,
    variables: ({ variables }) => ({ unit: (variables['filter'] as { orgUnitId: string }).orgUnitId, first: variables['first'] }),
    normalise: ({ page }) => ({
      legalCases: {
        pageInfo: page.pageInfo,
        nodes: page.nodes.map(({ caseLinks, lead, ...row }: Json) => ({
          ...row,
          status: upper(row.status),
          priority: upper(row.priority),
          lead: lead.nodes[0]?.p ?? null,
          recommendations: caseLinks.nodes.map(({ r }: Json) => ({
            recommendationText: r.recommendationText,
            status: upper(r.status),
            finding: { title: r.f.title, riskRating: upper(r.f.riskRating) },
          })),
        })),
      },
    }),
  },

  me: {
    query: `query ($id: UUID!) { me: personByRowId(rowId: $id) { fullName email title roles orgUnit: orgUnitByOrgUnitId { code name } } }`,
    variables: ({ caller }) => ({ id: caller.personId }),
    normalise: ({ me }) => ({ me }),
  },

  agencyOverview: {
    query: `query ($code: String!) { unit: orgUnitByCode(code: $code) {
      code name unitType
      above: orgUnitByParentId { code name above: orgUnitByParentId { code name above: orgUnitByParentId { code name
        above: orgUnitByParentId { code name above: orgUnitByParentId { code name above: orgUnitByParentId { code name } } } } } }
      children: orgUnitsByParentId(${byName}) { nodes { code name unitType
        cases: ${casesOfUnit}(first: 3, ${newest}) { totalCount nodes { caseNumber title status } }
        audits: ${engagementsOfUnit}(first: 3, ${lastMade}) { totalCount nodes { code title status } } } }
      cases: ${casesOfUnit}(first: 20, ${newest}) { totalCount nodes { caseNumber title status priority openedOn
        a: ${assignments}(condition: { endedAt: null }) { nodes { role person: personByPersonId { fullName title } } } } }
      audits: ${engagementsOfUnit}(first: 10, ${lastMade}) { totalCount nodes { code title status lead: personByLeadId { fullName }
        f: auditSystemFindingsByEngagementId(first: 20, orderBy: [CREATED_AT_ASC, PRIMARY_KEY_ASC]) { totalCount nodes { reference title riskRating status } } } }
    } }`,
    variables: ({ variables }) => ({ code: variables['code'] }),
    normalise: ({ unit }) => {
      const ancestors: Json[] = [];
      for (let above = unit.above; above; above = above.above) ancestors.unshift({ code: above.code, name: above.name });
      const page = (found: Json, map: (node: Json) => Json): Json => ({
        totalCount: found.totalCount,
        nodes: found.nodes.map(map),
      });
      const withStatus = (node: Json): Json => ({ ...node, status: upper(node.status) });
      return {
        orgUnitByCode: {
          code: unit.code,
          name: unit.name,
          unitType: unit.unitType,
          ancestors,
          children: unit.children.nodes.map(({ cases, audits, ...child }: Json) => ({
            ...child,
            legalCases: page(cases, withStatus),
            engagements: page(audits, withStatus),
          })),
          legalCases: page(unit.cases, ({ a, ...node }) => ({
            ...withStatus(node),
            priority: upper(node.priority),
            assignments: a.nodes.map((one: Json) => ({ ...one, role: upper(one.role) })),
          })),
          engagements: page(unit.audits, ({ f, ...node }) => ({
            ...withStatus(node),
            findings: page(f, (finding) => ({ ...withStatus(finding), riskRating: upper(finding.riskRating) })),
          })),
        },
      };
    },
  },

  caseDetail: {
    query: `query ($number: String!) { c: caseManagementLegalCaseByCaseNumber(caseNumber: $number) {
      id: rowId caseNumber title description status workflowState caseType priority isRestricted region ourRole courtFileNumber openedOn closedOn allegations
      reliefsSought orgUnit: orgUnitByOrgUnitId { code name }
      assignments: ${assignments} { nodes { role assignedAt endedAt person: personByPersonId { fullName email orgUnit: orgUnitByOrgUnitId { name } } } }
      parties: caseManagementPartiesByCaseIdAndCaseIsRestricted { nodes { name partyType role } }
      documents: caseManagementDocumentsByCaseIdAndCaseIsRestricted { nodes { title documentType isConfidential
        v: versions(first: 1) { nodes { versionNumber fileName fileSize uploadedAt } } } }
      events: caseManagementCaseEventsByCaseIdAndCaseIsRestricted { nodes { eventType title startsAt location } }
      tasks: caseManagementTasksByCaseIdAndCaseIsRestricted { nodes { title status priority dueOn assignedTo: personByAssignedTo { fullName } } }
      courtOrders: caseManagementCourtOrdersByCaseIdAndCaseIsRestricted { nodes { orderDate orderType terms outcome } }
      costs: caseManagementCaseCostsByCaseIdAndCaseIsRestricted { nodes { costType amount currency paymentStatus amountPaid incurredOn } }
      ${recommendations('recommendationText status priority targetDate', 'reference title riskRating e: auditSystemEngagementByEngagementId { code title }')}
      version updatedAt } }`,
    variables: ({ variables }) => ({ number: variables['caseNumber'] }),
    normalise: ({ c }) => {
      const { caseLinks, ...row } = c;
      const each = (field: string, map: (node: Json) => Json): Json[] => c[field].nodes.map(map);
      return {
        legalCaseByNumber: {
          ...row,
          status: upper(c.status),
          workflowState: upper(c.workflowState),
          caseType: upper(c.caseType),
          priority: upper(c.priority),
          ourRole: upper(c.ourRole),
          updatedAt: time(c.updatedAt),
          assignments: each('assignments', (a) => ({
            ...a,
            role: upper(a.role),
            assignedAt: time(a.assignedAt),
            endedAt: time(a.endedAt),
          })),
          parties: each('parties', (p) => ({ ...p, partyType: upper(p.partyType), role: upper(p.role) })).sort(byNameThen),
          documents: each('documents', ({ v, ...d }) => ({
            ...d,
            documentType: upper(d.documentType),
            latestVersion: v.nodes[0] ? { ...v.nodes[0], uploadedAt: time(v.nodes[0].uploadedAt) } : null,
          })),
          events: each('events', (e) => ({ ...e, eventType: upper(e.eventType), startsAt: time(e.startsAt) })),
          tasks: each('tasks', (t) => ({ ...t, status: upper(t.status), priority: upper(t.priority) })),
          courtOrders: each('courtOrders', (o) => ({ ...o, orderType: upper(o.orderType) })),
          costs: each('costs', (k) => ({ ...k, paymentStatus: upper(k.paymentStatus) })),
          recommendations: caseLinks.nodes.map(({ r: { f, ...r } }: Json) => ({
            ...r,
            status: upper(r.status),
            priority: upper(r.priority),
            finding: { reference: f.reference, title: f.title, riskRating: upper(f.riskRating), engagement: f.e },
          })),
        },
      };
    },
  },

  orgTree: {
    query: `query ($code: String!) { unit: orgUnitByCode(code: $code) { code name ${counts}
      below: orgUnitsByParentId(${byName}) { nodes { ${treeFields}
        below: orgUnitsByParentId(${byName}) { nodes { ${treeFields}
          below: orgUnitsByParentId(${byName}) { nodes { ${treeFields} } } } } } } } }`,
    variables: ({ variables }) => ({ code: variables['code'] }),
    normalise: ({ unit }) => ({
      orgUnitByCode: {
        code: unit.code,
        name: unit.name,
        ...counted(unit),
        descendants: flatten(unit).flatMap((level) => level.sort(byNameThen)),
      },
    }),
  },
};

/** The request for PostGraphile. It has no search for a part of a text, and no mutation that opens a case with its parties. */
export function speak({ name }: Operation, set: VariableSet): string | undefined {
  const words = spoken[name];
  return words && JSON.stringify({ query: words.query, variables: words.variables(set) });
}

/** The answer in the shape of the graph's; an error stays as it is. */
export function understand(operation: string, answer: unknown): unknown {
  const { data, errors } = answer as { data: unknown; errors?: unknown };
  return errors || !data ? answer : { data: spoken[operation]!.normalise(data) };
}
