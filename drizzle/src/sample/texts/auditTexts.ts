import type { AuditTopic } from './findingTheme.js';

/** Engagements by their topic; the one without a topic follows up on all of them. */
export const engagementTexts: readonly (readonly [title: string, objectives: string, topic: AuditTopic | null])[] = [
  ['Payroll and allowances', 'To find out whether people are paid what they are due, and only they.', 'payroll'],
  ['Procurement and contract management', 'To test whether buying is open, approved and worth its price.', 'procurement'],
  ['Revenue collection and banking', 'To test whether all revenue is assessed, collected and banked.', 'revenue'],
  ['Fixed assets and stores', 'To confirm that assets exist, are recorded and are safeguarded.', 'assets'],
  ['Information systems access', 'To test who can reach which system, and who reviews that.', 'systems'],
  ['Claims, judgments and settlements', 'To test how claims against the state are recorded, defended and paid.', 'claims'],
  ['Records and registers', 'To test whether registers are complete, accurate and kept safe.', 'records'],
  ['Fleet and fuel', 'To test the control of vehicles, drivers and fuel.', 'fleet'],
  ['Grants and transfers', 'To follow grants from application to acquittal.', 'grants'],
  ['Follow-up of earlier recommendations', 'To confirm what has been done since the last report.', null],
];

export const workpaperTexts: readonly (readonly [title: string, procedure: string])[] = [
  ['Walk-through of the process', 'Interview the process owner and trace one transaction from start to end.'],
  ['Test of payments', 'Select payments above the threshold and agree each to its order, delivery and approval.'],
  ['Test of reconciliations', 'Re-perform two reconciliations and examine items older than 60 days.'],
  ['Physical verification', 'Count the selected items and agree them to the register, both ways.'],
  ['Review of access rights', 'Compare user accounts with the staff list and with the approved roles.'],
  ['Review of the file', 'Read the selected files for completeness against the checklist.'],
  ['Analysis of data', 'Look for duplicates, gaps in numbers and amounts just below limits.'],
];

export const evidenceFiles: readonly (readonly [name: string, fileType: string, description: string])[] = [
  [
    'interview-notes',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'Notes of the interview, agreed with the interviewee.',
  ],
  ['transaction-sample', 'text/csv', 'The sample as drawn, with the results of each test.'],
  ['scanned-vouchers', 'application/pdf', 'Scans of the vouchers that were examined.'],
  ['photographs', 'application/zip', 'Photographs taken at the physical verification.'],
  ['system-report', 'application/pdf', 'Report printed from the system in the presence of the auditor.'],
];

export const memberRoles = ['member', 'member', 'member', 'specialist', 'reviewer', 'trainee'];
export const likelihoods = ['rare', 'unlikely', 'possible', 'likely', 'almost certain'];
