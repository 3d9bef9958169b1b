import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { Shape, TestGraph } from '../support/graph.js';
import { seed } from '../support/seed.js';
import type { Seed } from '../support/seed.js';
import { createTestIssuer } from '../support/tokens.js';

const shapes: Shape[] = ['one process', 'separate'];

let database: TestDatabase;
let rows: Seed;
const graphs = new Map<Shape, TestGraph>();

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('unit')
    .person('admin', { roles: ['System Admin'] })
    .person('assigned lawyer', { roles: ['Lawyer', 'Auditor'] })
    .person('other lawyer', { roles: ['Lawyer', 'Auditor'] })
    .person('reader', { roles: ['Read-Only'] })
    .person('auditor', { roles: ['Auditor'] })
    .person('nobody', { roles: [] })
    .person('gone', { roles: ['System Admin'], isActive: false })
    .legalCase('secret', { orgUnit: 'unit', isRestricted: true, title: 'Secret -v- Matter' })
    .legalCase('plain', { orgUnit: 'unit', title: 'Plain -v- Matter' })
    .assign('secret', 'assigned lawyer', { role: 'lead' })
    .assign('plain', 'assigned lawyer', { role: 'lead' })
    .party('secret', 'Hidden Holdings Ltd')
    .write();
  rows
    .row('audit_system.engagements', 'engagement', { title: 'Audit', orgUnitId: rows.id('unit') })
    .row('audit_system.findings', 'finding', { engagementId: rows.id('engagement'), title: 'Finding' })
    .row('audit_system.recommendations', 'recommendation', { findingId: rows.id('finding'), recommendationText: 'Do it' })
    .row('audit_system.recommendation_case_links', 'link to secret', {
      recommendationId: rows.id('recommendation'),
      legalCaseId: rows.id('secret'),
    })
    .row('audit_system.recommendation_case_links', 'link to plain', {
      recommendationId: rows.id('recommendation'),
      legalCaseId: rows.id('plain'),
    })
    .notification('about the secret', { recipient: 'other lawyer', caseId: rows.id('secret') });
  await rows.write();
  const issuer = await createTestIssuer();
  for (const shape of shapes) graphs.set(shape, await createTestGraph(shape, database, issuer));
});
afterAll(async () => {
  for (const graph of graphs.values()) await graph.stop();
  await database?.drop();
});

/** Every way through the graph by which a case can come into sight. */
const everyWay = `query EveryWay($id: ID!, $unit: ID!, $person: ID!, $number: String!, $recommendation: RecommendationFilter) {
  byId: legalCase(id: $id) { id title }
  byNumber: legalCaseByNumber(caseNumber: $number) { id title }
  list: legalCases { totalCount nodes { id title } }
  byText: legalCases(filter: { text: "hidden holdings" }) { totalCount nodes { id title } }
  byUnit: legalCases(filter: { orgUnitId: $unit }) { totalCount nodes { id title } }
  byPerson: legalCases(filter: { assignedPersonId: $person }) { totalCount nodes { id title } }
  restricted: legalCases(filter: { isRestricted: true }) { totalCount nodes { id title } }
  ofUnit: orgUnit(id: $unit) { legalCases { totalCount nodes { id title } } }
  ofPerson: person(id: $person) { assignedCases { totalCount nodes { id title } } }
  notifications { nodes { title legalCase { id title } } }
  notificationIds: notifications { nodes { legalCase { id } } }
  recommendations(filter: $recommendation) { nodes { legalCases { relation legalCase { id title } } } }
}`;

async function look(graph: TestGraph, person: string) {
  const number = (await rows.sql('select case_number from case_management.legal_cases where id = $1', [rows.id('secret')]))[0]![
    'case_number'
  ];
  return graph.ask(everyWay, rows.id(person), {
    id: rows.id('secret'),
    unit: rows.id('unit'),
    person: rows.id('assigned lawyer'),
    number,
  });
}

for (const shape of shapes) {
  describe(`a restricted case, ${shape}`, () => {
    test.each(['other lawyer', 'reader'])('is nowhere in what the %s is answered: no id, no title, no count', async (person) => {
      const answer = await look(graphs.get(shape)!, person);
      expect(answer.text).not.toContain(rows.id('secret'));
      expect(answer.text).not.toContain('Secret');
      const data = answer.data as unknown as Record<string, { totalCount?: number; nodes?: unknown[] }>;
      expect(data['list']!.totalCount).toBe(1);
      expect(data['byText']!.totalCount).toBe(0);
      expect(data['byUnit']!.totalCount).toBe(1);
      expect(data['byPerson']!.totalCount).toBe(1);
      expect(data['restricted']!.totalCount).toBe(0);
      expect(data['recommendations']!.nodes).toEqual([
        { legalCases: [{ relation: 'INFORMATION_ONLY', legalCase: { id: rows.id('plain'), title: 'Plain -v- Matter' } }] },
      ]);
    });

    test.each(['admin', 'assigned lawyer'])('is everywhere for the %s', async (person) => {
      const { data, errors } = await look(graphs.get(shape)!, person);
      expect(errors).toBeUndefined();
      const text = JSON.stringify(data);
      // Ten ways lead to it, all but the other person's notification.
      expect(text.split('"Secret -v- Matter"')).toHaveLength(11);
    });
  });

  describe(`who may see nothing, ${shape}`, () => {
    test('an auditor sees no case and no case of a recommendation', async () => {
      const { data } = await graphs.get(shape)!.ask(everyWay, rows.id('auditor'), {
        id: rows.id('plain'),
        unit: rows.id('unit'),
        person: rows.id('assigned lawyer'),
        number: 'x',
      });
      expect(data).toMatchObject({ byId: null, list: { totalCount: 0 }, recommendations: { nodes: [{ legalCases: [] }] } });
    });

    test.each(['nobody', 'gone'])('the person called %s sees no case and no finding', async (person) => {
      const { data } = await graphs
        .get(shape)!
        .ask('{ legalCases { totalCount } findings { totalCount } engagements { totalCount } }', rows.id(person));
      expect(data).toEqual({ legalCases: { totalCount: 0 }, findings: { totalCount: 0 }, engagements: { totalCount: 0 } });
    });

    test('an inactive person does not even exist for themselves', async () => {
      const { data } = await graphs
        .get(shape)!
        .ask('{ me { id } orgUnits { totalCount } people { totalCount } }', rows.id('gone'));
      expect(data).toEqual({ me: null, orgUnits: { totalCount: 0 }, people: { totalCount: 0 } });
    });

    test('nobody without a token sees anything, and no statement is sent', async () => {
      const graph = graphs.get(shape)!;
      graph.statements.length = 0;
      const { status, errors } = await graph.ask('{ me { id } }');
      expect(status).toBe(401);
      expect(errors![0]!.extensions['code']).toBe('UNAUTHENTICATED');
      expect(graph.statements).toEqual([]);
    });

    test('a role that is taken away is gone at the next query', async () => {
      const graph = graphs.get(shape)!;
      const count = async () => (await graph.ask('{ legalCases { totalCount } }', rows.id('reader'))).data;
      expect(await count()).toEqual({ legalCases: { totalCount: 1 } });
      await rows.sql(`update public.people set roles = '{}' where id = $1`, [rows.id('reader')]);
      expect(await count()).toEqual({ legalCases: { totalCount: 0 } });
      await rows.sql(`update public.people set roles = '{Read-Only}' where id = $1`, [rows.id('reader')]);
    });
  });
}
