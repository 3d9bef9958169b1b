/** What is found in the file of a case: documents, events, tasks, orders and costs, where it came from and how it was closed. */
export const documentTexts: readonly (readonly [title: string, documentType: string, fileName: string])[] = [
  ['Writ of summons', 'filing', 'writ-of-summons.pdf'],
  ['Originating summons', 'filing', 'originating-summons.pdf'],
  ['Notice of intention to defend', 'filing', 'notice-of-intention-to-defend.pdf'],
  ['Statement of claim', 'pleading', 'statement-of-claim.pdf'],
  ['Defence', 'pleading', 'defence.pdf'],
  ['Reply to defence', 'pleading', 'reply.pdf'],
  ['Affidavit in support', 'affidavit', 'affidavit-in-support.pdf'],
  ['Affidavit of service', 'affidavit', 'affidavit-of-service.pdf'],
  ['Letter of demand', 'correspondence', 'letter-of-demand.pdf'],
  ['Instructions from the department', 'correspondence', 'instructions.docx'],
  ['Settlement offer', 'correspondence', 'settlement-offer.docx'],
  ['Survey report', 'survey_report', 'survey-report.pdf'],
  ['Lease agreement', 'contract', 'lease-agreement.pdf'],
  ['Contract and schedule of rates', 'contract', 'contract.pdf'],
  ['Photographs of the site', 'evidence', 'site-photographs.zip'],
  ['Valuation report', 'evidence', 'valuation.pdf'],
  ['Sealed order', 'court_order', 'sealed-order.pdf'],
  ['File note', 'other', 'file-note.docx'],
];

export const eventTexts: readonly (readonly [title: string, eventType: string, location: string, attendees: string | null])[] = [
  ['Directions hearing', 'hearing', 'Court Room 2, Cloudbury', 'Duty judge; counsel for both sides'],
  ['Interlocutory motion', 'hearing', 'Court Room 4, Cloudbury', 'Duty judge; counsel for both sides'],
  ['Trial', 'hearing', 'Court Room 1, Cloudbury', 'Trial judge; counsel; witnesses'],
  ['Status conference', 'conference', 'Registry, Cloudbury', 'Registrar; parties'],
  ['Defence due', 'filing_deadline', 'Registry, Cloudbury', null],
  ['Affidavits due', 'filing_deadline', 'Registry, Cloudbury', null],
  ['Response to notice due', 'response_deadline', 'Office of the State Solicitor', null],
  ['Meeting with the department', 'meeting', 'Office of the State Solicitor', 'Lead officer; department contact'],
  ['Site inspection', 'meeting', 'On site', 'Lead officer; surveyor; both parties'],
  ['Mediation session', 'mediation', 'Mediation Centre, Thornwick', 'Mediator; both parties'],
];
export const longRangeEventTexts: typeof eventTexts = [
  ['Yearly call-over', 'hearing', 'Court Room 1, Cloudbury', 'List judge; counsel for both sides'],
  ['Undertaking expires', 'response_deadline', 'Office of the State Solicitor', null],
  ['Review of reserved trial date', 'conference', 'Registry, Cloudbury', 'Registrar; parties'],
];

export const taskTexts: readonly (readonly [title: string, description: string])[] = [
  ['Draft defence', 'Settle the draft with counsel before filing.'],
  ['Request instructions from the department', 'Ask for the full file and a named contact.'],
  ['Search the title register', 'Certified copies of all instruments since the first grant.'],
  ['Prepare affidavit of the responsible officer', 'Attach the file notes and receipts.'],
  ['Serve sealed orders', 'Serve on all parties and file the affidavit of service.'],
  ['Obtain valuation', 'Independent valuer, with terms of reference agreed first.'],
  ['Brief counsel', 'Brief with chronology and bundle of documents.'],
  ['Review settlement offer', 'Advice on prospects and cost exposure to the Solicitor.'],
  ['Inspect the court file', 'Check for filings that were not served.'],
  ['Report to the department', 'One page: status, next step, exposure.'],
];

export const orderTexts: readonly (readonly [orderType: string, terms: string, grounds: string, outcome: string])[] = [
  ['interlocutory', 'The defendant shall file affidavits within 21 days.', 'Delay was explained.', 'Time extended'],
  [
    'interlocutory',
    'The status quo is kept until trial.',
    'The balance of convenience favours the applicant.',
    'Injunction granted',
  ],
  ['interlocutory', 'The parties shall attend mediation.', 'The issues are narrow.', 'Referred to mediation'],
  ['final', 'Judgment for the plaintiff with damages to be assessed.', 'Liability was proven on the evidence.', 'Claim allowed'],
  ['final', 'The proceeding is dismissed with costs.', 'No duty was breached.', 'Claim dismissed'],
  ['consent', 'The terms of settlement are made orders of the court.', 'By consent of the parties.', 'Settled'],
  ['default', 'Judgment in default of defence.', 'No defence was filed in time.', 'Default judgment'],
  ['other', 'The file is transferred to the Thornwick registry.', 'Most witnesses live there.', 'Transferred'],
];

export const costTexts: readonly (readonly [costType: string, most: number, payee: string])[] = [
  ['Filing fee', 900, 'Court Registry'],
  ['Counsel fees', 85_000, 'Chambers of Blackquill & Emberly'],
  ['Expert report', 24_000, 'Windlestraw Valuers'],
  ['Service of process', 1_200, 'Jackdaw Process Servers'],
  ['Travel', 6_500, 'Government Fleet Division'],
  ['Settlement payment', 400_000, 'Trust account of the opposing lawyer'],
  ['Costs awarded', 60_000, 'Trust account of the opposing lawyer'],
  ['Transcript', 2_800, 'Court Registry'],
];

export const caseOrigins = [
  'Court process served',
  'Referral by department',
  'Letter of demand',
  'Section 5 notice',
  'Own motion',
];
export const closureNotes: Readonly<Record<string, readonly string[]>> = {
  judgment_granted: [
    'Judgment entered for the plaintiff; file closed after payment.',
    'Orders granted; no appeal was filed in time.',
  ],
  judgment_dismissed: ['Proceeding dismissed with costs.', 'Dismissed after trial; the appeal period has run out.'],
  withdrawn: ['Notice of discontinuance filed by the plaintiff.', 'Withdrawn by consent, each party bears its own costs.'],
  struck_out: ['Struck out for want of prosecution.', 'Struck out: no reasonable cause of action was disclosed.'],
  settled: ['Deed of release signed and settlement sum paid.', 'Settled at mediation; terms are on file.'],
  consent_order: ['Closed on consent orders.', 'Consent orders sealed and complied with.'],
  other: ['File merged with the lead proceeding.'],
};
