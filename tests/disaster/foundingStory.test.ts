import { differences } from '@bailiwick/database/drill/state';
import { testFoundingStory } from './foundingStory.js';

// foundingStory.deep.test.ts tells the others.
testFoundingStory([{ guard: 'approved', schema: 'public', seed: 1 }]);

test('a difference is told', () => {
  // The gate itself: what is not there must not pass.
  const before = new Map([['content of public.people', '60 rows, 123']]);
  expect(differences(before, new Map())).toEqual(['content of public.people: was 60 rows, 123, is not there']);
});
