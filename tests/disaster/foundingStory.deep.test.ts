import { testFoundingStory } from './foundingStory.js';

testFoundingStory([
  { guard: 'approved', schema: 'public', seed: 2 },
  // After a loss that was recovered from, so that the guard's record has an older one to mislead.
  { guard: 'off', schema: 'public', seed: 3 },
  { guard: 'approved', schema: 'case_management', seed: 4 },
]);
