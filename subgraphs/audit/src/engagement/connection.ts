import { parseId } from '@bailiwick/kernel/postgres';
import type { Among, ConnectionSpec } from '@bailiwick/kernel/pagination';
import { containsText, isFoundBy } from '@bailiwick/kernel/pagination';
import { eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { EngagementFilter } from '../__generated__/resolvers.js';
import { engagements } from '../tables.js';

/** How engagements are paged through, wherever a connection of them stands; `name` is the field. */
export function engagementConnection(name: string): ConnectionSpec<typeof engagements> {
  return {
    name,
    subgraph: 'audit',
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
  };
}

/** The conditions of a client's filter. Throws BAD_USER_INPUT for an id or a text that can not be searched for. */
export function engagementConditions(filter: EngagementFilter | null | undefined, among: Among): SQL[] {
  if (!filter) return [];
  const { status, lifecycleStage, orgUnitId, leadPersonId, text } = filter;
  const conditions: SQL[] = [];
  if (status) conditions.push(inArray(engagements.status, status));
  if (lifecycleStage) conditions.push(inArray(engagements.lifecycleStage, lifecycleStage));
  if (orgUnitId != null) conditions.push(isOfUnitOrBelow(orgUnitId));
  if (leadPersonId != null) conditions.push(eq(engagements.leadId, parseId(leadPersonId, 'filter.leadPersonId')));
  if (text != null)
    conditions.push(
      among === 'all'
        ? isFoundBy('audit_system.search_engagement_ids', engagements.id, text, 'filter.text')
        : containsText([engagements.code, engagements.title], text, 'filter.text'),
    );
  return conditions;
}

/** The condition that an engagement audits this unit or one below it. Throws BAD_USER_INPUT when `orgUnitId` is not an id. */
export function isOfUnitOrBelow(orgUnitId: string): SQL {
  const unit = parseId(orgUnitId, 'filter.orgUnitId');
  return sql`${engagements.orgUnitId} = any((select identity.org_unit_and_descendants(${unit}))::uuid[])`;
}
