import type { Engagement } from './audit.js';
import { baseDay, isoDate, isoTime, officeHours, workday, yearOf } from './calendar.js';
import type { LegalCase } from './cases.js';
import type { OrgUnit } from './orgUnits.js';
import { peopleWith, type Person } from './people.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { samplePersonOf } from './samplePeople.js';
import { likelihoods } from './texts/auditTexts.js';
import { fillIn, grouped } from './texts/fillIn.js';
import { financeThemes } from './texts/financeThemes.js';
import type { FindingTheme } from './texts/findingTheme.js';
import { places } from './texts/nameTexts.js';
import { operationsThemes } from './texts/operationsThemes.js';

export interface Finding {
  id: string;
  engagement: Engagement;
  theme: FindingTheme;
  rating: string;
  status: string;
  createdDay: number;
  /** What was drawn for the placeholders of its texts. */
  values: Readonly<Record<string, string | number>>;
}

export interface Recommendation {
  id: string;
  finding: Finding;
  ownerId: string;
}

/** Exactly `count` findings: two for each engagement that has left its planning, the rest wherever they fall. */
export function makeFindings(
  random: Random,
  count: number,
  engagements: readonly Engagement[],
): { findings: Finding[]; rows: Row[] } {
  const active = engagements.filter((engagement) => engagement.status !== 'planning');
  const shares = active.map(() => 2);
  for (let left = count - 2 * active.length; left > 0; left--) {
    const index = random.integer(0, active.length - 1);
    shares[index] = (shares[index] ?? 0) + 1;
  }
  const findings: Finding[] = [];
  const rows: Row[] = [];
  active.forEach((engagement, index) => {
    drawTexts(random, engagement, shares[index] ?? 0).forEach(([theme, variant], position) => {
      const createdDay = random.integer(engagement.startDay, engagement.lastDay);
      const created = officeHours(random, createdDay);
      const total = random.integer(20, 90);
      const values = {
        unit: engagement.unit.name,
        number: random.integer(3, total - 5),
        total,
        few: random.integer(3, 9),
        amount: `PGK ${grouped(random.integer(12, 3_800) * 1000)}`,
        year: yearOf(createdDay) - 1,
        place: random.pick(places),
      };
      const rating = random.weighted([
        ['critical', 1],
        ['high', 4],
        ['medium', 6],
        ['low', 3],
      ]);
      const finding: Finding = {
        id: random.uuid(created),
        engagement,
        theme,
        rating,
        status: statusOf(random, engagement),
        createdDay,
        values,
      };
      const ofVariant = (texts: readonly string[]): string => fillIn(texts[variant % texts.length] ?? '', values);
      findings.push(finding);
      rows.push({
        id: finding.id,
        engagement_id: engagement.id,
        reference: `${engagement.code}-F${String(position + 1).padStart(2, '0')}`,
        title: ofVariant(theme.titles),
        condition: ofVariant(theme.conditions),
        criteria: ofVariant(theme.criteria),
        cause: ofVariant(theme.causes),
        effect: ofVariant(theme.effects),
        risk_rating: rating,
        likelihood: random.pick(likelihoods),
        impact_area: theme.impactArea,
        status: finding.status,
        is_material_weakness: rating === 'critical',
        is_significant_deficiency: rating === 'critical' || (rating === 'high' && random.chance(40)),
        is_repeat: random.chance(15),
        created_by: random.chance(60) ? engagement.writerId : engagement.leadId,
        ...stamps(isoTime(created), isoTime(created + random.integer(0, 20) * 3_600_000), random.integer(1, 5)),
      });
    });
  });
  return { findings, rows };
}

/** Different texts within one engagement: those of its topic first. */
function drawTexts(random: Random, engagement: Engagement, count: number): (readonly [theme: FindingTheme, variant: number])[] {
  const texts = [...financeThemes, ...operationsThemes].flatMap((theme) => [[theme, 0] as const, [theme, 1] as const]);
  const shuffled = random.some(texts, texts.length);
  const onTopic = shuffled.filter(([theme]) => theme.topic === engagement.topic);
  const others = shuffled.filter(([theme]) => theme.topic !== engagement.topic);
  return [...onTopic, ...others].slice(0, count);
}

function statusOf(random: Random, engagement: Engagement): string {
  if (engagement.status === 'closed') return random.chance(85) ? 'closed' : 'approved';
  if (engagement.status === 'follow_up') return random.chance(75) ? 'approved' : 'closed';
  return engagement.status === 'reporting'
    ? random.pick(['under_review', 'approved'])
    : random.pick(['draft', 'draft', 'under_review']);
}

const recommendationStatuses: Readonly<Record<string, readonly string[]>> = {
  draft: ['draft'],
  under_review: ['draft', 'manager_review'],
  approved: ['approved', 'published', 'accepted', 'implementing', 'implementing', 'overdue', 'verified'],
  closed: ['verified', 'closed', 'closed'],
};

/** One or two recommendations a finding, and the action plans of those that were accepted. The sample action owner has one in twenty. */
export function makeRecommendations(
  random: Random,
  findings: readonly Finding[],
  orgUnits: readonly OrgUnit[],
  people: readonly Person[],
): { recommendations: Recommendation[]; rows: Row[]; actionPlans: Row[] } {
  const owners = peopleWith(people, 'Action Owner');
  const sampleOwner = samplePersonOf('Action Owner').personId;
  const recommendations: Recommendation[] = [];
  const rows: Row[] = [];
  const actionPlans: Row[] = [];

  for (const finding of findings) {
    random.some(finding.theme.recommendations, random.integer(1, 2)).forEach((text) => {
      const created = officeHours(random, Math.min(finding.createdDay + random.integer(1, 20), baseDay - 1));
      const department = finding.engagement.unit.department;
      const near = owners.filter((person) => person.department === department && person.id !== sampleOwner);
      const ownerId = recommendations.length % 20 === 9 ? sampleOwner : random.pick(near.length > 0 ? near : owners).id;
      const ownerUnits = orgUnits.filter((unit) => unit.isActive && unit.code.startsWith(finding.engagement.unit.code));
      const targetDay = workday(finding.createdDay + random.integer(60, 400));
      const drawn = random.pick(recommendationStatuses[finding.status] ?? ['draft']);
      const status = drawn === 'overdue' && targetDay >= baseDay ? 'implementing' : drawn;
      const id = random.uuid(created);
      recommendations.push({ id, finding, ownerId });
      rows.push({
        id,
        finding_id: finding.id,
        recommendation_text: fillIn(text, finding.values),
        priority: finding.rating,
        owner_unit_id: random.pick(ownerUnits.length > 0 ? ownerUnits : [finding.engagement.unit]).id,
        owner_person_id: ownerId,
        target_date: isoDate(targetDay),
        status,
        created_by: finding.engagement.leadId,
        ...stamps(isoTime(created), isoTime(created + random.integer(0, 9) * 600_000), random.integer(1, 6)),
      });
      if (!['accepted', 'implementing', 'overdue', 'verified', 'closed'].includes(status)) return;
      for (const action of random.some(finding.theme.actions, random.integer(1, 2))) {
        actionPlans.push(actionPlan(random, id, fillIn(action, finding.values), ownerId, status, created, targetDay));
      }
    });
  }
  return { recommendations, rows, actionPlans };
}

function actionPlan(
  random: Random,
  recommendationId: string,
  actionText: string,
  ownerId: string,
  recommendationStatus: string,
  recommended: number,
  targetDay: number,
): Row {
  const created = Math.min(recommended + random.integer(1, 14) * 86_400_000, (baseDay - 1) * 86_400_000);
  const startDay = Math.trunc(Math.max(created, recommended) / 86_400_000);
  const [status, progress] = {
    accepted: ['not_started', 0] as const,
    implementing: ['in_progress', random.integer(1, 18) * 5] as const,
    overdue: ['overdue', random.integer(0, 16) * 5] as const,
    verified: ['verified', 100] as const,
  }[recommendationStatus] ?? ['completed', 100];
  return {
    id: random.uuid(Math.max(created, recommended)),
    recommendation_id: recommendationId,
    action_text: actionText,
    owner_person_id: ownerId,
    start_date: isoDate(startDay),
    target_date: isoDate(targetDay),
    progress_percent: progress,
    status,
    notes:
      progress > 0 && random.chance(40)
        ? random.pick(['Reported to the audit committee.', 'Waiting for the budget.', 'On track.'])
        : null,
    ...stamps(isoTime(Math.max(created, recommended))),
  };
}

/** Recommendations that bear on a case of the same department; newer cases more often than old ones. */
export function makeCaseLinks(random: Random, recommendations: readonly Recommendation[], cases: readonly LegalCase[]): Row[] {
  const casesByDepartment = new Map<string, LegalCase[]>();
  for (const legalCase of cases) {
    const department = legalCase.agency.department;
    casesByDepartment.set(department, [...(casesByDepartment.get(department) ?? []), legalCase]);
  }
  const rows: Row[] = [];
  for (const { id, finding } of recommendations) {
    const candidates = casesByDepartment.get(finding.engagement.unit.department) ?? [];
    if (candidates.length === 0 || !random.chance(finding.theme.impactArea === 'Legal' ? 90 : 25)) continue;
    const last = candidates.length - 1;
    const legalCase = candidates[
      Math.max(random.integer(0, last), random.integer(0, last), random.integer(0, last))
    ] as LegalCase;
    const created = Math.max(officeHours(random, finding.createdDay + 1), officeHours(random, legalCase.openedDay));
    rows.push({
      id: random.uuid(created),
      recommendation_id: id,
      legal_case_id: legalCase.id,
      relation: random.pick(['adopted_as_basis', 'supporting_reference', 'supporting_reference', 'information_only']),
      note: random.chance(50) ? random.pick(['Named in the defence.', 'Same transactions.', 'Same officer and period.']) : null,
      created_by: finding.engagement.leadId,
      ...stamps(isoTime(created)),
    });
  }
  return rows;
}
