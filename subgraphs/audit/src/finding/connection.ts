import { containsText, equals, equalsId, isFoundBy, isOneOf, isUnitOrBelow } from '@bailiwick/kernel/pagination';
import type { ConnectionSpec } from '@bailiwick/kernel/pagination';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { FindingFilter } from '../__generated__/resolvers.js';
import type { Among } from '../engagement/connection.js';
import { engagements, findings } from '../tables.js';

const unit = isUnitOrBelow(engagements.orgUnitId);

/** How findings are paged through, wherever a connection of them stands; `name` is the field. */
export function findingConnection(name: string, among: Among): ConnectionSpec<FindingFilter> {
  return {
    name,
    table: findings,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT_DESC: { columns: [findings.createdAt], direction: 'desc' },
      CREATED_AT_ASC: { columns: [findings.createdAt], direction: 'asc' },
      RISK_RATING_DESC: { columns: [findings.riskRank], direction: 'desc' },
      RISK_RATING_ASC: { columns: [findings.riskRank], direction: 'asc' },
    },
    filters: {
      riskRating: isOneOf(findings.riskRating),
      status: isOneOf(findings.status),
      engagementId: equalsId(findings.engagementId),
      orgUnitId: { ...unit, where: (id) => isOfEngagementWhere(unit.where(id)) },
      isMaterialWeakness: equals(findings.isMaterialWeakness),
      isRepeat: equals(findings.isRepeat),
      text:
        among === 'all'
          ? isFoundBy('audit_system.search_finding_ids', findings.id)
          : containsText([findings.reference, findings.title]),
    },
  };
}

/** The condition that a finding belongs to an engagement that the caller may see, and for which `condition` holds. */
export function isOfEngagementWhere(condition: SQL): SQL {
  return sql`${findings.engagementId} in (select ${engagements.id} from ${engagements} where ${condition})`;
}
