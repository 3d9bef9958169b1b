/** A public administration that does not exist: departments, their divisions, and the sections of those. */
export interface UnitText {
  code: string;
  name: string;
  below?: readonly UnitText[];
}

export const government: UnitText = {
  code: 'GOA',
  name: 'Government of Ardenmoor',
  below: [
    {
      code: 'JUS',
      name: 'Department of Justice',
      below: [
        {
          code: 'SOL',
          name: 'Office of the State Solicitor',
          below: [
            { code: 'LIT', name: 'Civil Litigation Section' },
            { code: 'LND', name: 'Land and Title Litigation Section' },
            { code: 'REV', name: 'Judicial Review Section' },
            { code: 'ADV', name: 'Advice and Settlements Section' },
          ],
        },
        { code: 'REG', name: 'Court Registry Liaison Division', below: [{ code: 'FIL', name: 'Filing and Service Section' }] },
        { code: 'COR', name: 'Corrections and Probation Division' },
      ],
    },
    {
      code: 'AUD',
      name: 'Internal Audit Service',
      below: [
        {
          code: 'FIN',
          name: 'Financial Audit Division',
          below: [
            { code: 'PAY', name: 'Payroll and Payments Audit Section' },
            { code: 'REV', name: 'Revenue Audit Section' },
          ],
        },
        { code: 'PER', name: 'Performance Audit Division', below: [{ code: 'CON', name: 'Contracts and Projects Section' }] },
        { code: 'INF', name: 'Information Systems Audit Division' },
      ],
    },
    {
      code: 'LND',
      name: 'Department of Lands and Planning',
      below: [
        {
          code: 'SUR',
          name: 'Office of the Surveyor-General',
          below: [
            { code: 'MAP', name: 'Mapping Section' },
            { code: 'FLD', name: 'Field Surveys Section' },
          ],
        },
        {
          code: 'TIT',
          name: 'Office of the Registrar of Titles',
          below: [
            { code: 'SEA', name: 'Title Searches Section' },
            { code: 'CON', name: 'Conveyancing Section' },
          ],
        },
        {
          code: 'LEA',
          name: 'State Leases Division',
          below: [
            { code: 'REN', name: 'Land Rent Section' },
            { code: 'ALL', name: 'Lease Allocation Section' },
          ],
        },
      ],
    },
    {
      code: 'FIN',
      name: 'Department of Finance',
      below: [
        {
          code: 'TRE',
          name: 'Treasury Division',
          below: [
            { code: 'CSH', name: 'Cash and Banking Section' },
            { code: 'DEB', name: 'Public Debt Section' },
          ],
        },
        {
          code: 'REV',
          name: 'Revenue Division',
          below: [
            { code: 'CUS', name: 'Customs Duties Section' },
            { code: 'LIC', name: 'Licences and Fees Section' },
          ],
        },
        { code: 'PRO', name: 'Central Procurement Division', below: [{ code: 'TEN', name: 'Tenders Section' }] },
      ],
    },
    {
      code: 'WRK',
      name: 'Department of Works and Transport',
      below: [
        {
          code: 'ROA',
          name: 'Roads and Bridges Division',
          below: [
            { code: 'NOR', name: 'Northern Districts Section' },
            { code: 'SOU', name: 'Southern Districts Section' },
          ],
        },
        { code: 'BLD', name: 'Public Buildings Division', below: [{ code: 'MNT', name: 'Building Maintenance Section' }] },
        { code: 'FLT', name: 'Government Fleet Division' },
      ],
    },
    {
      code: 'HLT',
      name: 'Department of Health',
      below: [
        {
          code: 'HOS',
          name: 'Hospitals Division',
          below: [
            { code: 'PHA', name: 'Pharmacy and Stores Section' },
            { code: 'AMB', name: 'Ambulance Section' },
          ],
        },
        { code: 'PUB', name: 'Public Health Division', below: [{ code: 'INS', name: 'Health Inspections Section' }] },
      ],
    },
    {
      code: 'EDU',
      name: 'Department of Education',
      below: [
        {
          code: 'SCH',
          name: 'Schools Division',
          below: [
            { code: 'TCH', name: 'Teaching Service Section' },
            { code: 'BLD', name: 'School Buildings Section' },
          ],
        },
        { code: 'SCO', name: 'Scholarships and Grants Division', below: [{ code: 'PAY', name: 'Grant Payments Section' }] },
      ],
    },
    {
      code: 'ENV',
      name: 'Department of Environment and Fisheries',
      below: [
        {
          code: 'PMT',
          name: 'Environmental Permits Division',
          below: [
            { code: 'QUA', name: 'Quarry Permits Section' },
            { code: 'FSH', name: 'Fishing Licences Section' },
          ],
        },
        { code: 'PRK', name: 'Parks and Reserves Division' },
      ],
    },
  ],
};

/** The one section that was wound up, by its full code. */
export const inactiveUnitCode = 'LND-TIT-SEA';
