import { parseId } from '@bailiwick/kernel/postgres';
import type { Among, ConnectionSpec } from '@bailiwick/kernel/pagination';
import { containsText, isFoundBy } from '@bailiwick/kernel/pagination';
import { eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { FindingFilter } from '../__generated__/resolvers.js';
import { isOfUnitOrBelow } from '../engagement/connection.js';
import { engagements, findings } from '../tables.js';

/** How findings are paged through, wherever a connection of them stands; `name` is the field. */
export function findingConnection(name: string): ConnectionSpec<typeof findings> {
  return {
    name,
    subgraph: 'audit',
    table: findings,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [findings.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [findings.createdAt], direction: 'asc' },
      RISK_RATING_DESC: { columns: [findings.riskRank], direction: 'desc' },
      RISK_RATING_ASC: { columns: [findings.riskRank], direction: 'asc' },
    },
  };
}

/** The conditions of a client's filter. Throws BAD_USER_INPUT for an id or a text that can not be searched for. */
export function findingConditions(filter: FindingFilter | null | undefined, among: Among): SQL[] {
  if (!filter) return [];
  const { riskRating, status, engagementId, orgUnitId, isMaterialWeakness, isRepeat, text } = filter;
  const conditions: SQL[] = [];
  if (riskRating) conditions.push(inArray(findings.riskRating, riskRating));
  if (status) conditions.push(inArray(findings.status, status));
  if (engagementId != null) conditions.push(eq(findings.engagementId, parseId(engagementId, 'filter.engagementId')));
  if (orgUnitId != null) conditions.push(isOfEngagementWhere(isOfUnitOrBelow(orgUnitId)));
  if (isMaterialWeakness != null) conditions.push(eq(findings.isMaterialWeakness, isMaterialWeakness));
  if (isRepeat != null) conditions.push(eq(findings.isRepeat, isRepeat));
  if (text != null)
    conditions.push(
      among === 'all'
        ? isFoundBy('audit_system.search_finding_ids', findings.id, text, 'filter.text')
        : containsText([findings.reference, findings.title], text, 'filter.text'),
    );
  return conditions;
}

/** The condition that a finding belongs to an engagement that the caller may see, and for which `condition` holds. */
export function isOfEngagementWhere(condition: SQL): SQL {
  return sql`${findings.engagementId} in (select ${engagements.id} from ${engagements} where ${condition})`;
}
