import { appointment, baseDay, dayOf, isoDate, isoTime, officeHours, workday } from './calendar.js';
import type { LegalCase } from './cases.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { costTexts, documentTexts, eventTexts, longRangeEventTexts, orderTexts, taskTexts } from './texts/caseFileTexts.js';
import { places } from './texts/nameTexts.js';

/** What hangs on the cases beside parties and assignments. */
export interface CaseFileRows {
  documents: Row[];
  documentVersions: Row[];
  events: Row[];
  tasks: Row[];
  courtOrders: Row[];
  costs: Row[];
}

const lastListingDay = dayOf('2036-12-12');
const fileTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  zip: 'application/zip',
};

/** @param leads the id of the lead by the id of the case */
export function makeCaseFiles(
  createStream: (name: string) => Random,
  cases: readonly LegalCase[],
  leads: ReadonlyMap<string, string>,
): CaseFileRows {
  const streams = {
    documents: createStream('documents'),
    events: createStream('case_events'),
    tasks: createStream('tasks'),
    orders: createStream('court_orders'),
    costs: createStream('case_costs'),
  };
  const file: CaseFileRows = { documents: [], documentVersions: [], events: [], tasks: [], courtOrders: [], costs: [] };
  for (const legalCase of cases) {
    const lead = leads.get(legalCase.id) ?? null;
    addDocuments(streams.documents, legalCase, lead, file);
    addEvents(streams.events, legalCase, lead, file.events);
    addTasks(streams.tasks, legalCase, lead, file.tasks);
    addCourtOrders(streams.orders, legalCase, file.courtOrders);
    addCosts(streams.costs, legalCase, file.costs);
  }
  return file;
}

function belongsTo(legalCase: LegalCase): { case_id: string; case_is_restricted: boolean } {
  return { case_id: legalCase.id, case_is_restricted: legalCase.isRestricted };
}

/** A day in the life of the case, up to its closing or the day before the base day. */
function dayInLife(random: Random, legalCase: LegalCase): number {
  return random.integer(legalCase.openedDay, Math.min(legalCase.closedDay ?? baseDay - 1, legalCase.openedDay + 1200));
}

function addDocuments(random: Random, legalCase: LegalCase, lead: string | null, file: CaseFileRows): void {
  for (const [title, documentType, fileName] of random.some(documentTexts, random.integer(0, 3))) {
    const created = officeHours(random, dayInLife(random, legalCase));
    const documentId = random.uuid(created);
    const versionCount = random.weighted([
      [1, 6],
      [2, 2],
      [3, 1],
    ]);
    const lastUpload = created + (versionCount - 1) * 86_400_000;
    file.documents.push({
      id: documentId,
      ...belongsTo(legalCase),
      title,
      description: random.chance(40) ? `${title} in ${legalCase.title}` : null,
      document_type: documentType,
      is_confidential: random.chance(12),
      created_by: lead,
      ...stamps(isoTime(created), isoTime(lastUpload), versionCount),
    });
    for (let number = 1; number <= versionCount; number++) {
      const uploaded = created + (number - 1) * 86_400_000;
      file.documentVersions.push({
        id: random.uuid(uploaded),
        ...belongsTo(legalCase),
        document_id: documentId,
        version_number: number,
        file_url: `https://files.ardenmoor.example/cases/${legalCase.caseNumber}/${documentId}/${number}/${fileName}`,
        file_name: fileName,
        file_type: fileTypes[fileName.slice(fileName.lastIndexOf('.') + 1)] ?? null,
        file_size: random.integer(9_000, 4_800_000),
        uploaded_by: lead,
        uploaded_at: isoTime(uploaded),
        ...stamps(isoTime(uploaded)),
      });
    }
  }
}

/** Events that were, and for an open case at least one that comes. */
function addEvents(random: Random, legalCase: LegalCase, lead: string | null, rows: Row[]): void {
  const add = (texts: typeof eventTexts, day: number): void => {
    const [title, eventType, location, attendees] = random.pick(texts);
    const starts = appointment(random, workday(day));
    const created = officeHours(random, Math.min(legalCase.openedDay + random.integer(0, 30), day, baseDay - 1));
    rows.push({
      id: random.uuid(created),
      ...belongsTo(legalCase),
      event_type: eventType,
      title,
      description: random.chance(35) ? `${title} in ${legalCase.caseNumber}.` : null,
      starts_at: isoTime(starts),
      ends_at: attendees === null ? null : isoTime(starts + random.integer(1, 6) * 1_800_000),
      location: location === 'On site' ? random.pick(places) : location,
      attendees,
      created_by: lead,
      ...stamps(isoTime(created)),
    });
  };
  for (let left = random.integer(0, 3); left > 0; left--) add(eventTexts, dayInLife(random, legalCase));
  if (legalCase.closedDay !== null) return;
  for (let left = random.integer(1, 3); left > 0; left--) add(eventTexts, baseDay + random.integer(2, 540));
  if (random.chance(40)) add(longRangeEventTexts, random.integer(baseDay + 541, lastListingDay));
}

function addTasks(random: Random, legalCase: LegalCase, lead: string | null, rows: Row[]): void {
  const isOpen = legalCase.closedDay === null;
  for (const [title, description] of random.some(taskTexts, random.integer(0, isOpen ? 4 : 2))) {
    const createdDay = isOpen
      ? random.integer(Math.max(legalCase.openedDay, baseDay - 150), baseDay - 1)
      : dayInLife(random, legalCase);
    const created = officeHours(random, createdDay);
    const dueDay = workday(createdDay + random.integer(5, 120));
    const openStatus = dueDay < baseDay ? 'overdue' : random.pick(['pending', 'pending', 'in_progress']);
    const status = isOpen ? (random.chance(35) ? 'completed' : openStatus) : random.chance(92) ? 'completed' : 'cancelled';
    const completed =
      status === 'completed' ? officeHours(random, Math.min(dueDay, baseDay - 1, legalCase.closedDay ?? baseDay)) : null;
    const finished = completed === null ? null : Math.max(completed, created);
    rows.push({
      id: random.uuid(created),
      ...belongsTo(legalCase),
      title,
      description,
      assigned_to: lead,
      due_on: isoDate(dueDay),
      status,
      priority: random.pick(['low', 'medium', 'medium', 'high', 'urgent']),
      completion_notes:
        finished === null ? null : random.pick(['Done.', 'Done; copy is on file.', 'Done by telephone, see file note.']),
      completed_at: finished === null ? null : isoTime(finished),
      created_by: lead,
      ...stamps(isoTime(created), isoTime(finished ?? created), finished === null ? 1 : 2),
    });
  }
}

function addCourtOrders(random: Random, legalCase: LegalCase, rows: Row[]): void {
  if (legalCase.status === 'under_review') return;
  const count = random.weighted([[0, 5] as const, [1, 4] as const, [2, 1] as const]) + (legalCase.status === 'judgment' ? 1 : 0);
  for (let left = count; left > 0; left--) {
    const day = workday(dayInLife(random, legalCase));
    const created = officeHours(random, Math.min(day, baseDay - 1));
    const [orderType, terms, grounds, outcome] = random.pick(orderTexts);
    const id = random.uuid(created);
    rows.push({
      id,
      ...belongsTo(legalCase),
      court_reference: `${random.pick(['N', 'SC'])}${random.integer(100, 9999)}`,
      parties_to_proceeding: legalCase.title,
      order_date: isoDate(Math.min(day, baseDay - 1)),
      order_type: orderType,
      terms,
      conclusion_grounds: grounds,
      outcome,
      document_url: `https://files.ardenmoor.example/orders/${id}.pdf`,
      ...stamps(isoTime(created)),
    });
  }
}

function addCosts(random: Random, legalCase: LegalCase, rows: Row[]): void {
  for (const [costType, most, payee] of random.some(costTexts, random.integer(0, 2))) {
    const day = dayInLife(random, legalCase);
    const created = officeHours(random, day);
    const cents = random.integer(5_000, most * 100);
    const status = random.pick(['paid', 'paid', 'paid', 'unpaid', 'partial', 'waived', 'disputed']);
    const paidCents = status === 'paid' ? cents : status === 'partial' ? random.integer(1_000, cents - 1_000) : 0;
    const paidDay = Math.min(day + random.integer(5, 90), baseDay - 1);
    rows.push({
      id: random.uuid(created),
      ...belongsTo(legalCase),
      cost_type: costType,
      amount: money(cents),
      currency: 'PGK',
      incurred_on: isoDate(day),
      paid_on: paidCents > 0 ? isoDate(paidDay) : null,
      payment_status: status,
      amount_paid: money(paidCents),
      description: `${costType} in ${legalCase.caseNumber}`,
      reference_number: `V${random.integer(100_000, 999_999)}`,
      payee_name: payee,
      ...stamps(isoTime(created)),
    });
  }
}

function money(cents: number): string {
  const text = String(cents).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}
