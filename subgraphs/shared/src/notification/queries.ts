import { equals, equalsId, rootConnection } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { isNotNull, isNull } from 'drizzle-orm';
import type { NotificationFilter, QueryResolvers } from '../__generated__/resolvers.js';
import { notifications } from '../tables.js';

const ownNotifications: ConnectionSpec<NotificationFilter & { recipientId: string }> = {
  name: 'notifications',
  table: notifications,
  defaultOrder: 'CREATED_AT_DESC',
  orders: {
    CREATED_AT_DESC: { columns: [notifications.createdAt], direction: 'desc' },
    CREATED_AT_ASC: { columns: [notifications.createdAt], direction: 'asc' },
  },
  filters: {
    system: equals(notifications.system),
    isRead: { choose: (isRead) => (isRead ? isNotNull(notifications.readAt) : isNull(notifications.readAt)) },
    recipientId: equalsId(notifications.recipientId),
  },
};

/** The root field that reads notifications. The policy would let no others through; the condition is there for the index. */
export const queries: QueryResolvers = {
  notifications: rootConnection(ownNotifications, ({ caller }) => ({ recipientId: caller.personId })),
};
