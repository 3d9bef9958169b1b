/** One of the people that `npm start` prints a token for. */
export interface SamplePerson {
  /** The one role that the person has, by its name in identity.roles. */
  role: 'System Admin' | 'Lawyer' | 'Auditor' | 'Action Owner' | 'Read-Only';
  personId: string;
  fullName: string;
  email: string;
}

/** The five sample people. Their ids never change, so a token, a test or a document can name them. */
export const samplePeople: readonly SamplePerson[] = [
  {
    role: 'System Admin',
    personId: '01941f29-7c00-7000-8000-000000000001',
    fullName: 'Sunniva Keystone',
    email: 'sunniva.keystone@ardenmoor.example',
  },
  {
    role: 'Lawyer',
    personId: '01941f29-7c00-7000-8000-000000000002',
    fullName: 'Leander Briefwell',
    email: 'leander.briefwell@ardenmoor.example',
  },
  {
    role: 'Auditor',
    personId: '01941f29-7c00-7000-8000-000000000003',
    fullName: 'Aurelia Ledgerly',
    email: 'aurelia.ledgerly@ardenmoor.example',
  },
  {
    role: 'Action Owner',
    personId: '01941f29-7c00-7000-8000-000000000004',
    fullName: 'Osric Actonby',
    email: 'osric.actonby@ardenmoor.example',
  },
  {
    role: 'Read-Only',
    personId: '01941f29-7c00-7000-8000-000000000005',
    fullName: 'Rosalind Readmore',
    email: 'rosalind.readmore@ardenmoor.example',
  },
];

/** @throws RangeError where no sample person has the role. */
export function samplePersonOf(role: SamplePerson['role']): SamplePerson {
  const person = samplePeople.find((candidate) => candidate.role === role);
  if (!person) throw new RangeError(`No sample person has the role ${role}.`);
  return person;
}
