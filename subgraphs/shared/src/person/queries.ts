import { equals, isFoundBy, isUnitOrBelow, rootConnection } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { parseId } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import type { PersonFilter, QueryResolvers } from '../__generated__/resolvers.js';
import { people } from '../tables.js';
import { personById } from './personById.js';

const allPeople: ConnectionSpec<PersonFilter> = {
  name: 'people',
  table: people,
  defaultOrder: 'FULL_NAME_ASC',
  orders: {
    FULL_NAME_ASC: { columns: [people.fullName], direction: 'asc' },
    FULL_NAME_DESC: { columns: [people.fullName], direction: 'desc' },
  },
  filters: {
    text: isFoundBy('identity.search_person_ids', people.id),
    role: { where: (role) => sql`${people.roles} @> array[${role}::text]` },
    orgUnitId: isUnitOrBelow(people.orgUnitId),
    isActive: equals(people.isActive),
  },
};

/** The root fields that read people. An inactive person reads nothing, so `me` is null for one as for an unknown one. */
export const queries: QueryResolvers = {
  me: (_root, _args, context, info) => personById(context, info, context.caller.personId),
  person: async (_root, { id }, context, info) => personById(context, info, parseId(id, 'id')),
  people: rootConnection(allPeople),
};
