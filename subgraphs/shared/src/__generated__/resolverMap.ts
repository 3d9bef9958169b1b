/* Generated from schema.graphql by `npm run codegen`. Do not edit. */
import { enumValues, scalars } from '@bailiwick/kernel/graphql';
import { Notification } from '../notification/Notification.js';
import { OrgUnit } from '../orgUnit/OrgUnit.js';
import { Person } from '../person/Person.js';
import { createOrgUnit } from '../orgUnit/createOrgUnit.js';
import { moveOrgUnit } from '../orgUnit/moveOrgUnit.js';
import { queries as notificationQueries } from '../notification/queries.js';
import { queries as orgUnitQueries } from '../orgUnit/queries.js';
import { queries as personQueries } from '../person/queries.js';
import { orgUnits, people, notifications } from '../tables.js';
import type { Resolvers } from './resolvers.js';

const enums = {
  NotificationSystem: enumValues(['CASE_MANAGEMENT', 'AUDIT_SYSTEM']),
  NotificationKind: enumValues(['DEADLINE', 'TASK', 'EVENT', 'CASE_UPDATE', 'COST_ALERT', 'FINDING', 'RECOMMENDATION', 'ACTION_PLAN', 'OTHER']),
  NotificationPriority: enumValues(['LOW', 'MEDIUM', 'HIGH', 'URGENT']),
};

/** Everything that the subgraph resolves. A field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  DateTime: scalars.DateTime,
  ...enums,
  Query: { ...notificationQueries, ...orgUnitQueries, ...personQueries },
  Mutation: { createOrgUnit, moveOrgUnit },
  Notification,
  OrgUnit,
  Person,
};

/** The table whose rows stand behind a type. */
export const tablesByType = {
  OrgUnit: orgUnits,
  Person: people,
  Notification: notifications,
};
