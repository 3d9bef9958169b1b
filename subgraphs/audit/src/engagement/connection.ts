import { containsText, equalsId, isFoundBy, isOneOf, isUnitOrBelow } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import type { EngagementFilter } from '../__generated__/resolvers.js';
import { engagements } from '../tables.js';

/** Among which rows a text is looked for: all of a table, or the few that belong to a parent. */
export type Among = 'all' | 'few';

/** How engagements are paged through, wherever a connection of them stands; `name` is the field. */
export function engagementConnection(name: string, among: Among): ConnectionSpec<EngagementFilter> {
  return {
    name,
    table: engagements,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [engagements.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [engagements.createdAt], direction: 'asc' },
      CODE_ASC: { columns: [engagements.code], direction: 'asc' },
      CODE_DESC: { columns: [engagements.code], direction: 'desc' },
      TITLE_ASC: { columns: [engagements.title], direction: 'asc' },
      TITLE_DESC: { columns: [engagements.title], direction: 'desc' },
    },
    filters: {
      status: isOneOf(engagements.status),
      lifecycleStage: isOneOf(engagements.lifecycleStage),
      orgUnitId: isUnitOrBelow(engagements.orgUnitId),
      leadPersonId: equalsId(engagements.leadId),
      text:
        among === 'all'
          ? isFoundBy('audit_system.search_engagement_ids', engagements.id)
          : containsText([engagements.code, engagements.title]),
    },
  };
}
