import { baseDay, dayOf, isoDate, isoTime, officeHours, workday, yearOf } from './calendar.js';
import type { OrgUnit } from './orgUnits.js';
import { drawClaimant, type Claimant } from './parties.js';
import { peopleWith, unitByCode, type Person } from './people.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { caseOrigins, closureNotes } from './texts/caseFileTexts.js';
import { caseKinds, type CaseKind } from './texts/caseTexts.js';
import { fillIn, grouped } from './texts/fillIn.js';
import { familyNames, firstNames, places, regions } from './texts/nameTexts.js';

export interface LegalCase {
  id: string;
  caseNumber: string;
  title: string;
  status: string;
  isRestricted: boolean;
  openedDay: number;
  /** The day of closing, or null while the case is open. */
  closedDay: number | null;
  departments: readonly string[];
  claimant: Claimant;
  agency: OrgUnit;
  stateSues: boolean;
  hasManyClaimants: boolean;
}

const firstDay = dayOf('1991-02-04');
/** Every 33rd case is restricted: 61 of 2,000, about 3 percent. */
const restrictedEvery = 33;

/** The legal cases in the order of their numbers, which is the order in which they were opened. */
export function makeCases(
  random: Random,
  count: number,
  orgUnits: readonly OrgUnit[],
  people: readonly Person[],
): { cases: LegalCase[]; rows: Row[] } {
  const registrars = peopleWith(people, 'Registrar', 'Case Manager');
  const cases: LegalCase[] = [];
  const rows: Row[] = [];
  drawOpeningDays(random, count).forEach((openedDay, index) => {
    const kind = random.weighted(caseKinds.map((candidate) => [candidate, candidate.weight] as const));
    const stage = drawStage(random, openedDay);
    const agency = unitByCode(orgUnits, random.pick(kind.departments));
    const claimant = drawClaimant(random, random.pick(kind.claimants));
    const stateSues = random.chance(kind.stateSues);
    const hasManyClaimants = claimant.partyType === 'individual' && random.chance(15);
    const title = titleOf(claimant.name, hasManyClaimants, agency.name, stateSues);
    const opened = officeHours(random, openedDay);
    const legalCase: LegalCase = {
      id: random.uuid(opened),
      caseNumber: `LC-${yearOf(openedDay)}-${String(index + 1).padStart(6, '0')}`,
      title,
      status: stage.status,
      isRestricted: index % restrictedEvery === 7,
      openedDay,
      closedDay: stage.closedDay,
      departments: kind.departments,
      claimant,
      agency,
      stateSues,
      hasManyClaimants,
    };
    cases.push(legalCase);
    rows.push({
      id: legalCase.id,
      case_number: legalCase.caseNumber,
      title,
      status: stage.status,
      workflow_state: stage.workflowState,
      case_type: kind.caseType,
      is_restricted: legalCase.isRestricted,
      our_role: stateSues ? 'plaintiff' : 'defendant',
      opened_on: isoDate(openedDay),
      org_unit_id: random.pick(orgUnits.filter((unit) => unit.isActive && unit.department === agency.department)).id,
      ...proceeding(random, legalCase),
      ...circumstances(random, kind, claimant.name, openedDay),
      closed_on: stage.closedDay === null ? null : isoDate(stage.closedDay),
      closure_type: stage.closureType,
      closure_notes: stage.closureType ? random.pick(closureNotes[stage.closureType] ?? ['Closed.']) : null,
      created_by: random.pick(registrars).id,
      ...stamps(isoTime(opened), isoTime(lastTouched(random, legalCase, opened)), random.integer(1, 9)),
    });
  });
  return { cases, rows };
}

/** Sorted days from 1991 on: three quarters of the cases fall more often the later the year, the rest evenly. */
function drawOpeningDays(random: Random, count: number): number[] {
  const draw = (): number => random.integer(firstDay, baseDay - 3);
  const days = Array.from({ length: count }, () => workday(random.chance(75) ? Math.max(draw(), draw()) : draw()));
  return days.sort((a, b) => a - b);
}

interface Stage {
  status: string;
  workflowState: string;
  closedDay: number | null;
  closureType: string | null;
}

/** An older case is more often closed; status, workflow, closing day and kind of closing fit together. */
function drawStage(random: Random, openedDay: number): Stage {
  const age = baseDay - openedDay;
  const closedOfHundred = age > 3650 ? 93 : age > 1500 ? 65 : age > 400 ? 25 : age > 120 ? 6 : 0;
  if (random.chance(closedOfHundred)) {
    const closedDay = random.integer(openedDay + 60, Math.min(openedDay + 2600, baseDay - 1));
    const status = random.chance(30) ? 'settled' : 'closed';
    const closureType =
      status === 'settled'
        ? random.pick(['settled', 'settled', 'consent_order'])
        : random.pick(['judgment_granted', 'judgment_dismissed', 'judgment_dismissed', 'withdrawn', 'struck_out', 'other']);
    return { status, workflowState: 'closed', closedDay, closureType };
  }
  // What was opened in the last weeks has not been filed yet: see proceeding().
  const status =
    age < 50
      ? 'under_review'
      : random.weighted([
          ['under_review', age < 200 ? 8 : 2],
          ['in_court', 4],
          ['mediation', 2],
          ['tribunal', 1],
          ['judgment', age > 600 ? 2 : 0],
        ]);
  return { status, workflowState: random.pick(workflowStates[status] ?? ['in_progress']), closedDay: null, closureType: null };
}

const workflowStates: Readonly<Record<string, readonly string[]>> = {
  under_review: ['registered', 'assigned', 'registration_completed', 'drafting', 'under_review', 'approved_for_filing'],
  in_court: ['filed', 'in_progress'],
  judgment: ['judgment_entered'],
};

function titleOf(claimant: string, isMany: boolean, agency: string, stateSues: boolean): string {
  const claimants = isMany ? `${claimant} & Ors` : claimant;
  return stateSues ? `${agency} -v- ${claimants}` : `${claimants} -v- ${agency}`;
}

/** What the court knows of the case. Before filing there is nothing; days in the future are left out, but for the returnable one. */
function proceeding(random: Random, legalCase: LegalCase): Row {
  const last = legalCase.closedDay ?? baseDay;
  const filedDay = workday(legalCase.openedDay + random.integer(4, 45));
  const servedDay = workday(filedDay + random.integer(3, 28));
  const isFiled = legalCase.status !== 'under_review' && filedDay <= last;
  const returnableDay = legalCase.closedDay === null ? baseDay + random.integer(4, 240) : servedDay + random.integer(20, 30);
  return {
    track_number: isFiled ? `TR ${random.integer(1, 9)}/${random.integer(100, 999)}` : null,
    case_origin: random.pick(caseOrigins),
    court_file_number: isFiled ? `${random.pick(['WS', 'OS', 'CIA'])} ${random.integer(1, 1600)} of ${yearOf(filedDay)}` : null,
    proceeding_filed_on: isFiled ? isoDate(filedDay) : null,
    documents_served_on: isFiled && servedDay <= last ? isoDate(servedDay) : null,
    returnable_on: isFiled ? isoDate(workday(returnableDay)) : null,
    returnable_type: isFiled ? random.pick(['Directions', 'Mention', 'Hearing', 'Trial']) : null,
    opposing_lawyer_name: random.chance(70) ? `${random.pick(firstNames)} ${random.pick(familyNames)}` : null,
    section5_notice: random.chance(40) ? `Notice received on ${isoDate(legalCase.openedDay - random.integer(5, 170))}.` : null,
  };
}

function circumstances(random: Random, kind: CaseKind, claimant: string, openedDay: number): Row {
  const values = {
    claimant,
    place: random.pick(places),
    year: yearOf(openedDay) - random.integer(1, 4),
    number: random.integer(3, 90),
    amount: `PGK ${grouped(random.integer(8, 2400) * 1000)}`,
  };
  const [matterType, description, allegations] = random.pick(kind.matters);
  return {
    description: fillIn(description, values),
    matter_type: matterType,
    priority: random.pick(['low', 'low', 'medium', 'medium', 'medium', 'high', 'high', 'urgent']),
    region: random.pick(regions),
    allegations: fillIn(allegations, values),
    reliefs_sought: fillIn(random.pick(kind.reliefs), values),
    land_description: kind.departments.includes('LND')
      ? `Portion ${random.integer(11, 3400)}, ${values.place}, ${random.integer(1, 900)} hectares`
      : null,
  };
}

function lastTouched(random: Random, legalCase: LegalCase, opened: number): number {
  const from = legalCase.closedDay ?? Math.max(legalCase.openedDay + 1, baseDay - 200);
  const until = Math.min(legalCase.closedDay === null ? baseDay - 1 : legalCase.closedDay + 20, baseDay - 1);
  return Math.max(opened, officeHours(random, random.integer(from, until)));
}
