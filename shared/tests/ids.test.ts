import { parseId } from '@bailiwick/kernel/postgres';

test('what is no id is repeated in the message, but not at any length', () => {
  expect(() => parseId('x', 'id')).toThrow('"x" is not an id.');
  expect(() => parseId('x'.repeat(500_000), 'id')).toThrow(new RegExp(`^"x{40}…" is not an id\\.$`));
});
