import { makeEngagements, makeWorkpapers } from './audit.js';
import { makeCaseFiles } from './caseFile.js';
import { makeCases } from './cases.js';
import { makeCaseLinks, makeFindings, makeRecommendations } from './findings.js';
import { makeNotifications } from './notifications.js';
import { makeOrgUnits } from './orgUnits.js';
import { makeAssignments, makeParties } from './parties.js';
import { makePeople } from './people.js';
import { createRandom, type Random } from './random.js';
import type { TableRows } from './rows.js';

/** How many rows the sample data holds of what its readers count first. */
export const sampleCounts = { orgUnits: 60, people: 200, legalCases: 2_000, engagements: 120, findings: 700 } as const;

/** Every row of the sample data by table. The same each time, byte for byte: no clock and no chance is asked. */
export function makeSampleData(): TableRows {
  const stream = (name: string): Random => createRandom(`bailiwick ${name}`);
  const { orgUnits, rows: orgUnitRows } = makeOrgUnits(stream('org_units'));
  const { people, rows: peopleRows } = makePeople(stream('people'), orgUnits);
  const { cases, rows: caseRows } = makeCases(stream('legal_cases'), sampleCounts.legalCases, orgUnits, people);
  const { rows: assignmentRows, leads } = makeAssignments(stream('case_assignments'), cases, people);
  const file = makeCaseFiles(stream, cases, leads);
  const {
    engagements,
    rows: engagementRows,
    members,
  } = makeEngagements(stream('engagements'), sampleCounts.engagements, orgUnits, people);
  const { workpapers, evidence } = makeWorkpapers(stream('workpapers'), engagements);
  const { findings, rows: findingRows } = makeFindings(stream('findings'), sampleCounts.findings, engagements);
  const { recommendations, rows, actionPlans } = makeRecommendations(stream('recommendations'), findings, orgUnits, people);
  return {
    'public.org_units': orgUnitRows,
    'public.people': peopleRows,
    'public.notifications': makeNotifications(stream('notifications'), cases, leads, recommendations),
    'case_management.legal_cases': caseRows,
    'case_management.parties': makeParties(stream('parties'), cases),
    'case_management.case_assignments': assignmentRows,
    'case_management.documents': file.documents,
    'case_management.document_versions': file.documentVersions,
    'case_management.case_events': file.events,
    'case_management.tasks': file.tasks,
    'case_management.court_orders': file.courtOrders,
    'case_management.case_costs': file.costs,
    'audit_system.engagements': engagementRows,
    'audit_system.engagement_members': members,
    'audit_system.workpapers': workpapers,
    'audit_system.evidence': evidence,
    'audit_system.findings': findingRows,
    'audit_system.recommendations': rows,
    'audit_system.action_plans': actionPlans,
    'audit_system.recommendation_case_links': makeCaseLinks(stream('recommendation_case_links'), recommendations, cases),
  };
}
