import { baseDay, dayOf, isoDate, isoTime, officeHours, workday, yearOf } from './calendar.js';
import type { OrgUnit } from './orgUnits.js';
import { peopleWith, type Person } from './people.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { samplePersonOf } from './samplePeople.js';
import type { AuditTopic } from './texts/findingTheme.js';
import { engagementTexts, evidenceFiles, memberRoles, workpaperTexts } from './texts/auditTexts.js';

export interface Engagement {
  id: string;
  code: string;
  status: string;
  unit: OrgUnit;
  /** What it looks at, or null where it follows up on everything. */
  topic: AuditTopic | null;
  leadId: string;
  /** The last of its team, who writes most of the workpapers. */
  writerId: string;
  startDay: number;
  /** The last day that something was written in: its end, or the day before the base day. */
  lastDay: number;
}

const firstDay = dayOf('2016-02-01');

/** The engagements in the order of their codes, more of them the nearer the base day. Every eighth is led by the sample auditor. */
export function makeEngagements(
  random: Random,
  count: number,
  orgUnits: readonly OrgUnit[],
  people: readonly Person[],
): { engagements: Engagement[]; rows: Row[]; members: Row[] } {
  const auditors = peopleWith(people, 'Auditor', 'Audit Manager');
  const managers = peopleWith(people, 'Audit Manager', 'Audit Admin');
  const sampleAuditor = samplePersonOf('Auditor').personId;
  const audited = orgUnits.filter((unit) => unit.isActive && unit.department !== 'AUD');
  // Departments first, so that every one of them has engagements of its own beside those of its divisions.
  const departments = audited.filter((unit) => unit.code.length === 3);
  const span = baseDay - 20 - firstDay;
  const engagements: Engagement[] = [];
  const rows: Row[] = [];
  const members: Row[] = [];

  for (let index = 0; index < count; index++) {
    const createdDay = workday(
      baseDay - 20 - Math.trunc((span * (count - 1 - index) * (count - 1 - index)) / ((count - 1) * (count - 1))),
    );
    const created = officeHours(random, createdDay);
    const startDay = workday(createdDay + random.integer(0, 18));
    const endDay = workday(startDay + random.integer(60, 210));
    const [status, stage] = drawStage(random, endDay, createdDay);
    const unit = index % 4 === 0 ? (departments[(index / 4) % departments.length] as OrgUnit) : random.pick(audited);
    const [title, objectives, topic] = random.pick(engagementTexts);
    const leadId = index % 8 === 3 ? sampleAuditor : random.pick(auditors).id;
    const team = random.some(
      auditors.filter((person) => person.id !== leadId),
      random.integer(2, 5),
    );
    const engagement: Engagement = {
      id: random.uuid(created),
      code: `EN-${yearOf(createdDay)}-${String(index + 1).padStart(6, '0')}`,
      status,
      unit,
      topic,
      leadId,
      writerId: team.at(-1)?.id ?? leadId,
      startDay,
      lastDay: Math.max(startDay, Math.min(endDay, baseDay - 1)),
    };
    engagements.push(engagement);
    rows.push({
      id: engagement.id,
      code: engagement.code,
      title: `${title}: ${unit.name} ${yearOf(startDay)}`,
      scope: `Transactions and records of ${unit.name} from January ${yearOf(startDay) - 1} to the start of fieldwork.`,
      objectives,
      lead_id: leadId,
      org_unit_id: unit.id,
      start_date: isoDate(startDay),
      end_date: isoDate(endDay),
      status,
      lifecycle_stage: stage,
      created_by: random.pick(managers).id,
      ...stamps(
        isoTime(created),
        isoTime(officeHours(random, Math.min(Math.max(createdDay, engagement.lastDay), baseDay - 1))),
        random.integer(2, 8),
      ),
    });
    const joined = created + 3_600_000;
    for (const [personId, role] of [
      [leadId, 'lead'] as const,
      ...team.map((person) => [person.id, random.pick(memberRoles)] as const),
    ]) {
      members.push({
        id: random.uuid(joined),
        engagement_id: engagement.id,
        person_id: personId,
        role,
        ...stamps(isoTime(joined)),
      });
    }
  }
  return { engagements, rows, members };
}

/** Status and stage as far as time has brought the engagement. */
function drawStage(random: Random, endDay: number, createdDay: number): [status: string, stage: string] {
  if (endDay < baseDay - 900) return random.chance(92) ? ['closed', 'closed'] : ['follow_up', 'final_report'];
  if (endDay < baseDay - 200) return random.chance(55) ? ['closed', 'closed'] : ['follow_up', 'final_report'];
  if (endDay < baseDay) return random.chance(60) ? ['follow_up', 'final_report'] : ['reporting', 'management_response'];
  if (createdDay < baseDay - 110) return ['reporting', random.pick(['draft_report', 'review'])];
  return createdDay < baseDay - 60 ? ['fieldwork', 'fieldwork'] : ['planning', 'planning'];
}

/** Workpapers of every engagement that has left its planning, each with its evidence. */
export function makeWorkpapers(random: Random, engagements: readonly Engagement[]): { workpapers: Row[]; evidence: Row[] } {
  const workpapers: Row[] = [];
  const evidence: Row[] = [];
  for (const engagement of engagements) {
    if (engagement.status === 'planning') continue;
    random.some(workpaperTexts, random.integer(2, 5)).forEach(([title, procedure], index) => {
      const created = officeHours(random, random.integer(engagement.startDay, engagement.lastDay));
      const id = random.uuid(created);
      workpapers.push({
        id,
        engagement_id: engagement.id,
        title,
        procedure,
        sample_ref: random.chance(70) ? `S-${index + 1}/${random.integer(10, 60)}` : null,
        created_by: random.chance(65) ? engagement.writerId : engagement.leadId,
        ...stamps(isoTime(created)),
      });
      for (const [name, fileType, description] of random.some(evidenceFiles, random.integer(0, 3))) {
        const uploaded = created + random.integer(60, 7_200) * 1000;
        const fileName = `${name}.${extensions[fileType] ?? 'docx'}`;
        evidence.push({
          id: random.uuid(uploaded),
          workpaper_id: id,
          file_path: `engagements/${engagement.code}/${id}/${fileName}`,
          file_name: fileName,
          file_type: fileType,
          file_size: random.integer(4_000, 9_000_000),
          description,
          uploaded_by: engagement.writerId,
          uploaded_at: isoTime(uploaded),
          ...stamps(isoTime(uploaded)),
        });
      }
    });
  }
  return { workpapers, evidence };
}

const extensions: Readonly<Record<string, string>> = { 'text/csv': 'csv', 'application/pdf': 'pdf', 'application/zip': 'zip' };
