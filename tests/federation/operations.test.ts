import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { samplePeople } from '@bailiwick/database/sample/sample';
import { getOperationAST, parse } from 'graphql';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { TestGraph } from '../support/graph.js';
import { createTestIssuer } from '../support/tokens.js';

const folder = new URL('../../gateway/operations/', import.meta.url);
const operations = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => {
    const query = readFileSync(new URL(file, folder), 'utf8');
    const variablesFile = new URL(file.replace('.graphql', '.variables.json'), folder);
    const variables = existsSync(variablesFile)
      ? (JSON.parse(readFileSync(variablesFile, 'utf8')) as Record<string, unknown>)
      : undefined;
    const isMutation = getOperationAST(parse(query))?.operation.toString() === 'mutation';
    return { name: file.replace('.graphql', ''), query, variables, isMutation };
  });

let database: TestDatabase;
let oneProcess: TestGraph;
let separate: TestGraph;

beforeAll(async () => {
  database = await createSampleDatabase();
  const issuer = await createTestIssuer();
  [oneProcess, separate] = await Promise.all([
    createTestGraph('one process', database, issuer),
    createTestGraph('separate', database, issuer),
  ]);
});
afterAll(async () => {
  await oneProcess?.stop();
  await separate?.stop();
  await database?.drop();
});

describe('the example operations', () => {
  for (const { name, query, variables, isMutation } of operations) {
    for (const person of samplePeople) {
      if (isMutation && person.role !== 'System Admin') continue;
      test(`${name} answers ${person.role} without errors`, async () => {
        const answer = await oneProcess.ask(query, person.personId, variables);
        expect(answer.errors).toBeUndefined();
        expect(answer.status).toBe(200);
        for (const payload of isMutation ? Object.values(answer.data!) : [])
          expect((payload as { userErrors: unknown[] }).userErrors).toEqual([]);
      });
    }
    if (isMutation) continue;
    test(`${name} has the same bytes in one process and over HTTP, for everybody`, async () => {
      for (const person of samplePeople) {
        const [local, remote] = [
          await oneProcess.ask(query, person.personId, variables),
          await separate.ask(query, person.personId, variables),
        ];
        expect(remote.text).toBe(local.text);
      }
    });
  }
});
