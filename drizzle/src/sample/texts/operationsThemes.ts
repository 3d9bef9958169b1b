import type { FindingTheme } from './findingTheme.js';

export const operationsThemes: readonly FindingTheme[] = [
  {
    topic: 'systems',
    impactArea: 'Information systems',
    titles: ['Accounts of former staff were active', 'Duties were not segregated in the system'],
    conditions: [
      '{number} of {total} user accounts belonged to people who had left {unit}.',
      '{number} users could both enter and approve payments.',
    ],
    criteria: ['Access is removed on the last day of work.', 'No person enters and approves the same transaction.'],
    causes: ['Personnel and the help desk do not exchange lists.', 'Roles were copied from one user to the next.'],
    effects: [
      'Unauthorised access could go unnoticed.',
      'A single person could pay out {amount} a day without a second pair of eyes.',
    ],
    recommendations: [
      'Disable the accounts and review access every quarter.',
      'Define roles anew and separate entry from approval.',
    ],
    actions: ['Disable accounts of former staff.', 'Review all roles with the process owners.'],
  },
  {
    topic: 'systems',
    impactArea: 'Information systems',
    titles: ['Restores were never tested', 'No plan for the loss of the main system'],
    conditions: [
      'Backups of {unit} are made daily, but none was restored since {year}.',
      'There is no tested plan to work on if the main system is lost for more than {few} hours.',
    ],
    criteria: ['The Information Security Policy requires a restore test twice a year.'],
    causes: ['There is no second server to restore to.', 'Responsibility lies between two divisions.'],
    effects: ['Records could be lost for good.', 'Services at {place} would stop.'],
    recommendations: [
      'Restore a full backup twice a year and record the result.',
      'Write, approve and rehearse a continuity plan.',
    ],
    actions: ['Set up a test server and restore last month.', 'Rehearse the plan with all sections.'],
  },
  {
    topic: 'claims',
    impactArea: 'Legal',
    titles: ['The register of claims was incomplete', 'Claims were not referred to the State Solicitor in time'],
    conditions: [
      '{number} of {total} court files that name {unit} were not in its register of claims.',
      'On average {few} weeks passed between service and referral; in {year} a default judgment of {amount} followed.',
    ],
    criteria: ['Court process is referred within two working days, and every claim is registered.'],
    causes: ['Process is accepted at several counters.', 'Nobody compares the register with the court list.'],
    effects: ['Judgments by default, and interest on them.', 'Liabilities of about {amount} are not disclosed.'],
    recommendations: [
      'Compare the register with the files of the State Solicitor each quarter and register what is missing.',
      'Name one officer who accepts service and refers it the same day.',
    ],
    actions: ['Match the register with the case list.', 'Issue a circular on the acceptance of service.'],
  },
  {
    topic: 'claims',
    impactArea: 'Legal',
    titles: ['Settlements were paid without advice', 'Judgments were paid late and with interest'],
    conditions: [
      '{number} of {total} settlements of {unit} were paid without written advice.',
      'Interest of {amount} was paid on judgments since {year}.',
    ],
    criteria: ['Settlements need written advice and approval of the Treasury.'],
    causes: ['Settlements are negotiated by the section that caused the claim.', 'No budget line exists for judgments.'],
    effects: ['Settlements may exceed what a court would award.', 'Public money is spent on avoidable interest.'],
    recommendations: ['Make written advice a condition of payment.', 'Keep a list of judgments by due date and fund it.'],
    actions: ['Add the advice to the payment checklist.', 'Draw up the list of unpaid judgments.'],
  },
  {
    topic: 'records',
    impactArea: 'Service',
    titles: ['Files were missing', 'The register was not up to date'],
    conditions: [
      '{number} of {total} files requested from {unit} could not be produced.',
      'Entries of {few} weeks had not been made in the register at {place}.',
    ],
    criteria: ['The Public Records Act requires that files are kept and can be found.'],
    causes: ['Files are taken out without a note.', 'The register is kept on paper, in one room, by one officer.'],
    effects: ['Decisions can not be defended in court.', 'Applicants wait, and two titles may be issued for one portion.'],
    recommendations: [
      'Search for or rebuild the missing files and log each loan.',
      'Clear the backlog and keep the register electronically.',
    ],
    actions: ['Introduce a loan log for files.', 'Scan the register from {year} on.'],
  },
  {
    topic: 'fleet',
    impactArea: 'Assets',
    titles: ['Fuel was not reconciled', 'Vehicles were used outside duty'],
    conditions: [
      'Fuel of {amount} could not be matched with running sheets.',
      '{number} of {total} vehicles seen on Sundays at {place} had no authority on board.',
    ],
    criteria: ['Fuel is reconciled monthly with running sheets.', 'Private use needs written authority.'],
    causes: ['Fuel cards are shared between vehicles.', 'Running sheets are not collected.'],
    effects: ['Fuel may be used privately.', 'The state may be liable for accidents outside duty.'],
    recommendations: [
      'Tie each fuel card to one vehicle and reconcile each month.',
      'Park vehicles centrally unless authorised.',
    ],
    actions: ['Exchange the fuel cards.', 'Collect running sheets weekly.'],
  },
  {
    topic: 'records',
    impactArea: 'Safety',
    titles: ['Inspections were overdue', 'Defects found were not followed up'],
    conditions: [
      '{number} of {total} sites in the plan for {year} were not inspected.',
      'Of the defects reported at {place}, {number} were open after a year.',
    ],
    criteria: ['Each site is inspected once a year, and serious defects are mended within 30 days.'],
    causes: ['Two posts of inspectors are vacant.', 'Reports are filed and not tracked.'],
    effects: ['People may be hurt, and the state sued.', 'Repairs become dearer the longer they wait.'],
    recommendations: ['Plan inspections by risk and fill the vacant posts.', 'Track each defect to its repair.'],
    actions: ['Inspect the twenty riskiest sites.', 'Open a defect list with due dates.'],
  },
  {
    topic: 'assets',
    impactArea: 'Service',
    titles: ['Stocks had expired', 'Stores records did not agree with the count'],
    conditions: [
      'Items worth {amount} in the store at {place} had passed their date.',
      '{number} of {total} counted items of {unit} differed from the stock card.',
    ],
    criteria: ['Stock is issued oldest first and counted each quarter.'],
    causes: ['Orders are placed without looking at the stock.', 'Issues are entered at the end of the month from memory.'],
    effects: ['Supplies ran out while others were thrown away.', 'Losses and theft can not be told apart from errors.'],
    recommendations: [
      'Count each quarter and investigate differences.',
      'Order by consumption, with a lowest and a highest stock.',
    ],
    actions: ['Remove and record expired stock.', 'Enter issues on the day.'],
  },
];
