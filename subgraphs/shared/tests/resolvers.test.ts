import { pgTable, text } from 'drizzle-orm/pg-core';
import { resolvers, tablesByType } from '../src/__generated__/resolverMap.js';
import { enumGaps, resolverGaps } from '../../../tests/support/resolverCompleteness.js';

const schemaFile = new URL('../schema.graphql', import.meta.url);

test('every field is a column of its row or has a resolver', () => {
  expect(resolverGaps(schemaFile, resolvers, tablesByType)).toEqual([]);
});

test('a missing resolver, a stray one and a missing reference resolver are found', () => {
  const broken = { ...resolvers, OrgUnit: { ...resolvers.OrgUnit, children: undefined, cousins: () => [] }, Person: {} };
  delete (broken.OrgUnit as Record<string, unknown>)['children'];
  expect(resolverGaps(schemaFile, broken, tablesByType)).toEqual([
    'OrgUnit.children',
    'OrgUnit.cousins (not in the schema)',
    'Person.orgUnit',
    'Person.__resolveReference',
  ]);
});

test('every enumeration has the values of its column', () => {
  expect(enumGaps(schemaFile, tablesByType)).toEqual([]);
  const fewerKinds = pgTable('notifications', { kind: text({ enum: ['task'] }) });
  expect(enumGaps(schemaFile, { ...tablesByType, Notification: fewerKinds })).toEqual(['Notification.kind']);
});
