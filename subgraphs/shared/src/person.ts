import { loaderById, loading, referenceBy } from '@bailiwick/kernel/graphql';
import { parseId } from '@bailiwick/kernel/postgres';
import { connect, isFoundBy } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { arrayContains, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PersonFilter, PersonResolvers, QueryResolvers } from './__generated__/resolvers.js';
import { orgUnitById } from './orgUnit/loaders.js';
import { people } from './tables.js';

/** A person by id; null where there is none, or where the caller is nobody who may read. */
export const personById = loaderById('shared:personById', people, [
  { field: 'orgUnit', by: people.orgUnitId, loader: orgUnitById },
]);

const allPeople: ConnectionSpec<typeof people> = {
  name: 'people',
  subgraph: 'shared',
  table: people,
  defaultOrder: 'FULL_NAME_ASC',
  orders: {
    FULL_NAME_ASC: { columns: [people.fullName], direction: 'asc' },
    FULL_NAME_DESC: { columns: [people.fullName], direction: 'desc' },
  },
};

/** The root fields that read people. An inactive person reads nothing, so `me` is null for one as for an unknown one. */
export const personQueries: QueryResolvers = {
  me: (_root, _args, context) => personById(context).load(context.caller.personId),
  person: (_root, { id }, context) => personById(context).load(parseId(id, 'id')),
  people: (_root, args, context) => connect(context, allPeople, args, personConditions(args.filter)),
};

function personConditions(filter: PersonFilter | null | undefined): SQL[] {
  if (!filter) return [];
  const { text, role, orgUnitId, isActive } = filter;
  const conditions: SQL[] = [];
  if (text != null) conditions.push(isFoundBy('identity.search_person_ids', people.id, text, 'filter.text'));
  if (role != null) conditions.push(arrayContains(people.roles, [role]));
  if (orgUnitId != null) {
    const unit = parseId(orgUnitId, 'filter.orgUnitId');
    conditions.push(sql`${people.orgUnitId} = any((select identity.org_unit_and_descendants(${unit}))::uuid[])`);
  }
  if (isActive != null) conditions.push(eq(people.isActive, isActive));
  return conditions;
}

/** The fields of a person that are not columns of the row. */
export const Person: PersonResolvers = {
  __resolveReference: referenceBy(personById),
  orgUnit: loading(orgUnitById, ({ orgUnitId }) => orgUnitId),
};
