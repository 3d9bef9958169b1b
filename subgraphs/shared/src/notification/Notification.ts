import { referenceBy, related, rowBy } from '@bailiwick/kernel/graphql';
import type { NotificationResolvers } from '../__generated__/resolvers.js';
import { notifications, notificationsRelations } from '../tables.js';

const notificationById = rowBy('notificationById', notifications, 'id');

/** The fields of a notification that are not columns of its row. */
export const Notification: NotificationResolvers = {
  __resolveReference: referenceBy(notificationById),
  recipient: related(notificationsRelations, 'recipient'),
};
