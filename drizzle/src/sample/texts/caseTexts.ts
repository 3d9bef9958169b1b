/** One matter: its type, what it is about, and what is alleged. */
export type Matter = readonly [matterType: string, description: string, allegations: string];

/**
 * What cases are about. In the texts `{claimant}` stands for the other side; `{place}`, `{year}`, `{amount}` and `{number}` are drawn.
 * `stateSues` is how many of 100 such cases the state itself brings.
 */
export interface CaseKind {
  caseType: string;
  weight: number;
  stateSues: number;
  /** Codes of the departments that such cases concern. */
  departments: readonly string[];
  claimants: readonly ('individual' | 'company' | 'association')[];
  matters: readonly Matter[];
  reliefs: readonly string[];
}

export const caseKinds: readonly CaseKind[] = [
  {
    caseType: 'title_claim',
    weight: 20,
    stateSues: 0,
    departments: ['LND'],
    claimants: ['individual', 'company', 'association'],
    matters: [
      [
        'Indefeasibility of title',
        'Two registered leases cover the same portion at {place}. {claimant} says that the earlier grant of {year} stands.',
        'The later title was issued without a valid forfeiture notice.',
      ],
      [
        'Forfeiture of state lease',
        '{claimant} disputes the forfeiture of a state lease over {number} hectares at {place}.',
        'The land rent was paid, and the receipt was not entered in the rent ledger.',
      ],
      [
        'Boundary',
        'The boundary between Portion {number} and the reserve at {place} is disputed after a resurvey.',
        'The survey plan was registered without the consent of the adjoining holder.',
      ],
      [
        'Overlapping grants',
        '{claimant} holds a lease of {year} at {place}, part of which was granted again for a depot.',
        'The register was not searched before the second grant.',
      ],
    ],
    reliefs: ['Declaration of title and rectification of the register.', 'An order quashing the later decision, and costs.'],
  },
  {
    caseType: 'compensation_claim',
    weight: 16,
    stateSues: 0,
    departments: ['LND', 'WRK', 'ENV'],
    claimants: ['individual', 'association', 'association', 'company'],
    matters: [
      [
        'Compulsory acquisition',
        '{claimant} claims compensation for land taken at {place} in {year}.',
        'No valuation was made before possession was taken.',
      ],
      [
        'Road widening',
        'A road near {place} was widened across land of {claimant}.',
        'The contractor went {number} metres beyond the acquired strip.',
      ],
      [
        'Damage to crops',
        'Claim for crops and improvements destroyed by earthworks near {place}.',
        'The machines came a month before the date that was announced.',
      ],
      [
        'Customary land use',
        '{claimant} says that the compensation of {year} for the use of land at {place} was too low.',
        'Part of it was paid to persons without an interest in the land.',
      ],
    ],
    reliefs: ['Compensation of {amount} with interest.', 'A fresh valuation and payment of the difference.'],
  },
  {
    caseType: 'tort',
    weight: 15,
    stateSues: 0,
    departments: ['WRK', 'HLT', 'EDU', 'JUS'],
    claimants: ['individual', 'individual', 'individual', 'company'],
    matters: [
      [
        'Road accident',
        'Damages for a collision with a government vehicle at {place} in {year}.',
        'The driver was on duty and did not keep a proper lookout.',
      ],
      [
        'Occupier liability',
        '{claimant} claims for loss through the state of the premises at {place}.',
        'Warnings made in {year} were recorded and not acted upon.',
      ],
      [
        'Property damage',
        'Goods of {claimant} were spoiled by a burst main at {place}.',
        'The agency failed to maintain the main in a safe condition.',
      ],
      [
        'Delay in assistance',
        '{claimant} says that help at {place} in {year} came too late.',
        'The call was logged and not passed on for {number} minutes.',
      ],
    ],
    reliefs: ['General and special damages of {amount}.', 'Damages to be assessed, interest and costs.'],
  },
  {
    caseType: 'dispute',
    weight: 14,
    stateSues: 25,
    departments: ['WRK', 'FIN', 'HLT', 'EDU'],
    claimants: ['company', 'company', 'company', 'individual'],
    matters: [
      [
        'Final account',
        'The parties disagree about the final account of the contract of {year} for works at {place}.',
        'Variations were instructed orally and carried out in good faith.',
      ],
      [
        'Unpaid invoices',
        'Invoices of {amount} between the agency and {claimant} are in dispute.',
        'Goods were delivered {number} days late and in part defective.',
      ],
      [
        'Termination of supply',
        'The termination of a supply contract with {claimant} in {year} is disputed.',
        'The notice of termination did not name the breach.',
      ],
      [
        'Lease of premises',
        'The condition of leased premises at {place} on their return is disputed.',
        'Fittings were removed and the walls left open.',
      ],
    ],
    reliefs: ['Payment of {amount} with contractual interest.', 'An account, and damages for breach of contract.'],
  },
  {
    caseType: 'judicial_review',
    weight: 12,
    stateSues: 0,
    departments: ['ENV', 'LND', 'FIN', 'EDU', 'GOA'],
    claimants: ['individual', 'company', 'association'],
    matters: [
      [
        'Refusal of licence',
        '{claimant} seeks review of a refusal of {year} concerning {place}.',
        'The applicant had no opportunity to be heard.',
      ],
      [
        'Tender decision',
        'The award of a tender for works at {place} is challenged for want of reasons.',
        'A member of the deciding board had an undeclared interest.',
      ],
      [
        'Cancellation of permit',
        '{claimant} says that a permit near {place} was cancelled without a hearing.',
        'Irrelevant matters were taken into account.',
      ],
    ],
    reliefs: ['An order quashing the decision and remitting the matter.', 'A stay of the decision until trial, and costs.'],
  },
  {
    caseType: 'court_matter',
    weight: 8,
    stateSues: 90,
    departments: ['FIN', 'LND', 'JUS', 'HLT'],
    claimants: ['company', 'individual'],
    matters: [
      [
        'Recovery of debt',
        'Recovery of arrears of {amount} that concern premises at {place}.',
        'The arrears were acknowledged in {year} and never paid.',
      ],
      [
        'Eviction',
        'Possession of state premises at {place} that are occupied by {claimant}.',
        'The licence ran out in {year} and was not renewed.',
      ],
      [
        'Enforcement of judgment',
        'Enforcement of a judgment of {year} about works at {place}.',
        'Two instalments were paid, and none since.',
      ],
    ],
    reliefs: ['Judgment for {amount} and costs.', 'Compliance within {number} days.'],
  },
  {
    caseType: 'administrative_review',
    weight: 7,
    stateSues: 0,
    departments: ['FIN', 'EDU', 'HLT', 'ENV'],
    claimants: ['individual', 'company'],
    matters: [
      [
        'Assessment of charges',
        '{claimant} asks for a review of charges assessed in {year}.',
        'The assessment rests on a wrong classification.',
      ],
      [
        'Inspection notice',
        'An inspection notice served at {place} is said to be out of proportion.',
        'The notice was served on the wrong holder.',
      ],
      [
        'Grant refusal',
        '{claimant} was refused a grant for a project at {place} and was given no reasons.',
        'A complete application was treated as late.',
      ],
    ],
    reliefs: ['The decision to be set aside and made again.', 'Withdrawal of the decision.'],
  },
  {
    caseType: 'fraud',
    weight: 5,
    stateSues: 100,
    departments: ['FIN', 'LND', 'EDU', 'HLT'],
    claimants: ['company', 'individual'],
    matters: [
      [
        'False invoices',
        'The agency seeks to recover {amount} paid to {claimant} on false invoices.',
        'Delivery dockets were signed for goods that never arrived.',
      ],
      [
        'Forged documents',
        'A payment for {place} in {year} rests on a document that is said to be forged.',
        'The signature is not that of the officer named.',
      ],
      [
        'Grant fraud',
        'A grant of {amount} was claimed for a project at {place} that was never begun.',
        'The photographs of the works show another place.',
      ],
    ],
    reliefs: ['Restitution of {amount} and a freezing order.', 'Restitution, damages and costs.'],
  },
  {
    caseType: 'other',
    weight: 3,
    stateSues: 0,
    departments: ['JUS', 'HLT', 'EDU', 'GOA'],
    claimants: ['individual', 'association'],
    matters: [
      [
        'Production of records',
        '{claimant} requires records about {place} for proceedings of {year}.',
        'Records were withheld without a stated ground.',
      ],
      ['Inquiry', '{claimant} asks for an inquiry into events at {place} in {year}.', 'Reports were made and not investigated.'],
    ],
    reliefs: ['Production within {number} days.', 'A declaration and costs.'],
  },
];
