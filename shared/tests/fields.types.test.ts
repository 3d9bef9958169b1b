import { computed } from '@bailiwick/kernel/graphql';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';

const people = pgTable('people', { id: uuid().primaryKey(), fullName: text('full_name').notNull(), title: text() });

// The compiler (npm run typecheck) is the test: each expected error that does not come is one.
test('a computed field reads the columns that it names, and no others', () => {
  const named = computed(people, ['fullName', 'title'], ({ fullName, title }) => `${title ?? ''} ${fullName}`);
  // @ts-expect-error: the field does not name this column
  computed(people, ['fullName'], ({ title }) => title);
  // @ts-expect-error: the table has no such column
  computed(people, ['name'], () => null);
  expect(named({ id: '1', fullName: 'Ann', title: 'Dr' } as never, {}, undefined as never, undefined as never)).toBe('Dr Ann');
});
