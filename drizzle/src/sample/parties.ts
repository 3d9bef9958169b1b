import { isoTime, officeHours } from './calendar.js';
import type { LegalCase } from './cases.js';
import { peopleWith, type Person } from './people.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { samplePersonOf } from './samplePeople.js';
import { companyNames, companyTrades, familyNames, firstNames, places } from './texts/nameTexts.js';

export interface Claimant {
  name: string;
  partyType: 'individual' | 'company' | 'other';
}

/** Somebody who sues the state, or is sued by it. */
export function drawClaimant(random: Random, kind: 'individual' | 'company' | 'association'): Claimant {
  if (kind === 'company') return { name: `${random.pick(companyNames)} ${random.pick(companyTrades)}`, partyType: 'company' };
  if (kind === 'association') {
    return {
      name: `${random.pick(places)} ${random.pick(['Landowners Association', 'Land Group', 'Fishers Association'])}`,
      partyType: 'other',
    };
  }
  return { name: `${random.pick(firstNames)} ${random.pick(familyNames)}`, partyType: 'individual' };
}

/** Both sides of each case, the others behind "& Ors", and now and then a witness or a third party. */
export function makeParties(random: Random, cases: readonly LegalCase[]): Row[] {
  return cases.flatMap((legalCase) => {
    const createdAt = officeHours(random, legalCase.openedDay);
    const claimantRole = legalCase.stateSues ? 'defendant' : 'plaintiff';
    const party = (name: string, partyType: string, role: string): Row =>
      partyRow(random, legalCase, createdAt, name, partyType, role);
    const rows = [
      party(legalCase.claimant.name, legalCase.claimant.partyType, claimantRole),
      party(legalCase.agency.name, 'government_entity', legalCase.stateSues ? 'plaintiff' : 'defendant'),
    ];
    if (legalCase.hasManyClaimants) {
      for (let index = random.integer(1, 3); index > 0; index--) {
        rows.push(party(drawClaimant(random, 'individual').name, 'individual', claimantRole));
      }
    }
    if (random.chance(20)) rows.push(party(drawClaimant(random, 'individual').name, 'individual', 'witness'));
    if (random.chance(8)) rows.push(party(drawClaimant(random, 'company').name, 'company', 'third_party'));
    return rows;
  });
}

function partyRow(random: Random, legalCase: LegalCase, createdAt: number, name: string, partyType: string, role: string): Row {
  const place = random.pick(places);
  return {
    id: random.uuid(createdAt),
    case_id: legalCase.id,
    case_is_restricted: legalCase.isRestricted,
    name,
    party_type: partyType,
    role,
    contact_info: random.chance(20) ? 'By way of the opposing lawyer' : null,
    address: random.chance(70) ? `PO Box ${random.integer(1, 900)}, ${place}` : null,
    phone: random.chance(40) ? `+999 555 ${String(random.integer(0, 9999)).padStart(4, '0')}` : null,
    email: random.chance(25) ? `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@mail.example` : null,
    ...stamps(isoTime(createdAt)),
  };
}

/**
 * Who works on each case: one lead at a time, members and support. In every ninth case the lead has changed once. The sample
 * lawyer leads about one recent case in twelve, and one restricted case in three of the last three hundred.
 */
export function makeAssignments(
  random: Random,
  cases: readonly LegalCase[],
  people: readonly Person[],
): { rows: Row[]; leads: Map<string, string> } {
  const lawyers = peopleWith(people, 'Lawyer', 'Legal Officer');
  const support = peopleWith(people, 'Paralegal', 'Survey Officer');
  const assigners = peopleWith(people, 'Case Manager', 'Director');
  const sampleLawyer = samplePersonOf('Lawyer').personId;
  const leads = new Map<string, string>();
  let recentRestricted = 0;

  const rows = cases.flatMap((legalCase, index) => {
    const isRecent = index >= cases.length - 300;
    if (isRecent && legalCase.isRestricted) recentRestricted++;
    const isSampleLawyers = legalCase.isRestricted ? isRecent && recentRestricted % 3 === 1 : isRecent && random.chance(8);
    const [lead, former, ...members] = random.some(
      lawyers.filter((person) => person.id !== sampleLawyer || !legalCase.isRestricted),
      2 + random.weighted([[0, 5] as const, [1, 4] as const, [2, 1] as const]),
    ) as [Person, Person, ...Person[]];
    const leadId = isSampleLawyers ? sampleLawyer : lead.id;
    leads.set(legalCase.id, leadId);

    const assigned = officeHours(random, legalCase.openedDay + 1);
    const changed = index % 9 === 4 ? officeHours(random, legalCase.openedDay + 40) : null;
    const hasChanged = changed !== null && changed < Date.UTC(2026, 9, 1) && former.id !== leadId;
    const assignment = (personId: string, role: string, from: number, until: number | null): Row => ({
      id: random.uuid(from),
      case_id: legalCase.id,
      case_is_restricted: legalCase.isRestricted,
      person_id: personId,
      role,
      assigned_at: isoTime(from),
      ended_at: until === null ? null : isoTime(until),
      assigned_by: random.pick(assigners).id,
      ...stamps(isoTime(from), isoTime(until ?? from), until === null ? 1 : 2),
    });
    const result = [assignment(leadId, 'lead', hasChanged ? changed : assigned, null)];
    if (hasChanged) result.push(assignment(former.id, 'lead', assigned, changed));
    for (const member of members) if (member.id !== leadId) result.push(assignment(member.id, 'member', assigned, null));
    if (random.chance(45))
      result.push(assignment(random.pick(support).id, random.pick(['support', 'support', 'observer']), assigned, null));
    return result;
  });
  return { rows, leads };
}
