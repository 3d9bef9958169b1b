/* Generated from schema.graphql by `npm run codegen`. Do not edit. */
import type { Connection } from '@bailiwick/kernel/pagination';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RequestContext } from '@bailiwick/kernel/graphql';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time in UTC, RFC 3339, with microseconds: 2026-11-22T17:10:56.123456Z. */
  DateTime: { input: string; output: string; }
  /** A calendar day: 2026-11-22 (ISO 8601). */
  Date: { input: string; output: string; }
  /** An exact amount of money as a string, with at most two decimals: "1200.50". */
  Decimal: { input: string; output: string; }
  /** A whole number that may exceed 32 bits, as a string. */
  BigInt: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type Query = {
  __typename?: 'Query';
  /** One legal case by its id; null when there is none that the caller may see. */
  legalCase?: Maybe<LegalCase>;
  /** One legal case by its number, for example LC-2026-000041; null when there is none that the caller may see. */
  legalCaseByNumber?: Maybe<LegalCase>;
  /** Legal cases, page by page. */
  legalCases?: Maybe<LegalCaseConnection>;
  /** Every move of a case, with why the caller can't make it now; null when there is no such case that the caller may see. */
  legalCaseTransitions?: Maybe<Array<LegalCaseTransition>>;
};


export type QueryLegalCaseArgs = {
  id: Scalars['ID']['input'];
};


export type QueryLegalCaseByNumberArgs = {
  caseNumber: Scalars['String']['input'];
};


export type QueryLegalCasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LegalCaseFilter>;
  orderBy?: LegalCaseOrder;
};


export type QueryLegalCaseTransitionsArgs = {
  legalCaseId: Scalars['ID']['input'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Opens a legal case. The database gives it its number. */
  openLegalCase?: Maybe<OpenLegalCasePayload>;
  /** Changes a legal case: the fields that are given. A field that is left out stays as it is; null empties it. */
  updateLegalCase?: Maybe<UpdateLegalCasePayload>;
  /** Takes a case one step further, or back to its draft. The status follows. */
  changeWorkflowState?: Maybe<ChangeWorkflowStatePayload>;
  /** Puts a case on hold. It keeps its state. */
  holdLegalCase?: Maybe<HoldLegalCasePayload>;
  /** Goes on with a case that was on hold. */
  resumeLegalCase?: Maybe<ResumeLegalCasePayload>;
  /** Hides a case from everybody but its people and case-management admins. Whoever does it stays among its people. */
  restrictLegalCase?: Maybe<RestrictLegalCasePayload>;
  /** Shows a restricted case to everybody who reads case management. */
  unrestrictLegalCase?: Maybe<UnrestrictLegalCasePayload>;
  /** Closes a case. */
  closeLegalCase?: Maybe<CloseLegalCasePayload>;
  /** Withdraws a case, which closes it. */
  withdrawLegalCase?: Maybe<WithdrawLegalCasePayload>;
  /** Opens a closed case again: it goes on in progress. Nothing else opens one. */
  reopenLegalCase?: Maybe<ReopenLegalCasePayload>;
  /** Puts a person on a case. */
  assignToCase?: Maybe<AssignToCasePayload>;
  /** Ends the work of a person on a case. The assignment is kept. */
  unassignFromCase?: Maybe<UnassignFromCasePayload>;
  /** Gives somebody who works on a case another part in it; transferCaseLead changes the lead. */
  changeAssignmentRole?: Maybe<ChangeAssignmentRolePayload>;
  /** Gives a case another lead. The former one stays as a member. */
  transferCaseLead?: Maybe<TransferCaseLeadPayload>;
};


export type MutationOpenLegalCaseArgs = {
  input: OpenLegalCaseInput;
};


export type MutationUpdateLegalCaseArgs = {
  input: UpdateLegalCaseInput;
};


export type MutationChangeWorkflowStateArgs = {
  input: ChangeWorkflowStateInput;
};


export type MutationHoldLegalCaseArgs = {
  input: HoldLegalCaseInput;
};


export type MutationResumeLegalCaseArgs = {
  input: ResumeLegalCaseInput;
};


export type MutationRestrictLegalCaseArgs = {
  input: RestrictLegalCaseInput;
};


export type MutationUnrestrictLegalCaseArgs = {
  input: UnrestrictLegalCaseInput;
};


export type MutationCloseLegalCaseArgs = {
  input: CloseLegalCaseInput;
};


export type MutationWithdrawLegalCaseArgs = {
  input: WithdrawLegalCaseInput;
};


export type MutationReopenLegalCaseArgs = {
  input: ReopenLegalCaseInput;
};


export type MutationAssignToCaseArgs = {
  input: AssignToCaseInput;
};


export type MutationUnassignFromCaseArgs = {
  input: UnassignFromCaseInput;
};


export type MutationChangeAssignmentRoleArgs = {
  input: ChangeAssignmentRoleInput;
};


export type MutationTransferCaseLeadArgs = {
  input: TransferCaseLeadInput;
};

/** A legal matter that the office conducts. */
export type LegalCase = {
  __typename?: 'LegalCase';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The number people know it by, unique. */
  caseNumber: Scalars['String']['output'];
  /** What it is called, usually by its parties. */
  title: Scalars['String']['output'];
  /** What it is about. */
  description?: Maybe<Scalars['String']['output']>;
  /** Where the matter stands; follows from the workflow state. */
  status: LegalCaseStatus;
  /** How far the office has come with it. */
  workflowState: WorkflowState;
  /** What kind of case it is. */
  caseType: LegalCaseType;
  /** A finer kind, in the office's own words. */
  matterType?: Maybe<Scalars['String']['output']>;
  /** How urgent it is. */
  priority: Priority;
  /** Whether only assigned people and case-management admins may see it. */
  isRestricted: Scalars['Boolean']['output'];
  /** The region it arose in. */
  region?: Maybe<Scalars['String']['output']>;
  /** Which side the office is on. */
  ourRole?: Maybe<OurRole>;
  /** The track number of the court. */
  trackNumber?: Maybe<Scalars['String']['output']>;
  /** How it came to the office. */
  caseOrigin?: Maybe<Scalars['String']['output']>;
  /** The file number of the court. */
  courtFileNumber?: Maybe<Scalars['String']['output']>;
  /** The day the office opened it. */
  openedOn: Scalars['Date']['output'];
  /** The day the proceeding was filed. */
  proceedingFiledOn?: Maybe<Scalars['Date']['output']>;
  /** The day documents were served. */
  documentsServedOn?: Maybe<Scalars['Date']['output']>;
  /** The day it returns to court. */
  returnableOn?: Maybe<Scalars['Date']['output']>;
  /** What it returns to court for. */
  returnableType?: Maybe<Scalars['String']['output']>;
  /** What is alleged. */
  allegations?: Maybe<Scalars['String']['output']>;
  /** What the claimant asks for. */
  reliefsSought?: Maybe<Scalars['String']['output']>;
  /** The lawyer of the other side. */
  opposingLawyerName?: Maybe<Scalars['String']['output']>;
  /** Notice given under section 5 of the claims act, in the words of the file. */
  section5Notice?: Maybe<Scalars['String']['output']>;
  /** The land it concerns. */
  landDescription?: Maybe<Scalars['String']['output']>;
  /** The day it was closed. */
  closedOn?: Maybe<Scalars['Date']['output']>;
  /** How it ended. */
  closureType?: Maybe<ClosureType>;
  /** Notes on how it ended. */
  closureNotes?: Maybe<Scalars['String']['output']>;
  /** Whether nothing is done on it for the time being. */
  onHold: Scalars['Boolean']['output'];
  /** Why it is on hold. */
  holdReason?: Maybe<Scalars['String']['output']>;
  /** The last day of the hold, if that is known. */
  heldUntil?: Maybe<Scalars['Date']['output']>;
  /** Why it last changed its state, its hold or its restriction. */
  lastChangeReason?: Maybe<Scalars['String']['output']>;
  /** The unit that answers for it. */
  orgUnit?: Maybe<OrgUnit>;
  /** The person who leads it now. */
  lead?: Maybe<Person>;
  /** Everybody who works on it now, the lead first. */
  assignments: Array<CaseAssignment>;
  /** The parties, by name. */
  parties: Array<Party>;
  /** The documents, the oldest first. */
  documents: Array<Document>;
  /** Hearings, deadlines and meetings, the earliest first. */
  events: Array<CaseEvent>;
  /** The first event that has not begun yet. */
  nextEvent?: Maybe<CaseEvent>;
  /** The tasks, the oldest first. */
  tasks: Array<Task>;
  /** The court's orders, the earliest first. */
  courtOrders: Array<CourtOrder>;
  /** What it cost, the earliest first. */
  costs: Array<CaseCost>;
  /** The person who opened it. */
  createdBy?: Maybe<Person>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};


/** A legal matter that the office conducts. */
export type LegalCaseAssignmentsArgs = {
  includeEnded?: Scalars['Boolean']['input'];
};

/** Somebody on one side of a case, or heard in it. */
export type Party = {
  __typename?: 'Party';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The name. */
  name: Scalars['String']['output'];
  /** What kind of party it is. */
  partyType: PartyType;
  /** Its part in the case. */
  role: PartyRole;
  /** How to reach it. */
  contactInfo?: Maybe<Scalars['String']['output']>;
  /** Its address. */
  address?: Maybe<Scalars['String']['output']>;
  /** Its telephone number. */
  phone?: Maybe<Scalars['String']['output']>;
  /** Its e-mail address. */
  email?: Maybe<Scalars['String']['output']>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** Somebody's work on a case. */
export type CaseAssignment = {
  __typename?: 'CaseAssignment';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** Who works on it. */
  person?: Maybe<Person>;
  /** In what capacity. */
  role: AssignmentRole;
  /** Since when. */
  assignedAt: Scalars['DateTime']['output'];
  /** Until when; null while it lasts. */
  endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who assigned it. */
  assignedBy?: Maybe<Person>;
  /** Why. */
  reason?: Maybe<Scalars['String']['output']>;
  /** Why it ended. */
  endReason?: Maybe<Scalars['String']['output']>;
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
  /** The case. */
  legalCase: LegalCase;
};

/** A document of a case, with all its versions. */
export type Document = {
  __typename?: 'Document';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What it is called. */
  title: Scalars['String']['output'];
  /** What it is about. */
  description?: Maybe<Scalars['String']['output']>;
  /** What kind of document it is. */
  documentType: DocumentType;
  /** Whether it is confidential. */
  isConfidential: Scalars['Boolean']['output'];
  /** The versions, the newest first. */
  versions: Array<DocumentVersion>;
  /** The newest version. */
  latestVersion?: Maybe<DocumentVersion>;
  /** Who added it. */
  createdBy?: Maybe<Person>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** One file of a document. */
export type DocumentVersion = {
  __typename?: 'DocumentVersion';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** 1 for the first. */
  versionNumber: Scalars['Int']['output'];
  /** Where the file is. */
  fileUrl?: Maybe<Scalars['String']['output']>;
  /** The file's name. */
  fileName: Scalars['String']['output'];
  /** The file's media type. */
  fileType?: Maybe<Scalars['String']['output']>;
  /** The file's size in bytes. */
  fileSize?: Maybe<Scalars['BigInt']['output']>;
  /** Who uploaded it. */
  uploadedBy?: Maybe<Person>;
  /** When it was uploaded. */
  uploadedAt: Scalars['DateTime']['output'];
};

/** A hearing, deadline or meeting of a case. */
export type CaseEvent = {
  __typename?: 'CaseEvent';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What kind of event it is. */
  eventType: CaseEventType;
  /** What it is called. */
  title: Scalars['String']['output'];
  /** What it is about. */
  description?: Maybe<Scalars['String']['output']>;
  /** When it begins. */
  startsAt: Scalars['DateTime']['output'];
  /** When it ends. */
  endsAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it is held. */
  location?: Maybe<Scalars['String']['output']>;
  /** Who attends, in words. */
  attendees?: Maybe<Scalars['String']['output']>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** Something to be done in a case. */
export type Task = {
  __typename?: 'Task';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What is to be done. */
  title: Scalars['String']['output'];
  /** In more words. */
  description?: Maybe<Scalars['String']['output']>;
  /** Who is to do it. */
  assignedTo?: Maybe<Person>;
  /** By when. */
  dueOn?: Maybe<Scalars['Date']['output']>;
  /** How far it has come. */
  status: TaskStatus;
  /** How urgent it is. */
  priority: Priority;
  /** How it was completed. */
  completionNotes?: Maybe<Scalars['String']['output']>;
  /** When it was completed. */
  completedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** What a court ordered in a case. */
export type CourtOrder = {
  __typename?: 'CourtOrder';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The court's reference. */
  courtReference?: Maybe<Scalars['String']['output']>;
  /** The parties as the order names them. */
  partiesToProceeding?: Maybe<Scalars['String']['output']>;
  /** The day of the order. */
  orderDate: Scalars['Date']['output'];
  /** What kind of order it is. */
  orderType: CourtOrderType;
  /** What it orders. */
  terms?: Maybe<Scalars['String']['output']>;
  /** The grounds it rests on. */
  conclusionGrounds?: Maybe<Scalars['String']['output']>;
  /** What came of it. */
  outcome?: Maybe<Scalars['String']['output']>;
  /** Where the order is kept. */
  documentUrl?: Maybe<Scalars['String']['output']>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** Money spent or owed in a case. */
export type CaseCost = {
  __typename?: 'CaseCost';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What it was for. */
  costType: Scalars['String']['output'];
  /** How much. */
  amount: Scalars['Decimal']['output'];
  /** In which currency, ISO 4217. */
  currency: Scalars['String']['output'];
  /** The day it arose. */
  incurredOn: Scalars['Date']['output'];
  /** The day it was paid. */
  paidOn?: Maybe<Scalars['Date']['output']>;
  /** Whether it is paid. */
  paymentStatus: PaymentStatus;
  /** How much of it is paid. */
  amountPaid: Scalars['Decimal']['output'];
  /** In more words. */
  description?: Maybe<Scalars['String']['output']>;
  /** The invoice or reference. */
  referenceNumber?: Maybe<Scalars['String']['output']>;
  /** Who is paid. */
  payeeName?: Maybe<Scalars['String']['output']>;
  /** The case. */
  legalCase: LegalCase;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnit = {
  __typename?: 'OrgUnit';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The cases this very unit answers for; for those of the units below as well, use legalCases with filter.orgUnitId. */
  legalCases?: Maybe<LegalCaseConnection>;
};


/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnitLegalCasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LegalCaseFilter>;
  orderBy?: LegalCaseOrder;
};

/** Somebody who works with one of the systems, or is named in it. */
export type Person = {
  __typename?: 'Person';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The cases the person works on now. */
  assignedCases?: Maybe<LegalCaseConnection>;
};


/** Somebody who works with one of the systems, or is named in it. */
export type PersonAssignedCasesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<LegalCaseFilter>;
  orderBy?: LegalCaseOrder;
};

/** What should be done about a finding. */
export type Recommendation = {
  __typename?: 'Recommendation';
  /** UUID. */
  id: Scalars['ID']['output'];
  caseLinks: Array<RecommendationCaseLink>;
  /** The cases it bears on, as far as the caller may see them. */
  legalCases?: Maybe<Array<LinkedLegalCase>>;
};

/** A message from one of the systems to one person. */
export type Notification = {
  __typename?: 'Notification';
  /** UUID. */
  id: Scalars['ID']['output'];
  caseId?: Maybe<Scalars['ID']['output']>;
  /** The case it is about; null when there is none, or when the caller may not see it. */
  legalCase?: Maybe<LegalCase>;
};

/** How a recommendation names a case; only the subgraphs see it, because the id of a restricted case is not for everybody. */
export type RecommendationCaseLink = {
  __typename?: 'RecommendationCaseLink';
  legalCaseId: Scalars['ID']['output'];
  relation: CaseLinkRelation;
  note?: Maybe<Scalars['String']['output']>;
};

/** A case that a recommendation bears on. */
export type LinkedLegalCase = {
  __typename?: 'LinkedLegalCase';
  /** The case. */
  legalCase: LegalCase;
  /** In which way. */
  relation: CaseLinkRelation;
  /** In more words. */
  note?: Maybe<Scalars['String']['output']>;
};

/** In which way a recommendation bears on a case. */
export type CaseLinkRelation =
  /** The case adopts it as its basis. */
  | 'adopted_as_basis'
  /** The case refers to it in support. */
  | 'supporting_reference'
  /** For information only. */
  | 'information_only';

/** Where a matter stands. */
export type LegalCaseStatus =
  /** Under review. */
  | 'under_review'
  /** In court. */
  | 'in_court'
  /** Mediation. */
  | 'mediation'
  /** Tribunal. */
  | 'tribunal'
  /** Judgment. */
  | 'judgment'
  /** Closed. */
  | 'closed'
  /** Settled. */
  | 'settled';

/** How far the office has come with a case. */
export type WorkflowState =
  /** Registered. */
  | 'registered'
  /** Assigned. */
  | 'assigned'
  /** Registration completed. */
  | 'registration_completed'
  /** Drafting. */
  | 'drafting'
  /** Under review. */
  | 'under_review'
  /** Approved for filing. */
  | 'approved_for_filing'
  /** Filed. */
  | 'filed'
  /** In progress. */
  | 'in_progress'
  /** Judgment entered. */
  | 'judgment_entered'
  /** Closed. */
  | 'closed';

/** What kind of case it is. */
export type LegalCaseType =
  /** Tort. */
  | 'tort'
  /** Compensation claim. */
  | 'compensation_claim'
  /** Fraud. */
  | 'fraud'
  /** Judicial review. */
  | 'judicial_review'
  /** Dispute. */
  | 'dispute'
  /** Court matter. */
  | 'court_matter'
  /** Title claim. */
  | 'title_claim'
  /** Administrative review. */
  | 'administrative_review'
  /** Other. */
  | 'other';

/** How urgent something is. */
export type Priority =
  /** Low. */
  | 'low'
  /** Medium. */
  | 'medium'
  /** High. */
  | 'high'
  /** Urgent. */
  | 'urgent';

/** Which side the office is on. */
export type OurRole =
  /** Plaintiff. */
  | 'plaintiff'
  /** Defendant. */
  | 'defendant';

/** How a case ended. */
export type ClosureType =
  /** Judgment granted. */
  | 'judgment_granted'
  /** Judgment dismissed. */
  | 'judgment_dismissed'
  /** Settled. */
  | 'settled'
  /** Withdrawn. */
  | 'withdrawn'
  /** Struck out. */
  | 'struck_out'
  /** Consent order. */
  | 'consent_order'
  /** Other. */
  | 'other';

/** What kind of party it is. */
export type PartyType =
  /** Individual. */
  | 'individual'
  /** Company. */
  | 'company'
  /** Government entity. */
  | 'government_entity'
  /** Other. */
  | 'other';

/** A part in a case. */
export type PartyRole =
  /** Plaintiff. */
  | 'plaintiff'
  /** Defendant. */
  | 'defendant'
  /** Witness. */
  | 'witness'
  /** Third party. */
  | 'third_party'
  /** Other. */
  | 'other';

/** In what capacity somebody works on a case. */
export type AssignmentRole =
  /** Leads the case; one at a time. */
  | 'lead'
  /** Member. */
  | 'member'
  /** Support. */
  | 'support'
  /** Observer. */
  | 'observer';

/** What kind of document it is. */
export type DocumentType =
  /** Filing. */
  | 'filing'
  /** Affidavit. */
  | 'affidavit'
  /** Correspondence. */
  | 'correspondence'
  /** Survey report. */
  | 'survey_report'
  /** Contract. */
  | 'contract'
  /** Evidence. */
  | 'evidence'
  /** Court order. */
  | 'court_order'
  /** Pleading. */
  | 'pleading'
  /** Other. */
  | 'other';

/** What kind of event it is. */
export type CaseEventType =
  /** Hearing. */
  | 'hearing'
  /** Filing deadline. */
  | 'filing_deadline'
  /** Response deadline. */
  | 'response_deadline'
  /** Meeting. */
  | 'meeting'
  /** Mediation. */
  | 'mediation'
  /** Conference. */
  | 'conference'
  /** Other. */
  | 'other';

/** How far a task has come. */
export type TaskStatus =
  /** Pending. */
  | 'pending'
  /** In progress. */
  | 'in_progress'
  /** Completed. */
  | 'completed'
  /** Overdue. */
  | 'overdue'
  /** Cancelled. */
  | 'cancelled';

/** What kind of order it is. */
export type CourtOrderType =
  /** Interlocutory. */
  | 'interlocutory'
  /** Final. */
  | 'final'
  /** Consent. */
  | 'consent'
  /** Default. */
  | 'default'
  /** Other. */
  | 'other';

/** Whether a cost is paid. */
export type PaymentStatus =
  /** Paid. */
  | 'paid'
  /** Unpaid. */
  | 'unpaid'
  /** Partial. */
  | 'partial'
  /** Waived. */
  | 'waived'
  /** Disputed. */
  | 'disputed';

/** Which cases to return. All given conditions hold. */
export type LegalCaseFilter = {
  /** Only cases with one of these statuses. */
  status?: InputMaybe<Array<LegalCaseStatus>>;
  /** Only cases of one of these types. */
  caseType?: InputMaybe<Array<LegalCaseType>>;
  /** Only cases with one of these priorities. */
  priority?: InputMaybe<Array<Priority>>;
  /** Only cases of this unit or a unit below it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** Only cases this person works on now. */
  assignedPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** Only cases opened on this day or later. */
  openedFrom?: InputMaybe<Scalars['Date']['input']>;
  /** Only cases opened on this day or earlier. */
  openedTo?: InputMaybe<Scalars['Date']['input']>;
  /** Part of the case number, the title or a party's name, without regard to case; 2 to 200 characters. An empty text filters nothing. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Only restricted cases, or only the others. */
  isRestricted?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How cases are ordered; the id decides ties. */
export type LegalCaseOrder =
  /** The last opened first. */
  | 'OPENED_ON_DESC'
  /** The first opened first. */
  | 'OPENED_ON_ASC'
  /** The last changed first. */
  | 'UPDATED_AT_DESC'
  /** The longest unchanged first. */
  | 'UPDATED_AT_ASC'
  /** By number, upwards. */
  | 'CASE_NUMBER_ASC'
  /** By number, downwards. */
  | 'CASE_NUMBER_DESC'
  /** By title, A first. */
  | 'TITLE_ASC'
  /** By title, Z first. */
  | 'TITLE_DESC';

/** A page of cases. */
export type LegalCaseConnection = {
  __typename?: 'LegalCaseConnection';
  /** The cases with their cursors. */
  edges: Array<LegalCaseEdge>;
  /** The cases. */
  nodes: Array<LegalCase>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A case in a page. */
export type LegalCaseEdge = {
  __typename?: 'LegalCaseEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The case. */
  node: LegalCase;
};

/** Where a page lies among all (GraphQL Cursor Connections Specification). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Whether more follows. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether something comes before. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry; null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last entry; null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
};

/** An expected failure of a mutation. Nothing was changed. */
export type UserError = {
  __typename?: 'UserError';
  /** A stable code, for programs. */
  code: Scalars['String']['output'];
  /** What happened, for people. */
  message: Scalars['String']['output'];
  /** The path of the input field at fault. */
  field?: Maybe<Scalars['String']['output']>;
  /** What to do next. */
  hint?: Maybe<Scalars['String']['output']>;
};

/** What a new case is. */
export type OpenLegalCaseInput = {
  /** What it is called, usually by its parties. */
  title: Scalars['String']['input'];
  /** What it is about. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** What kind of case it is; OTHER when left out. */
  caseType?: InputMaybe<LegalCaseType>;
  /** A finer kind, in the office's own words. */
  matterType?: InputMaybe<Scalars['String']['input']>;
  /** How urgent it is; MEDIUM when left out. */
  priority?: InputMaybe<Priority>;
  /** Whether only assigned people and case-management admins may see it. Whoever opens it is then assigned to it. */
  isRestricted?: InputMaybe<Scalars['Boolean']['input']>;
  /** The region it arose in. */
  region?: InputMaybe<Scalars['String']['input']>;
  /** Which side the office is on. */
  ourRole?: InputMaybe<OurRole>;
  /** The file number of the court. */
  courtFileNumber?: InputMaybe<Scalars['String']['input']>;
  /** The day it was opened; today (UTC) when left out. */
  openedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The unit that answers for it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** The person who leads it. */
  leadPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** What is alleged. */
  allegations?: InputMaybe<Scalars['String']['input']>;
  /** What the claimant asks for. */
  reliefsSought?: InputMaybe<Scalars['String']['input']>;
  /** The parties, at most 100. */
  parties?: InputMaybe<Array<OpenLegalCasePartyInput>>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input opens nothing new. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** A party of a new case. */
export type OpenLegalCasePartyInput = {
  /** The name. */
  name: Scalars['String']['input'];
  /** What kind of party it is; OTHER when left out. */
  partyType?: InputMaybe<PartyType>;
  /** Its part in the case; OTHER when left out. */
  role?: InputMaybe<PartyRole>;
};

/** What openLegalCase answers. */
export type OpenLegalCasePayload = {
  __typename?: 'OpenLegalCasePayload';
  /** The new case; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was opened. */
  userErrors: Array<UserError>;
};

/** Who works on which case, and why. */
export type AssignToCaseInput = {
  /** The case. */
  legalCaseId: Scalars['ID']['input'];
  /** Who is to work on it. */
  personId: Scalars['ID']['input'];
  /** In what capacity. */
  role: AssignmentRole;
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What assignToCase answers. */
export type AssignToCasePayload = {
  __typename?: 'AssignToCasePayload';
  /** The assignment; null when there are userErrors. */
  caseAssignment?: Maybe<CaseAssignment>;
  /** What was wrong with the input; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Whose work ends, and why. */
export type UnassignFromCaseInput = {
  /** The assignment. */
  id: Scalars['ID']['input'];
  /** The version of the assignment that the change is made to. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** Who takes over the open tasks that the person has on the case; somebody who works on it. */
  successorPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What unassignFromCase answers. */
export type UnassignFromCasePayload = {
  __typename?: 'UnassignFromCasePayload';
  /** The assignment as it is now; null when there are userErrors, and for a caller who no longer sees the case. */
  caseAssignment?: Maybe<CaseAssignment>;
  /** What was wrong with the input; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Whose part changes. */
export type ChangeAssignmentRoleInput = {
  /** The assignment. */
  id: Scalars['ID']['input'];
  /** The version of the assignment that the change is made to. */
  expectedVersion: Scalars['Int']['input'];
  /** The new part: MEMBER, SUPPORT or OBSERVER. */
  role: AssignmentRole;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What changeAssignmentRole answers. */
export type ChangeAssignmentRolePayload = {
  __typename?: 'ChangeAssignmentRolePayload';
  /** The assignment as it is now; null when there are userErrors. */
  caseAssignment?: Maybe<CaseAssignment>;
  /** What was wrong with the input; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Who leads a case from now on, and why. */
export type TransferCaseLeadInput = {
  /** The case. */
  legalCaseId: Scalars['ID']['input'];
  /** Who leads it now, as the caller has read it; null where nobody does. */
  fromPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** Who is to lead it. */
  toPersonId: Scalars['ID']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What transferCaseLead answers. */
export type TransferCaseLeadPayload = {
  __typename?: 'TransferCaseLeadPayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when it was done. */
  userErrors: Array<UserError>;
};

/** What can be done with a case. docs/rules.md has the whole table. */
export type LegalCaseMove =
  /** Assign. */
  | 'assign'
  /** Complete registration. */
  | 'complete_registration'
  /** Start drafting. */
  | 'start_drafting'
  /** Submit for review. */
  | 'submit_for_review'
  /** Approve for filing. */
  | 'approve_for_filing'
  /** Return to drafting. */
  | 'return_to_drafting'
  /** File. */
  | 'file'
  /** Start proceeding. */
  | 'start_proceeding'
  /** Change forum. */
  | 'change_forum'
  /** Enter judgment. */
  | 'enter_judgment'
  /** Close after judgment. */
  | 'close_after_judgment'
  /** Close without judgment. */
  | 'close_without_judgment'
  /** Withdraw. */
  | 'withdraw'
  /** Reopen. */
  | 'reopen'
  /** Hold. */
  | 'hold'
  /** Resume. */
  | 'resume'
  /** Restrict. */
  | 'restrict'
  /** Unrestrict. */
  | 'unrestrict';

/** Where a case in progress is heard. */
export type LegalCaseForum =
  /** Court. */
  | 'court'
  /** Mediation. */
  | 'mediation'
  /** Tribunal. */
  | 'tribunal';

/** A move of a case, and whether the caller can make it now. */
export type LegalCaseTransition = {
  __typename?: 'LegalCaseTransition';
  /** The move. */
  move: LegalCaseMove;
  /** The mutation that makes it. */
  mutation: Scalars['String']['output'];
  /** The state after it; the present one where the state stays. */
  to: WorkflowState;
  /** Whether the mutation wants a reason. */
  needsReason: Scalars['Boolean']['output'];
  /** Whether the caller can make it now. */
  isAllowed: Scalars['Boolean']['output'];
  /** Why not; empty when it is allowed. OPEN_WORK_LEFT is met by naming what is left in leavingOpen. */
  refusals: Array<UserError>;
};

/** Where a case goes, and why. */
export type ChangeWorkflowStateInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** The state it goes to. */
  to: WorkflowState;
  /** Of a case in progress: where it is heard. COURT when it is left out. */
  forum?: InputMaybe<LegalCaseForum>;
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What changeWorkflowState answers. */
export type ChangeWorkflowStatePayload = {
  __typename?: 'ChangeWorkflowStatePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case is put on hold, and why. */
export type HoldLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** The last day of the hold, if that is known. */
  until?: InputMaybe<Scalars['Date']['input']>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What holdLegalCase answers. */
export type HoldLegalCasePayload = {
  __typename?: 'HoldLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case goes on. */
export type ResumeLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What resumeLegalCase answers. */
export type ResumeLegalCasePayload = {
  __typename?: 'ResumeLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case is hidden, and why. */
export type RestrictLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What restrictLegalCase answers. */
export type RestrictLegalCasePayload = {
  __typename?: 'RestrictLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case is shown, and why. */
export type UnrestrictLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What unrestrictLegalCase answers. */
export type UnrestrictLegalCasePayload = {
  __typename?: 'UnrestrictLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** How a case ended. */
export type CloseLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** How it ended. Before a judgment: SETTLED, CONSENT_ORDER, STRUCK_OUT or OTHER. */
  closureType: ClosureType;
  /** The day it ended; today when it is left out. */
  closedOn?: InputMaybe<Scalars['Date']['input']>;
  /** Notes on how it ended. */
  notes?: InputMaybe<Scalars['String']['input']>;
  /** The ids of open tasks, coming events and unpaid costs that are knowingly left as they are. */
  leavingOpen?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What closeLegalCase answers. */
export type CloseLegalCasePayload = {
  __typename?: 'CloseLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case is withdrawn, and why. */
export type WithdrawLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** The day it ended; today when it is left out. */
  closedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The ids of open tasks, coming events and unpaid costs that are knowingly left as they are. */
  leavingOpen?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What withdrawLegalCase answers. */
export type WithdrawLegalCasePayload = {
  __typename?: 'WithdrawLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** Which case is opened again, and why. */
export type ReopenLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** Why, 5 to 2,000 characters. */
  reason: Scalars['String']['input'];
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What reopenLegalCase answers. */
export type ReopenLegalCasePayload = {
  __typename?: 'ReopenLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};

/** What changes in a case. A field that is left out stays as it is; null empties it. */
export type UpdateLegalCaseInput = {
  /** The case. */
  id: Scalars['ID']['input'];
  /** The version of the case that the change is made to. The change is refused when somebody else has changed the case since. */
  expectedVersion: Scalars['Int']['input'];
  /** What it is called, usually by its parties; can't be emptied. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** What it is about. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** What kind of case it is; can't be emptied. */
  caseType?: InputMaybe<LegalCaseType>;
  /** A finer kind, in the office's own words. */
  matterType?: InputMaybe<Scalars['String']['input']>;
  /** How urgent it is; can't be emptied. */
  priority?: InputMaybe<Priority>;
  /** The region it arose in. */
  region?: InputMaybe<Scalars['String']['input']>;
  /** Which side the office is on. */
  ourRole?: InputMaybe<OurRole>;
  /** The track number of the court. */
  trackNumber?: InputMaybe<Scalars['String']['input']>;
  /** How it came to the office. */
  caseOrigin?: InputMaybe<Scalars['String']['input']>;
  /** The file number of the court. */
  courtFileNumber?: InputMaybe<Scalars['String']['input']>;
  /** The day the proceeding was filed. */
  proceedingFiledOn?: InputMaybe<Scalars['Date']['input']>;
  /** The day documents were served. */
  documentsServedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The day it returns to court. */
  returnableOn?: InputMaybe<Scalars['Date']['input']>;
  /** What it returns to court for. */
  returnableType?: InputMaybe<Scalars['String']['input']>;
  /** What is alleged. */
  allegations?: InputMaybe<Scalars['String']['input']>;
  /** What the claimant asks for. */
  reliefsSought?: InputMaybe<Scalars['String']['input']>;
  /** The lawyer of the other side. */
  opposingLawyerName?: InputMaybe<Scalars['String']['input']>;
  /** Notice given under section 5 of the claims act, in the words of the file. */
  section5Notice?: InputMaybe<Scalars['String']['input']>;
  /** The land it concerns. */
  landDescription?: InputMaybe<Scalars['String']['input']>;
  /** The unit that answers for it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input changes nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What updateLegalCase answers. */
export type UpdateLegalCasePayload = {
  __typename?: 'UpdateLegalCasePayload';
  /** The case as it is now; null when there are userErrors. */
  legalCase?: Maybe<LegalCase>;
  /** What was wrong with the input; empty when the case was changed. */
  userErrors: Array<UserError>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  LegalCase: LegalCase;
  OrgUnit: OrgUnit;
  Person: Person;
  Recommendation: Recommendation;
  Notification: Notification;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  LegalCase:
    ( { __typename: 'LegalCase' }
    & GraphQLRecursivePick<FederationTypes['LegalCase'], {"id":true}> );
  OrgUnit:
    ( { __typename: 'OrgUnit' }
    & GraphQLRecursivePick<FederationTypes['OrgUnit'], {"id":true}> );
  Person:
    ( { __typename: 'Person' }
    & GraphQLRecursivePick<FederationTypes['Person'], {"id":true}> );
  Recommendation:
    ( { __typename: 'Recommendation' }
    & GraphQLRecursivePick<FederationTypes['Recommendation'], {"id":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Recommendation'], {"caseLinks":{"legalCaseId":true,"relation":true,"note":true}}> ) );
  Notification:
    ( { __typename: 'Notification' }
    & GraphQLRecursivePick<FederationTypes['Notification'], {"id":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Notification'], {"caseId":true}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  BigInt: ResolverTypeWrapper<Scalars['BigInt']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  LegalCase: ResolverTypeWrapper<{ id: string }>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Party: ResolverTypeWrapper<{ id: string }>;
  CaseAssignment: ResolverTypeWrapper<{ id: string }>;
  Document: ResolverTypeWrapper<{ id: string }>;
  DocumentVersion: ResolverTypeWrapper<{ id: string }>;
  CaseEvent: ResolverTypeWrapper<{ id: string }>;
  Task: ResolverTypeWrapper<{ id: string }>;
  CourtOrder: ResolverTypeWrapper<{ id: string }>;
  CaseCost: ResolverTypeWrapper<{ id: string }>;
  OrgUnit: ResolverTypeWrapper<{ id: string }>;
  Person: ResolverTypeWrapper<{ id: string }>;
  Recommendation: ResolverTypeWrapper<Omit<Recommendation, 'legalCases'> & { legalCases?: Maybe<Array<ResolversTypes['LinkedLegalCase']>> }>;
  Notification: ResolverTypeWrapper<Omit<Notification, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  RecommendationCaseLink: ResolverTypeWrapper<RecommendationCaseLink>;
  LinkedLegalCase: ResolverTypeWrapper<Omit<LinkedLegalCase, 'legalCase'> & { legalCase: ResolversTypes['LegalCase'] }>;
  CaseLinkRelation: CaseLinkRelation;
  LegalCaseStatus: LegalCaseStatus;
  WorkflowState: WorkflowState;
  LegalCaseType: LegalCaseType;
  Priority: Priority;
  OurRole: OurRole;
  ClosureType: ClosureType;
  PartyType: PartyType;
  PartyRole: PartyRole;
  AssignmentRole: AssignmentRole;
  DocumentType: DocumentType;
  CaseEventType: CaseEventType;
  TaskStatus: TaskStatus;
  CourtOrderType: CourtOrderType;
  PaymentStatus: PaymentStatus;
  LegalCaseFilter: LegalCaseFilter;
  LegalCaseOrder: LegalCaseOrder;
  LegalCaseConnection: ResolverTypeWrapper<Connection>;
  LegalCaseEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  PageInfo: ResolverTypeWrapper<Connection['pageInfo']>;
  UserError: ResolverTypeWrapper<UserError>;
  OpenLegalCaseInput: OpenLegalCaseInput;
  OpenLegalCasePartyInput: OpenLegalCasePartyInput;
  OpenLegalCasePayload: ResolverTypeWrapper<Omit<OpenLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  AssignToCaseInput: AssignToCaseInput;
  AssignToCasePayload: ResolverTypeWrapper<Omit<AssignToCasePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversTypes['CaseAssignment']> }>;
  UnassignFromCaseInput: UnassignFromCaseInput;
  UnassignFromCasePayload: ResolverTypeWrapper<Omit<UnassignFromCasePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversTypes['CaseAssignment']> }>;
  ChangeAssignmentRoleInput: ChangeAssignmentRoleInput;
  ChangeAssignmentRolePayload: ResolverTypeWrapper<Omit<ChangeAssignmentRolePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversTypes['CaseAssignment']> }>;
  TransferCaseLeadInput: TransferCaseLeadInput;
  TransferCaseLeadPayload: ResolverTypeWrapper<Omit<TransferCaseLeadPayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  LegalCaseMove: LegalCaseMove;
  LegalCaseForum: LegalCaseForum;
  LegalCaseTransition: ResolverTypeWrapper<LegalCaseTransition>;
  ChangeWorkflowStateInput: ChangeWorkflowStateInput;
  ChangeWorkflowStatePayload: ResolverTypeWrapper<Omit<ChangeWorkflowStatePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  HoldLegalCaseInput: HoldLegalCaseInput;
  HoldLegalCasePayload: ResolverTypeWrapper<Omit<HoldLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  ResumeLegalCaseInput: ResumeLegalCaseInput;
  ResumeLegalCasePayload: ResolverTypeWrapper<Omit<ResumeLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  RestrictLegalCaseInput: RestrictLegalCaseInput;
  RestrictLegalCasePayload: ResolverTypeWrapper<Omit<RestrictLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  UnrestrictLegalCaseInput: UnrestrictLegalCaseInput;
  UnrestrictLegalCasePayload: ResolverTypeWrapper<Omit<UnrestrictLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  CloseLegalCaseInput: CloseLegalCaseInput;
  CloseLegalCasePayload: ResolverTypeWrapper<Omit<CloseLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  WithdrawLegalCaseInput: WithdrawLegalCaseInput;
  WithdrawLegalCasePayload: ResolverTypeWrapper<Omit<WithdrawLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  ReopenLegalCaseInput: ReopenLegalCaseInput;
  ReopenLegalCasePayload: ResolverTypeWrapper<Omit<ReopenLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
  UpdateLegalCaseInput: UpdateLegalCaseInput;
  UpdateLegalCasePayload: ResolverTypeWrapper<Omit<UpdateLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversTypes['LegalCase']> }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Decimal: Scalars['Decimal']['output'];
  BigInt: Scalars['BigInt']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  LegalCase: { id: string };
  Boolean: Scalars['Boolean']['output'];
  Party: { id: string };
  CaseAssignment: { id: string };
  Document: { id: string };
  DocumentVersion: { id: string };
  CaseEvent: { id: string };
  Task: { id: string };
  CourtOrder: { id: string };
  CaseCost: { id: string };
  OrgUnit: { id: string };
  Person: { id: string };
  Recommendation: Omit<Recommendation, 'legalCases'> & { legalCases?: Maybe<Array<ResolversParentTypes['LinkedLegalCase']>> } | FederationReferenceTypes['Recommendation'];
  Notification: Omit<Notification, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> } | FederationReferenceTypes['Notification'];
  RecommendationCaseLink: RecommendationCaseLink;
  LinkedLegalCase: Omit<LinkedLegalCase, 'legalCase'> & { legalCase: ResolversParentTypes['LegalCase'] };
  LegalCaseFilter: LegalCaseFilter;
  LegalCaseConnection: Connection;
  LegalCaseEdge: Connection['edges'][number];
  PageInfo: Connection['pageInfo'];
  UserError: UserError;
  OpenLegalCaseInput: OpenLegalCaseInput;
  OpenLegalCasePartyInput: OpenLegalCasePartyInput;
  OpenLegalCasePayload: Omit<OpenLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  AssignToCaseInput: AssignToCaseInput;
  AssignToCasePayload: Omit<AssignToCasePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversParentTypes['CaseAssignment']> };
  UnassignFromCaseInput: UnassignFromCaseInput;
  UnassignFromCasePayload: Omit<UnassignFromCasePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversParentTypes['CaseAssignment']> };
  ChangeAssignmentRoleInput: ChangeAssignmentRoleInput;
  ChangeAssignmentRolePayload: Omit<ChangeAssignmentRolePayload, 'caseAssignment'> & { caseAssignment?: Maybe<ResolversParentTypes['CaseAssignment']> };
  TransferCaseLeadInput: TransferCaseLeadInput;
  TransferCaseLeadPayload: Omit<TransferCaseLeadPayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  LegalCaseTransition: LegalCaseTransition;
  ChangeWorkflowStateInput: ChangeWorkflowStateInput;
  ChangeWorkflowStatePayload: Omit<ChangeWorkflowStatePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  HoldLegalCaseInput: HoldLegalCaseInput;
  HoldLegalCasePayload: Omit<HoldLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  ResumeLegalCaseInput: ResumeLegalCaseInput;
  ResumeLegalCasePayload: Omit<ResumeLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  RestrictLegalCaseInput: RestrictLegalCaseInput;
  RestrictLegalCasePayload: Omit<RestrictLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  UnrestrictLegalCaseInput: UnrestrictLegalCaseInput;
  UnrestrictLegalCasePayload: Omit<UnrestrictLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  CloseLegalCaseInput: CloseLegalCaseInput;
  CloseLegalCasePayload: Omit<CloseLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  WithdrawLegalCaseInput: WithdrawLegalCaseInput;
  WithdrawLegalCasePayload: Omit<WithdrawLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  ReopenLegalCaseInput: ReopenLegalCaseInput;
  ReopenLegalCasePayload: Omit<ReopenLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
  UpdateLegalCaseInput: UpdateLegalCaseInput;
  UpdateLegalCasePayload: Omit<UpdateLegalCasePayload, 'legalCase'> & { legalCase?: Maybe<ResolversParentTypes['LegalCase']> };
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export interface BigIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['BigInt'], any> {
  name: 'BigInt';
}

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType, RequireFields<QueryLegalCaseArgs, 'id'>>;
  legalCaseByNumber?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType, RequireFields<QueryLegalCaseByNumberArgs, 'caseNumber'>>;
  legalCases?: Resolver<Maybe<ResolversTypes['LegalCaseConnection']>, ParentType, ContextType, RequireFields<QueryLegalCasesArgs, 'orderBy'>>;
  legalCaseTransitions?: Resolver<Maybe<Array<ResolversTypes['LegalCaseTransition']>>, ParentType, ContextType, RequireFields<QueryLegalCaseTransitionsArgs, 'legalCaseId'>>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  openLegalCase?: Resolver<Maybe<ResolversTypes['OpenLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationOpenLegalCaseArgs, 'input'>>;
  updateLegalCase?: Resolver<Maybe<ResolversTypes['UpdateLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationUpdateLegalCaseArgs, 'input'>>;
  changeWorkflowState?: Resolver<Maybe<ResolversTypes['ChangeWorkflowStatePayload']>, ParentType, ContextType, RequireFields<MutationChangeWorkflowStateArgs, 'input'>>;
  holdLegalCase?: Resolver<Maybe<ResolversTypes['HoldLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationHoldLegalCaseArgs, 'input'>>;
  resumeLegalCase?: Resolver<Maybe<ResolversTypes['ResumeLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationResumeLegalCaseArgs, 'input'>>;
  restrictLegalCase?: Resolver<Maybe<ResolversTypes['RestrictLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationRestrictLegalCaseArgs, 'input'>>;
  unrestrictLegalCase?: Resolver<Maybe<ResolversTypes['UnrestrictLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationUnrestrictLegalCaseArgs, 'input'>>;
  closeLegalCase?: Resolver<Maybe<ResolversTypes['CloseLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationCloseLegalCaseArgs, 'input'>>;
  withdrawLegalCase?: Resolver<Maybe<ResolversTypes['WithdrawLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationWithdrawLegalCaseArgs, 'input'>>;
  reopenLegalCase?: Resolver<Maybe<ResolversTypes['ReopenLegalCasePayload']>, ParentType, ContextType, RequireFields<MutationReopenLegalCaseArgs, 'input'>>;
  assignToCase?: Resolver<Maybe<ResolversTypes['AssignToCasePayload']>, ParentType, ContextType, RequireFields<MutationAssignToCaseArgs, 'input'>>;
  unassignFromCase?: Resolver<Maybe<ResolversTypes['UnassignFromCasePayload']>, ParentType, ContextType, RequireFields<MutationUnassignFromCaseArgs, 'input'>>;
  changeAssignmentRole?: Resolver<Maybe<ResolversTypes['ChangeAssignmentRolePayload']>, ParentType, ContextType, RequireFields<MutationChangeAssignmentRoleArgs, 'input'>>;
  transferCaseLead?: Resolver<Maybe<ResolversTypes['TransferCaseLeadPayload']>, ParentType, ContextType, RequireFields<MutationTransferCaseLeadArgs, 'input'>>;
};

export type LegalCaseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LegalCase'] = ResolversParentTypes['LegalCase'], FederationReferenceType extends FederationReferenceTypes['LegalCase'] = FederationReferenceTypes['LegalCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['LegalCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  caseNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['LegalCaseStatus'], ParentType, ContextType>;
  workflowState?: Resolver<ResolversTypes['WorkflowState'], ParentType, ContextType>;
  caseType?: Resolver<ResolversTypes['LegalCaseType'], ParentType, ContextType>;
  matterType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['Priority'], ParentType, ContextType>;
  isRestricted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ourRole?: Resolver<Maybe<ResolversTypes['OurRole']>, ParentType, ContextType>;
  trackNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  caseOrigin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  courtFileNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  openedOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  proceedingFiledOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  documentsServedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  returnableOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  returnableType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  allegations?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reliefsSought?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  opposingLawyerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  section5Notice?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  landDescription?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  closedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  closureType?: Resolver<Maybe<ResolversTypes['ClosureType']>, ParentType, ContextType>;
  closureNotes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  onHold?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  holdReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  heldUntil?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  lastChangeReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  lead?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  assignments?: Resolver<Array<ResolversTypes['CaseAssignment']>, ParentType, ContextType, RequireFields<LegalCaseAssignmentsArgs, 'includeEnded'>>;
  parties?: Resolver<Array<ResolversTypes['Party']>, ParentType, ContextType>;
  documents?: Resolver<Array<ResolversTypes['Document']>, ParentType, ContextType>;
  events?: Resolver<Array<ResolversTypes['CaseEvent']>, ParentType, ContextType>;
  nextEvent?: Resolver<Maybe<ResolversTypes['CaseEvent']>, ParentType, ContextType>;
  tasks?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  courtOrders?: Resolver<Array<ResolversTypes['CourtOrder']>, ParentType, ContextType>;
  costs?: Resolver<Array<ResolversTypes['CaseCost']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PartyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Party'] = ResolversParentTypes['Party']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partyType?: Resolver<ResolversTypes['PartyType'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['PartyRole'], ParentType, ContextType>;
  contactInfo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CaseAssignmentResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CaseAssignment'] = ResolversParentTypes['CaseAssignment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  person?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['AssignmentRole'], ParentType, ContextType>;
  assignedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  assignedBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
};

export type DocumentResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Document'] = ResolversParentTypes['Document']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  documentType?: Resolver<ResolversTypes['DocumentType'], ParentType, ContextType>;
  isConfidential?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  versions?: Resolver<Array<ResolversTypes['DocumentVersion']>, ParentType, ContextType>;
  latestVersion?: Resolver<Maybe<ResolversTypes['DocumentVersion']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentVersionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DocumentVersion'] = ResolversParentTypes['DocumentVersion']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  versionNumber?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  fileUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fileName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fileSize?: Resolver<Maybe<ResolversTypes['BigInt']>, ParentType, ContextType>;
  uploadedBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  uploadedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CaseEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CaseEvent'] = ResolversParentTypes['CaseEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  eventType?: Resolver<ResolversTypes['CaseEventType'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  attendees?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TaskResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  assignedTo?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  dueOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TaskStatus'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['Priority'], ParentType, ContextType>;
  completionNotes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CourtOrderResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CourtOrder'] = ResolversParentTypes['CourtOrder']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  courtReference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  partiesToProceeding?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  orderDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  orderType?: Resolver<ResolversTypes['CourtOrderType'], ParentType, ContextType>;
  terms?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  conclusionGrounds?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  documentUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CaseCostResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CaseCost'] = ResolversParentTypes['CaseCost']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  costType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  incurredOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  paidOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  paymentStatus?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  amountPaid?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  referenceNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  payeeName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OrgUnitResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OrgUnit'] = ResolversParentTypes['OrgUnit'], FederationReferenceType extends FederationReferenceTypes['OrgUnit'] = FederationReferenceTypes['OrgUnit']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['OrgUnit']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legalCases?: Resolver<Maybe<ResolversTypes['LegalCaseConnection']>, ParentType, ContextType, RequireFields<OrgUnitLegalCasesArgs, 'orderBy'>>;
};

export type PersonResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person'], FederationReferenceType extends FederationReferenceTypes['Person'] = FederationReferenceTypes['Person']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Person']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  assignedCases?: Resolver<Maybe<ResolversTypes['LegalCaseConnection']>, ParentType, ContextType, RequireFields<PersonAssignedCasesArgs, 'orderBy'>>;
};

export type RecommendationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Recommendation'] = ResolversParentTypes['Recommendation'], FederationReferenceType extends FederationReferenceTypes['Recommendation'] = FederationReferenceTypes['Recommendation']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Recommendation']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legalCases?: Resolver<Maybe<Array<ResolversTypes['LinkedLegalCase']>>, ParentType, ContextType>;
};

export type NotificationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification'], FederationReferenceType extends FederationReferenceTypes['Notification'] = FederationReferenceTypes['Notification']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Notification']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
};

export type RecommendationCaseLinkResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RecommendationCaseLink'] = ResolversParentTypes['RecommendationCaseLink']> = {
  legalCaseId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  relation?: Resolver<ResolversTypes['CaseLinkRelation'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LinkedLegalCaseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LinkedLegalCase'] = ResolversParentTypes['LinkedLegalCase']> = {
  legalCase?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
  relation?: Resolver<ResolversTypes['CaseLinkRelation'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LegalCaseConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LegalCaseConnection'] = ResolversParentTypes['LegalCaseConnection']> = {
  edges?: Resolver<Array<ResolversTypes['LegalCaseEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type LegalCaseEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LegalCaseEdge'] = ResolversParentTypes['LegalCaseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['LegalCase'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OpenLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OpenLegalCasePayload'] = ResolversParentTypes['OpenLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AssignToCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AssignToCasePayload'] = ResolversParentTypes['AssignToCasePayload']> = {
  caseAssignment?: Resolver<Maybe<ResolversTypes['CaseAssignment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnassignFromCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['UnassignFromCasePayload'] = ResolversParentTypes['UnassignFromCasePayload']> = {
  caseAssignment?: Resolver<Maybe<ResolversTypes['CaseAssignment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ChangeAssignmentRolePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ChangeAssignmentRolePayload'] = ResolversParentTypes['ChangeAssignmentRolePayload']> = {
  caseAssignment?: Resolver<Maybe<ResolversTypes['CaseAssignment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TransferCaseLeadPayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TransferCaseLeadPayload'] = ResolversParentTypes['TransferCaseLeadPayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type LegalCaseTransitionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LegalCaseTransition'] = ResolversParentTypes['LegalCaseTransition']> = {
  move?: Resolver<ResolversTypes['LegalCaseMove'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['WorkflowState'], ParentType, ContextType>;
  needsReason?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isAllowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  refusals?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ChangeWorkflowStatePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ChangeWorkflowStatePayload'] = ResolversParentTypes['ChangeWorkflowStatePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HoldLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['HoldLegalCasePayload'] = ResolversParentTypes['HoldLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ResumeLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ResumeLegalCasePayload'] = ResolversParentTypes['ResumeLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RestrictLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RestrictLegalCasePayload'] = ResolversParentTypes['RestrictLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnrestrictLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['UnrestrictLegalCasePayload'] = ResolversParentTypes['UnrestrictLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CloseLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CloseLegalCasePayload'] = ResolversParentTypes['CloseLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type WithdrawLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['WithdrawLegalCasePayload'] = ResolversParentTypes['WithdrawLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReopenLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReopenLegalCasePayload'] = ResolversParentTypes['ReopenLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UpdateLegalCasePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['UpdateLegalCasePayload'] = ResolversParentTypes['UpdateLegalCasePayload']> = {
  legalCase?: Resolver<Maybe<ResolversTypes['LegalCase']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  BigInt?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  LegalCase?: LegalCaseResolvers<ContextType>;
  Party?: PartyResolvers<ContextType>;
  CaseAssignment?: CaseAssignmentResolvers<ContextType>;
  Document?: DocumentResolvers<ContextType>;
  DocumentVersion?: DocumentVersionResolvers<ContextType>;
  CaseEvent?: CaseEventResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  CourtOrder?: CourtOrderResolvers<ContextType>;
  CaseCost?: CaseCostResolvers<ContextType>;
  OrgUnit?: OrgUnitResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  Recommendation?: RecommendationResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  RecommendationCaseLink?: RecommendationCaseLinkResolvers<ContextType>;
  LinkedLegalCase?: LinkedLegalCaseResolvers<ContextType>;
  LegalCaseConnection?: LegalCaseConnectionResolvers<ContextType>;
  LegalCaseEdge?: LegalCaseEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  OpenLegalCasePayload?: OpenLegalCasePayloadResolvers<ContextType>;
  AssignToCasePayload?: AssignToCasePayloadResolvers<ContextType>;
  UnassignFromCasePayload?: UnassignFromCasePayloadResolvers<ContextType>;
  ChangeAssignmentRolePayload?: ChangeAssignmentRolePayloadResolvers<ContextType>;
  TransferCaseLeadPayload?: TransferCaseLeadPayloadResolvers<ContextType>;
  LegalCaseTransition?: LegalCaseTransitionResolvers<ContextType>;
  ChangeWorkflowStatePayload?: ChangeWorkflowStatePayloadResolvers<ContextType>;
  HoldLegalCasePayload?: HoldLegalCasePayloadResolvers<ContextType>;
  ResumeLegalCasePayload?: ResumeLegalCasePayloadResolvers<ContextType>;
  RestrictLegalCasePayload?: RestrictLegalCasePayloadResolvers<ContextType>;
  UnrestrictLegalCasePayload?: UnrestrictLegalCasePayloadResolvers<ContextType>;
  CloseLegalCasePayload?: CloseLegalCasePayloadResolvers<ContextType>;
  WithdrawLegalCasePayload?: WithdrawLegalCasePayloadResolvers<ContextType>;
  ReopenLegalCasePayload?: ReopenLegalCasePayloadResolvers<ContextType>;
  UpdateLegalCasePayload?: UpdateLegalCasePayloadResolvers<ContextType>;
};

