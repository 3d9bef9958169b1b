import { newId } from '@bailiwick/kernel/postgres';
import { samplePeople } from '@bailiwick/database/sample/sample';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { Shape, TestGraph } from '../support/graph.js';
import { seed } from '../support/seed.js';
import { createTestIssuer } from '../support/tokens.js';
import type { TestIssuer } from '../support/tokens.js';

/** How many people ask at the same time: five for every connection of a subgraph. */
const peopleCount = 50;

/** From the second on, plans and prepared statements are there, and stem from other people's requests. */
const rounds = 4;

/** Operations whose answers depend on who asks. The mutation changes nothing for anybody: the code is taken, and most have no right. */
const operations = [
  `{ me { id fullName roles orgUnit { name ancestors { name } } } notifications { totalCount nodes { title legalCase { id title } } } }`,
  `{ legalCases(first: 20) { totalCount pageInfo { endCursor } nodes {
       caseNumber isRestricted lead { fullName } parties { name } recommendations { recommendationText }
     } }
     restricted: legalCases(filter: { isRestricted: true }) { totalCount nodes { id title } } }`,
  `{ findings(first: 10) { totalCount nodes { title engagement { code } recommendations { id ownerPerson { fullName } } } }
     recommendations(first: 10) { totalCount nodes { id legalCases { legalCase { caseNumber } } } }
     actionPlans { totalCount nodes { id } } }`,
  `mutation { createOrgUnit(input: { code: "taken", name: "Second", idempotencyKey: "the same for all" }) {
     orgUnit { id } userErrors { code message field } } }`,
];

let database: TestDatabase;
let issuer: TestIssuer;
let people: string[];
/** What each person is answered by a graph that has answered nobody before, by operation: nothing of anybody's can be kept in it. */
let alone: string[][];

beforeAll(async () => {
  database = await createSampleDatabase();
  issuer = await createTestIssuer();
  const rows = await seed(database)
    .orgUnit('taken')
    .person('gone', { roles: ['System Admin'], isActive: false })
    .write();
  // Of each set of roles some, the rare ones included; beside them one who left, and one whom nobody knows.
  const others = await rows.sql(
    `select id from (select id, row_number() over (partition by roles order by id) as place from public.people) as ranked
     where id <> all($1) order by place, id limit $2`,
    [[...samplePeople.map(({ personId }) => personId), rows.id('gone')], peopleCount - samplePeople.length - 2],
  );
  people = [...samplePeople.map(({ personId }) => personId), rows.id('gone'), newId(), ...others.map(({ id }) => id as string)];
  alone = [];
  for (const person of people) {
    const graph = await createTestGraph('one process', database, issuer);
    try {
      alone.push(await answersOf(graph, person, 0));
    } finally {
      await graph.stop();
    }
  }
}, 180_000);
afterAll(() => database?.drop());

/** All operations one after the other, beginning with the one at `offset`; the answers in the order of `operations`. */
async function answersOf(graph: TestGraph, person: string, offset: number): Promise<string[]> {
  const answers: string[] = [];
  for (let step = 0; step < operations.length; step++) {
    const index = (step + offset) % operations.length;
    answers[index] = (await graph.ask(operations[index]!, person)).text;
  }
  return answers;
}

test('the fifty people have different rights, and nobody meets an error', () => {
  expect(people).toHaveLength(peopleCount);
  expect(alone.flat().filter((answer) => answer.includes('"errors"'))).toEqual([]);
  const different = operations.map((_operation, index) => new Set(alone.map((answers) => answers[index])).size);
  // Everybody is somebody else, but for those who are nobody; cases and findings differ by role and by what is one's own; the mutation is CONFLICT or FORBIDDEN.
  expect(different[0]).toBeGreaterThanOrEqual(peopleCount - 5);
  expect(different[1]).toBeGreaterThanOrEqual(4);
  expect(different[2]).toBeGreaterThanOrEqual(4);
  expect(different[3]).toBeGreaterThanOrEqual(2);
});

test.each<Shape>(['one process', 'separate'])(
  'asking all at once, %s, everybody is answered byte for byte as alone',
  async (shape) => {
    const graph = await createTestGraph(shape, database, issuer);
    try {
      for (let round = 0; round < rounds; round++) {
        const together = await Promise.all(people.map((person, index) => answersOf(graph, person, index + round)));
        const changed = together.flatMap((answers, index) =>
          answers.flatMap((answer, operation) =>
            answer === alone[index]![operation]
              ? []
              : [{ person: people[index], operation, answer, alone: alone[index]![operation] }],
          ),
        );
        expect(changed).toEqual([]);
      }
    } finally {
      await graph.stop();
    }
  },
);
