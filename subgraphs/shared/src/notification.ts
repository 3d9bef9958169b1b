import { loaderById, loading, referenceBy } from '@bailiwick/kernel/graphql';
import { connect } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { eq, isNotNull, isNull } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { NotificationFilter, NotificationResolvers, QueryResolvers } from './__generated__/resolvers.js';
import { personById } from './person.js';
import { notifications } from './tables.js';

const ownNotifications: ConnectionSpec<typeof notifications> = {
  name: 'notifications',
  subgraph: 'shared',
  table: notifications,
  defaultOrder: 'CREATED_AT_DESC',
  orders: {
    CREATED_AT_DESC: { columns: [notifications.createdAt], direction: 'desc' },
    CREATED_AT_ASC: { columns: [notifications.createdAt], direction: 'asc' },
  },
};

/** The root field that reads notifications. The policy would let no others through; the condition is there for the index. */
export const notificationQueries: QueryResolvers = {
  notifications: (_root, args, context) =>
    connect(context, ownNotifications, args, [
      eq(notifications.recipientId, context.caller.personId),
      ...notificationConditions(args.filter),
    ]),
};

function notificationConditions(filter: NotificationFilter | null | undefined): SQL[] {
  const conditions: SQL[] = [];
  if (filter?.system) conditions.push(eq(notifications.system, filter.system));
  if (filter?.isRead != null) conditions.push(filter.isRead ? isNotNull(notifications.readAt) : isNull(notifications.readAt));
  return conditions;
}

const notificationById = loaderById('shared:notificationById', notifications);

/** The fields of a notification that are not columns of its row. */
export const Notification: NotificationResolvers = {
  __resolveReference: referenceBy(notificationById),
  recipient: loading(
    personById,
    ({ recipientId }) => recipientId,
    (recipient, { recipientId }) => {
      if (recipient === null) throw new Error(`The recipient ${recipientId} of a visible notification is not visible.`);
      return recipient;
    },
  ),
};
