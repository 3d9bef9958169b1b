import { referenceBy, related } from '@bailiwick/kernel/graphql';
import type { PersonResolvers } from '../__generated__/resolvers.js';
import { peopleRelations } from '../tables.js';
import { personById } from './personById.js';

/** The fields of a person that are not columns of the row. */
export const Person: PersonResolvers = {
  __resolveReference: referenceBy(personById),
  orgUnit: related(peopleRelations, 'orgUnit'),
};
