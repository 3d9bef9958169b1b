import { dayOf, isoTime } from './calendar.js';
import type { Random } from './random.js';
import { stamps, type Row } from './rows.js';
import { government, inactiveUnitCode, type UnitText } from './texts/orgUnitTexts.js';

export interface OrgUnit {
  id: string;
  /** `LND-TIT-CON`: the codes from the department down. */
  code: string;
  name: string;
  /** The code of the department that it is or stands in; `GOA` for the government itself. */
  department: string;
  isActive: boolean;
}

const unitTypes = ['government', 'department', 'division', 'section'];

/** The tree of 60 units, parents first. */
export function makeOrgUnits(random: Random): { orgUnits: OrgUnit[]; rows: Row[] } {
  const orgUnits: OrgUnit[] = [];
  const rows: Row[] = [];
  const founded = dayOf('1990-07-02') * 86_400_000;

  function add(text: UnitText, parent: OrgUnit | null, depth: number): void {
    const code = depth < 2 ? text.code : `${parent?.code ?? ''}-${text.code}`;
    const created = founded + orgUnits.length * 60_000;
    const unit: OrgUnit = {
      id: random.uuid(created),
      code,
      name: text.name,
      department: code.slice(0, 3),
      isActive: code !== inactiveUnitCode,
    };
    orgUnits.push(unit);
    rows.push({
      id: unit.id,
      code,
      name: text.name,
      unit_type: unitTypes[depth] ?? 'section',
      description: unit.isActive
        ? `${text.name}${parent ? `, ${parent.name}` : ''}.`
        : 'Wound up; its work went to the Conveyancing Section.',
      parent_id: parent?.id ?? null,
      is_active: unit.isActive,
      ...stamps(isoTime(created)),
    });
    for (const below of text.below ?? []) add(below, unit, depth + 1);
  }

  add(government, null, 0);
  return { orgUnits, rows };
}
