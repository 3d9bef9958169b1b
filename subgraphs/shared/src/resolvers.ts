import { connectionFields } from '@bailiwick/kernel/pagination';
import { scalars } from '@bailiwick/kernel/graphql';
import type { Resolvers } from './__generated__/resolvers.js';
import { enumResolvers } from './enums.js';
import { Notification, notificationQueries } from './notification.js';
import { OrgUnit } from './orgUnit/OrgUnit.js';
import { createOrgUnit } from './orgUnit/createOrgUnit.js';
import { orgUnitQueries } from './orgUnit/queries.js';
import { Person, personQueries } from './person.js';

/** Everything the subgraph resolves; a field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  DateTime: scalars.DateTime,
  ...enumResolvers,
  Query: { ...orgUnitQueries, ...personQueries, ...notificationQueries },
  Mutation: { createOrgUnit },
  OrgUnit,
  Person,
  Notification,
  OrgUnitConnection: connectionFields,
  PersonConnection: connectionFields,
  NotificationConnection: connectionFields,
};
