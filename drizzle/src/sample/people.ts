import { baseDay, dayOf, isoTime, officeHours } from './calendar.js';
import type { OrgUnit } from './orgUnits.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { samplePeople } from './samplePeople.js';
import { familyNames, firstNames } from './texts/nameTexts.js';

export interface Person {
  id: string;
  fullName: string;
  roles: readonly string[];
  /** The code of the department that the person works in. */
  department: string;
  isActive: boolean;
}

interface Post {
  count: number;
  title: string;
  roles: readonly string[];
  /** Codes that the unit of the person starts with; none: any department but Justice and Audit. */
  units?: readonly string[];
}

/** The posts of the 195 people beside the five sample people. */
const posts: readonly Post[] = [
  { count: 1, title: 'Head of Information Services', roles: ['System Admin'], units: ['FIN'] },
  { count: 1, title: 'Systems Administrator', roles: ['Admin'], units: ['FIN'] },
  { count: 2, title: 'Interface Account Holder', roles: ['System Integrator'], units: ['FIN'] },
  { count: 3, title: 'Case Manager', roles: ['Case Manager'], units: ['JUS-SOL'] },
  { count: 2, title: 'Director of Legal Services', roles: ['Director'], units: ['JUS'] },
  { count: 1, title: 'Director of Legal Services and Audit Liaison', roles: ['Director', 'Audit Manager'], units: ['JUS'] },
  { count: 30, title: 'Lawyer', roles: ['Lawyer'], units: ['JUS-SOL'] },
  { count: 10, title: 'Legal Officer', roles: ['Legal Officer'], units: ['JUS-SOL'] },
  { count: 10, title: 'Paralegal', roles: ['Paralegal'], units: ['JUS-SOL'] },
  { count: 4, title: 'Registrar', roles: ['Registrar'], units: ['JUS-REG'] },
  { count: 6, title: 'Survey Officer', roles: ['Survey Officer'], units: ['LND-SUR'] },
  { count: 4, title: 'Forensic Lawyer', roles: ['Auditor', 'Lawyer'], units: ['AUD', 'JUS-SOL'] },
  { count: 2, title: 'Chief Auditor', roles: ['Audit Admin'], units: ['AUD'] },
  { count: 5, title: 'Audit Manager', roles: ['Audit Manager'], units: ['AUD-FIN', 'AUD-PER', 'AUD-INF'] },
  { count: 22, title: 'Auditor', roles: ['Auditor'], units: ['AUD-FIN', 'AUD-PER', 'AUD-INF'] },
  { count: 44, title: 'Section Head', roles: ['Action Owner'] },
  { count: 4, title: 'Division Head', roles: ['Action Owner', 'Read-Only'] },
  { count: 12, title: 'Planning Officer', roles: ['Read-Only'] },
  { count: 10, title: 'Judge', roles: ['Judge'], units: ['JUS-REG'] },
  { count: 9, title: 'Department Contact', roles: ['Client'] },
  { count: 6, title: 'Technical Officer', roles: ['Witness'] },
  { count: 7, title: 'Clerk', roles: [] },
];

const sampleUnits: Readonly<Record<string, string>> = {
  'System Admin': 'GOA',
  Lawyer: 'JUS-SOL-LIT',
  Auditor: 'AUD-FIN',
  'Action Owner': 'LND-LEA',
  'Read-Only': 'FIN-TRE',
};

/** 200 people: the five sample people first. Every 24th is inactive, every 28th has no e-mail. */
export function makePeople(random: Random, orgUnits: readonly OrgUnit[]): { people: Person[]; rows: Row[] } {
  const people: Person[] = [];
  const rows: Row[] = [];
  const taken = new Set<string>();

  function add(person: Person, unit: OrgUnit, title: string, email: string | null, created: number): void {
    people.push(person);
    rows.push({
      id: person.id,
      user_id: email && person.isActive ? random.uuid(created) : null,
      full_name: person.fullName,
      email,
      phone: random.chance(80) ? `+999 555 ${String(random.integer(0, 9999)).padStart(4, '0')}` : null,
      title,
      roles: person.roles,
      org_unit_id: unit.id,
      is_active: person.isActive,
      ...stamps(isoTime(created)),
    });
  }

  for (const { role, personId, fullName, email } of samplePeople) {
    const unit = unitByCode(orgUnits, sampleUnits[role] ?? 'GOA');
    const person = { id: personId, fullName, roles: [role], department: unit.department, isActive: true };
    add(person, unit, `${role} (sample)`, email, dayOf('2025-01-01') * 86_400_000);
  }
  for (const post of posts) {
    for (let index = 0; index < post.count; index++) {
      const unit = random.pick(orgUnits.filter((candidate) => candidate.isActive && mayStandIn(post, candidate)));
      const created = officeHours(random, random.integer(dayOf('2009-01-05'), baseDay - 60));
      const fullName = newName(random, taken);
      const serial = people.length;
      const email = serial % 28 === 27 ? null : `${fullName.toLowerCase().replace(' ', '.')}@ardenmoor.example`;
      const isActive = serial % 24 !== 23;
      const person = { id: random.uuid(created), fullName, roles: post.roles, department: unit.department, isActive };
      add(person, unit, post.title, email, created);
    }
  }
  return { people, rows };
}

/** The active people who have one of the roles. */
export function peopleWith(people: readonly Person[], ...roles: readonly string[]): Person[] {
  return people.filter((person) => person.isActive && person.roles.some((role) => roles.includes(role)));
}

function mayStandIn(post: Post, unit: OrgUnit): boolean {
  return post.units ? post.units.some((code) => unit.code.startsWith(code)) : !['GOA', 'JUS', 'AUD'].includes(unit.department);
}

function newName(random: Random, taken: Set<string>): string {
  for (;;) {
    const name = `${random.pick(firstNames)} ${random.pick(familyNames)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/** @throws RangeError for a code that no unit has. */
export function unitByCode(orgUnits: readonly OrgUnit[], code: string): OrgUnit {
  const unit = orgUnits.find((candidate) => candidate.code === code);
  if (!unit) throw new RangeError(`No sample org unit has the code ${code}.`);
  return unit;
}
