import type { FindingTheme } from './findingTheme.js';

export const financeThemes: readonly FindingTheme[] = [
  {
    topic: 'procurement',
    impactArea: 'Financial',
    titles: ['Purchases were split below the tender threshold', 'Quotations were missing for minor purchases'],
    conditions: [
      'Of {total} purchases examined at {unit}, {number} were placed with one supplier within a week, each just below the tender threshold.',
      '{number} of {total} payment files of {unit} held fewer than the three required quotations.',
    ],
    criteria: [
      'The Procurement Rules forbid the splitting of orders and require tenders above the threshold.',
      'Financial Instruction 12 requires three written quotations for minor purchases.',
    ],
    causes: [
      'Needs are not planned for the year, and each section buys for itself.',
      'The form does not ask for related orders.',
    ],
    effects: ['Purchases of {amount} were made without competition.', 'The unit can not show that it paid a fair price.'],
    recommendations: [
      'Prepare a yearly procurement plan and combine recurring needs into framework contracts.',
      'Refuse payment requests that come without three quotations or an approved waiver.',
    ],
    actions: ['Draw up the procurement plan with all sections.', 'Add a check for related orders to the payment form.'],
  },
  {
    topic: 'revenue',
    impactArea: 'Financial',
    titles: ['Bank reconciliations were late', 'Old reconciling items were not cleared'],
    conditions: [
      'Reconciliations of {few} months of {year} were prepared more than 30 days after the month had ended.',
      '{number} reconciling items of {amount} in total were older than six months.',
    ],
    criteria: ['Reconciliations are due within 15 days and are reviewed by a second officer.'],
    causes: ['One officer prepares all reconciliations and has no deputy.', 'No list of open items goes to management.'],
    effects: [
      'Errors and unauthorised withdrawals could stay unseen for months.',
      'The cash position reported for {unit} is unreliable.',
    ],
    recommendations: [
      'Bring all reconciliations up to date and name a deputy.',
      'Report open items older than 60 days to the head of the unit each month.',
    ],
    actions: ['Clear the backlog, oldest month first.', 'Train a second officer in reconciliations.'],
  },
  {
    topic: 'payroll',
    impactArea: 'Financial',
    titles: ['Allowances were paid without approval', 'Former staff remained on the payroll'],
    conditions: [
      '{number} of {total} allowances tested had no signed approval on file.',
      '{number} people who had left {unit} in {year} were paid for between one and five further fortnights.',
    ],
    criteria: [
      'General Orders require written approval before an allowance is entered.',
      'Separation is to be reported within two days.',
    ],
    causes: [
      'Approvals are given by telephone and noted later.',
      'Separation notices go by paper and wait for the next pay run.',
    ],
    effects: ['Overpayments of {amount}, of which little has been recovered.', 'Payroll costs are overstated by {amount}.'],
    recommendations: [
      'Stop allowances that have no approval on file and recover what was overpaid.',
      'Match the payroll with the staff list before each pay run.',
    ],
    actions: [
      'Collect missing approvals or stop the allowance.',
      'Introduce a certificate of the staff list for each fortnight.',
    ],
  },
  {
    topic: 'revenue',
    impactArea: 'Revenue',
    titles: ['Fees were not billed', 'Arrears were not pursued'],
    conditions: [
      '{number} of {total} holders at {place} had not been billed since {year}.',
      'Arrears of {amount} are older than three years; no reminder was found for {number} of the largest debtors.',
    ],
    criteria: [
      'Fees fall due on 1 January and are billed by the end of that month.',
      'Debts are followed up after 30, 60 and 90 days.',
    ],
    causes: [
      'The billing list is kept apart from the register and was not updated.',
      'No section feels responsible for arrears.',
    ],
    effects: ['Revenue of about {amount} was not collected.', 'Claims become time-barred before they are filed.'],
    recommendations: [
      'Reconcile the billing list with the register and bill what was missed.',
      'Set up a debt recovery desk and refer old debts to the State Solicitor.',
    ],
    actions: ['Compare the register with the billing list.', 'Send final notices to the fifty largest debtors.'],
  },
  {
    topic: 'assets',
    impactArea: 'Assets',
    titles: ['The asset register was incomplete', 'Assets could not be located'],
    conditions: [
      '{number} of {total} assets seen at {unit} were not in the register.',
      '{number} items with a recorded cost of {amount} could not be shown to the auditors.',
    ],
    criteria: ['Each asset is recorded within 30 days of delivery and counted once a year.'],
    causes: ['Donated assets do not pass through stores.', 'The last full count was made in {year}.'],
    effects: ['Losses would not be noticed.', 'The assets in the financial statements can not be confirmed.'],
    recommendations: [
      'Carry out a full count and correct the register.',
      'Label every asset and make one named officer answer for each location.',
    ],
    actions: ['Count all assets by location.', 'Write off or investigate what is missing.'],
  },
  {
    topic: 'grants',
    impactArea: 'Financial',
    titles: ['Grants were not acquitted', 'Grants were paid before conditions were met'],
    conditions: [
      '{number} of {total} recipients had not acquitted grants of {year}.',
      'Second instalments of {amount} were paid although reports on the first were missing.',
    ],
    criteria: ['Grants are acquitted within 90 days; no further payment is made before that.'],
    causes: ['Due dates are not tracked.', 'Payments are prepared in a batch without looking at the single agreements.'],
    effects: ['There is no assurance that {amount} was used as intended.', 'Recipients have no reason to report.'],
    recommendations: [
      'Collect the missing acquittals and stop payments until they arrive.',
      'Keep a register of agreements with due dates and blocks on payment.',
    ],
    actions: ['Write to all recipients with open acquittals.', 'Set up the grant register.'],
  },
  {
    topic: 'procurement',
    impactArea: 'Financial',
    titles: ['Contract variations exceeded the approved sum', 'Performance securities had expired'],
    conditions: [
      'Variations raised the contract for {place} by {number} percent without approval of the board.',
      'Securities of {number} of {total} running contracts had expired.',
    ],
    criteria: [
      'Variations above 10 percent need approval of the board.',
      'Securities are kept valid until the defects period ends.',
    ],
    causes: ['The contract register does not add up variations.', 'Expiry dates are kept in a personal calendar.'],
    effects: ['Commitments of {amount} are not covered by a warrant.', 'The state carries the risk of default.'],
    recommendations: [
      'Submit the variations for approval and stop work that is not covered.',
      'Track sums and securities in one contract register that warns in time.',
    ],
    actions: ['List all variations since the award.', 'Ask contractors to renew expired securities.'],
  },
];
