import { baseDay, isoTime, officeHours } from './calendar.js';
import type { LegalCase } from './cases.js';
import type { Recommendation } from './findings.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { samplePersonOf, type SamplePerson } from './samplePeople.js';

interface Message {
  system: 'case_management' | 'audit_system';
  kind: string;
  title: string;
  message: string;
  link: string;
  caseId: string | null;
}

/** What the five sample people were told in the last 60 days before the base day, each only about what they may see. */
export function makeNotifications(
  random: Random,
  cases: readonly LegalCase[],
  leads: ReadonlyMap<string, string>,
  recommendations: readonly Recommendation[],
): Row[] {
  const openCases = cases.filter((legalCase) => legalCase.closedDay === null && !legalCase.isRestricted);
  const lawyer = samplePersonOf('Lawyer').personId;
  const ledByLawyer = cases.filter((legalCase) => legalCase.closedDay === null && leads.get(legalCase.id) === lawyer);
  const owned = recommendations.filter((recommendation) => recommendation.ownerId === samplePersonOf('Action Owner').personId);
  const led = recommendations.filter(({ finding }) => finding.engagement.leadId === samplePersonOf('Auditor').personId);

  const inbox: Record<SamplePerson['role'], Message[]> = {
    'System Admin': [
      ...random.some(openCases, 8).map((legalCase) => aboutCase(random, legalCase)),
      ...random.some(recommendations, 6).map((recommendation) => aboutRecommendation(random, recommendation)),
    ],
    Lawyer: random.some(ledByLawyer, 18).map((legalCase) => aboutCase(random, legalCase)),
    Auditor: random.some(led, 15).map((recommendation) => aboutRecommendation(random, recommendation)),
    'Action Owner': random.some(owned, 12).map((recommendation) => aboutRecommendation(random, recommendation)),
    'Read-Only': random.some(openCases, 4).map((legalCase) => aboutCase(random, legalCase)),
  };
  return Object.entries(inbox).flatMap(([role, messages]) =>
    messages.map((message) => notification(random, samplePersonOf(role as SamplePerson['role']).personId, message)),
  );
}

function notification(random: Random, recipientId: string, { caseId, ...message }: Message): Row {
  const created = officeHours(random, baseDay - random.integer(1, 60));
  const readAt = random.chance(45) ? Math.min(created + random.integer(5, 3_000) * 60_000, baseDay * 86_400_000) : null;
  return {
    id: random.uuid(created),
    recipient_id: recipientId,
    ...message,
    priority: random.pick(['low', 'medium', 'medium', 'high', 'urgent']),
    case_id: caseId,
    read_at: readAt === null ? null : isoTime(readAt),
    ...stamps(isoTime(created), isoTime(readAt ?? created), readAt === null ? 1 : 2),
  };
}

function aboutCase(random: Random, legalCase: LegalCase): Message {
  const [kind, title] = random.pick([
    ['deadline', 'A filing deadline is near'],
    ['event', 'A hearing was listed'],
    ['task', 'A task was assigned to you'],
    ['case_update', 'The case was updated'],
    ['cost_alert', 'A cost waits for payment'],
  ] as const);
  const link = `/cases/${legalCase.caseNumber}`;
  return {
    system: 'case_management',
    kind,
    title,
    message: `${legalCase.caseNumber}: ${legalCase.title}`,
    link,
    caseId: legalCase.id,
  };
}

function aboutRecommendation(random: Random, { id, finding }: Recommendation): Message {
  const [kind, title] = random.pick([
    ['finding', 'A finding was approved'],
    ['recommendation', 'A recommendation awaits your answer'],
    ['action_plan', 'An action plan is due'],
  ] as const);
  const message = `${finding.engagement.code}: ${finding.engagement.unit.name}`;
  return { system: 'audit_system', kind, title, message, link: `/recommendations/${id}`, caseId: null };
}
