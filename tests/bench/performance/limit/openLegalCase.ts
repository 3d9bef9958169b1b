import type { PoolClient } from 'pg';
import { v7 } from 'uuid';

interface Input {
  readonly title: string;
  readonly caseType: string;
  readonly priority: string;
  readonly orgUnitId: string;
  readonly leadPersonId: string;
  readonly parties: readonly { name: string; partyType: string; role: string }[];
}

const insertCase = `insert into case_management.legal_cases (id, title, case_type, priority, org_unit_id, created_by)
  values ($1, $2, $3, $4, $5, $6) returning case_number, title, status, opened_on::text, version`;
const insertAssignment = `insert into case_management.case_assignments (id, case_id, case_is_restricted, person_id, role, assigned_by)
  values ($1, $2, false, $3, 'lead', $4)`;
const insertParties = `insert into case_management.parties (id, case_id, case_is_restricted, name, party_type, role)
  select p.id, $1, false, p.name, p.party_type, p.role from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) p (id, name, party_type, role)`;

/** The same INSERTs as the mutation's, in one transaction that is sent whole: nothing is read back that the answer does not need. */
export async function openLegalCase(client: PoolClient, personId: string, variables: Record<string, unknown>): Promise<string> {
  const { title, caseType, priority, orgUnitId, leadPersonId, parties } = variables['input'] as Input;
  const id = v7();
  const sent = [
    client.query('begin'),
    client.query({ name: 'person', text: 'select identity.enter($1)', values: [personId] }),
    client.query<{ case_number: string; title: string; status: string; opened_on: string; version: number }>({
      name: 'case',
      text: insertCase,
      values: [id, title, caseType.toLowerCase(), priority.toLowerCase(), orgUnitId, personId],
    }),
    client.query({ name: 'assignment', text: insertAssignment, values: [v7(), id, leadPersonId, personId] }),
    client.query({
      name: 'parties',
      text: insertParties,
      values: [
        id,
        parties.map(() => v7()),
        parties.map(({ name }) => name),
        parties.map(({ partyType }) => partyType.toLowerCase()),
        parties.map(({ role }) => role.toLowerCase()),
      ],
    }),
    client.query('commit'),
  ] as const;
  const [, , made] = await Promise.all(sent);
  const { case_number: caseNumber, status, opened_on: openedOn, version } = made.rows[0]!;
  const byName = parties.map(({ name, role }) => ({ name, role })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const legalCase = { id, caseNumber, title, status: status.toUpperCase(), openedOn, parties: byName, version };
  return JSON.stringify({ data: { openLegalCase: { legalCase, userErrors: [] } } });
}
