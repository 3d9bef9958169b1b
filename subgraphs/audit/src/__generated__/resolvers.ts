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
  /** A whole number that may exceed 32 bits, as a string. */
  BigInt: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type Query = {
  __typename?: 'Query';
  /** One engagement by its id; null when there is none that the caller may see. */
  engagement?: Maybe<Engagement>;
  /** Engagements, page by page. */
  engagements?: Maybe<EngagementConnection>;
  /** One finding by its id; null when there is none that the caller may see. */
  finding?: Maybe<Finding>;
  /** Findings, page by page. */
  findings?: Maybe<FindingConnection>;
  /** Recommendations, page by page. */
  recommendations?: Maybe<RecommendationConnection>;
  /** Action plans, page by page. */
  actionPlans?: Maybe<ActionPlanConnection>;
};


export type QueryEngagementArgs = {
  id: Scalars['ID']['input'];
};


export type QueryEngagementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EngagementFilter>;
  orderBy?: EngagementOrder;
};


export type QueryFindingArgs = {
  id: Scalars['ID']['input'];
};


export type QueryFindingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  orderBy?: FindingOrder;
};


export type QueryRecommendationsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<RecommendationFilter>;
  orderBy?: RecommendationOrder;
};


export type QueryActionPlansArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ActionPlanFilter>;
  orderBy?: ActionPlanOrder;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Creates an engagement. The database gives it its code. */
  createEngagement?: Maybe<CreateEngagementPayload>;
};


export type MutationCreateEngagementArgs = {
  input: CreateEngagementInput;
};

/** An audit of one unit or subject, from planning to follow-up. */
export type Engagement = {
  __typename?: 'Engagement';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The code people know it by, unique, for example EN-2026-000041. */
  code: Scalars['String']['output'];
  /** What it is called. */
  title: Scalars['String']['output'];
  /** What it covers. */
  scope?: Maybe<Scalars['String']['output']>;
  /** What it is to find out. */
  objectives?: Maybe<Scalars['String']['output']>;
  /** Who leads it. */
  lead?: Maybe<Person>;
  /** The unit that is audited. */
  orgUnit?: Maybe<OrgUnit>;
  /** The first day. */
  startDate?: Maybe<Scalars['Date']['output']>;
  /** The last day. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** Where it stands. */
  status: EngagementStatus;
  /** The stage of its report. */
  lifecycleStage: LifecycleStage;
  /** Who works on it. */
  members: Array<EngagementMember>;
  /** The working papers, the oldest first. */
  workpapers: Array<Workpaper>;
  /** What was found. */
  findings: FindingConnection;
  /** Who created it. */
  createdBy?: Maybe<Person>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};


/** An audit of one unit or subject, from planning to follow-up. */
export type EngagementFindingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  orderBy?: FindingOrder;
};

/** Somebody's part in an engagement. */
export type EngagementMember = {
  __typename?: 'EngagementMember';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** Who it is. */
  person?: Maybe<Person>;
  /** In what capacity. */
  role: Scalars['String']['output'];
};

/** A record of audit work done. */
export type Workpaper = {
  __typename?: 'Workpaper';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What it is called. */
  title: Scalars['String']['output'];
  /** What was done. */
  procedure?: Maybe<Scalars['String']['output']>;
  /** Which sample it was done on. */
  sampleRef?: Maybe<Scalars['String']['output']>;
  /** What it rests on, the oldest first. */
  evidence: Array<Evidence>;
  /** Who wrote it. */
  createdBy?: Maybe<Person>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** A file that a working paper rests on. */
export type Evidence = {
  __typename?: 'Evidence';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** Where the file is. */
  filePath: Scalars['String']['output'];
  /** The file's name. */
  fileName: Scalars['String']['output'];
  /** The file's media type. */
  fileType?: Maybe<Scalars['String']['output']>;
  /** The file's size in bytes. */
  fileSize?: Maybe<Scalars['BigInt']['output']>;
  /** What it shows. */
  description?: Maybe<Scalars['String']['output']>;
  /** Who uploaded it. */
  uploadedBy?: Maybe<Person>;
  /** When it was uploaded. */
  uploadedAt: Scalars['DateTime']['output'];
};

/** Something that is not as it should be. */
export type Finding = {
  __typename?: 'Finding';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The number the report gives it, unique within its engagement. */
  reference?: Maybe<Scalars['String']['output']>;
  /** What it is called. */
  title: Scalars['String']['output'];
  /** What was found. */
  condition?: Maybe<Scalars['String']['output']>;
  /** What it was measured against. */
  criteria?: Maybe<Scalars['String']['output']>;
  /** Why it came about. */
  cause?: Maybe<Scalars['String']['output']>;
  /** What follows from it. */
  effect?: Maybe<Scalars['String']['output']>;
  /** How serious it is. */
  riskRating: RiskRating;
  /** How likely the effect is. */
  likelihood?: Maybe<Scalars['String']['output']>;
  /** What it affects. */
  impactArea?: Maybe<Scalars['String']['output']>;
  /** Where it stands. */
  status: FindingStatus;
  /** Whether it is a material weakness of internal control. */
  isMaterialWeakness: Scalars['Boolean']['output'];
  /** Whether it is a significant deficiency of internal control. */
  isSignificantDeficiency: Scalars['Boolean']['output'];
  /** Whether an earlier audit found it already. */
  isRepeat: Scalars['Boolean']['output'];
  /** The engagement it was found in; null when the caller may not see that. */
  engagement?: Maybe<Engagement>;
  /** What is recommended, the oldest first. */
  recommendations: Array<Recommendation>;
  /** Who raised it. */
  createdBy?: Maybe<Person>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** What should be done about a finding. */
export type Recommendation = {
  __typename?: 'Recommendation';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What should be done. */
  recommendationText: Scalars['String']['output'];
  /** How urgent it is. */
  priority: RecommendationPriority;
  /** The unit that answers for it. */
  ownerUnit?: Maybe<OrgUnit>;
  /** The person who answers for it. */
  ownerPerson?: Maybe<Person>;
  /** By when. */
  targetDate?: Maybe<Scalars['Date']['output']>;
  /** Where it stands. */
  status: RecommendationStatus;
  /** The finding. */
  finding: Finding;
  /** What is being done, the oldest first. */
  actionPlans: Array<ActionPlan>;
  /** The cases it names, for the case-management subgraph, which shows those that the caller may see. */
  caseLinks: Array<RecommendationCaseLink>;
  /** Who wrote it. */
  createdBy?: Maybe<Person>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** How a recommendation names a case; only the subgraphs see it, because the id of a restricted case is not for everybody. */
export type RecommendationCaseLink = {
  __typename?: 'RecommendationCaseLink';
  legalCaseId: Scalars['ID']['output'];
  relation: CaseLinkRelation;
  note?: Maybe<Scalars['String']['output']>;
};

/** What somebody does about a recommendation. */
export type ActionPlan = {
  __typename?: 'ActionPlan';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** What is done. */
  actionText: Scalars['String']['output'];
  /** Who does it. */
  ownerPerson?: Maybe<Person>;
  /** The first day. */
  startDate?: Maybe<Scalars['Date']['output']>;
  /** By when. */
  targetDate?: Maybe<Scalars['Date']['output']>;
  /** How much of it is done, 0 to 100. */
  progressPercent: Scalars['Int']['output'];
  /** Where it stands. */
  status: ActionPlanStatus;
  /** Notes. */
  notes?: Maybe<Scalars['String']['output']>;
  /** The recommendation. */
  recommendation: Recommendation;
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
  /** The audits of this very unit; for those of the units below as well, use engagements with filter.orgUnitId. */
  engagements?: Maybe<EngagementConnection>;
  /** What was found in the audits of this very unit; for the units below as well, use findings with filter.orgUnitId. */
  findings?: Maybe<FindingConnection>;
};


/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnitEngagementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EngagementFilter>;
  orderBy?: EngagementOrder;
};


/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnitFindingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  orderBy?: FindingOrder;
};

/** Somebody who works with one of the systems, or is named in it. */
export type Person = {
  __typename?: 'Person';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The engagements the person leads. */
  ledEngagements?: Maybe<EngagementConnection>;
  /** The action plans the person answers for. */
  actionPlans?: Maybe<ActionPlanConnection>;
};


/** Somebody who works with one of the systems, or is named in it. */
export type PersonLedEngagementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EngagementFilter>;
  orderBy?: EngagementOrder;
};


/** Somebody who works with one of the systems, or is named in it. */
export type PersonActionPlansArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ActionPlanFilter>;
  orderBy?: ActionPlanOrder;
};

/** A legal matter that the office conducts. */
export type LegalCase = {
  __typename?: 'LegalCase';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The audit recommendations that bear on it, the oldest first. */
  recommendations?: Maybe<Array<Recommendation>>;
};

/** In which way a recommendation bears on a case. */
export type CaseLinkRelation =
  /** The case adopts it as its basis. */
  | 'adopted_as_basis'
  /** The case refers to it in support. */
  | 'supporting_reference'
  /** For information only. */
  | 'information_only';

/** Where an engagement stands. */
export type EngagementStatus =
  /** Planning. */
  | 'planning'
  /** Fieldwork. */
  | 'fieldwork'
  /** Reporting. */
  | 'reporting'
  /** Follow up. */
  | 'follow_up'
  /** Closed. */
  | 'closed';

/** The stage of an engagement's report. */
export type LifecycleStage =
  /** Planning. */
  | 'planning'
  /** Fieldwork. */
  | 'fieldwork'
  /** Review. */
  | 'review'
  /** Draft report. */
  | 'draft_report'
  /** Management response. */
  | 'management_response'
  /** Final report. */
  | 'final_report'
  /** Closed. */
  | 'closed';

/** How serious a finding is. */
export type RiskRating =
  /** Critical. */
  | 'critical'
  /** High. */
  | 'high'
  /** Medium. */
  | 'medium'
  /** Low. */
  | 'low';

/** Where a finding stands. */
export type FindingStatus =
  /** Draft. */
  | 'draft'
  /** Under review. */
  | 'under_review'
  /** Approved. */
  | 'approved'
  /** Closed. */
  | 'closed';

/** How urgent a recommendation is. */
export type RecommendationPriority =
  /** Critical. */
  | 'critical'
  /** High. */
  | 'high'
  /** Medium. */
  | 'medium'
  /** Low. */
  | 'low';

/** Where a recommendation stands. */
export type RecommendationStatus =
  /** Draft. */
  | 'draft'
  /** Manager review. */
  | 'manager_review'
  /** Approved. */
  | 'approved'
  /** Published. */
  | 'published'
  /** Accepted. */
  | 'accepted'
  /** Implementing. */
  | 'implementing'
  /** Verified. */
  | 'verified'
  /** Overdue. */
  | 'overdue'
  /** Closed. */
  | 'closed';

/** Where an action plan stands. */
export type ActionPlanStatus =
  /** Not started. */
  | 'not_started'
  /** In progress. */
  | 'in_progress'
  /** Completed. */
  | 'completed'
  /** Overdue. */
  | 'overdue'
  /** Verified. */
  | 'verified';

/** Which engagements to return. All given conditions hold. */
export type EngagementFilter = {
  /** Only engagements with one of these statuses. */
  status?: InputMaybe<Array<EngagementStatus>>;
  /** Only engagements at one of these stages. */
  lifecycleStage?: InputMaybe<Array<LifecycleStage>>;
  /** Only engagements of this unit or a unit below it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** Only engagements that this person leads. */
  leadPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** Part of the code or the title, without regard to case; 2 to 200 characters. An empty text filters nothing. */
  text?: InputMaybe<Scalars['String']['input']>;
};

/** Which findings to return. All given conditions hold. */
export type FindingFilter = {
  /** Only findings with one of these ratings. */
  riskRating?: InputMaybe<Array<RiskRating>>;
  /** Only findings with one of these statuses. */
  status?: InputMaybe<Array<FindingStatus>>;
  /** Only findings of this engagement. */
  engagementId?: InputMaybe<Scalars['ID']['input']>;
  /** Only findings of engagements of this unit or a unit below it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** Only material weaknesses, or only the others. */
  isMaterialWeakness?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only findings that repeat an earlier one, or only the others. */
  isRepeat?: InputMaybe<Scalars['Boolean']['input']>;
  /** Part of the reference or the title, without regard to case; 2 to 200 characters. An empty text filters nothing. */
  text?: InputMaybe<Scalars['String']['input']>;
};

/** Which recommendations to return. All given conditions hold. */
export type RecommendationFilter = {
  /** Only recommendations with one of these statuses. */
  status?: InputMaybe<Array<RecommendationStatus>>;
  /** Only recommendations with one of these priorities. */
  priority?: InputMaybe<Array<RecommendationPriority>>;
  /** Only recommendations of this finding. */
  findingId?: InputMaybe<Scalars['ID']['input']>;
  /** Only recommendations that this person answers for. */
  ownerPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** Only recommendations that this unit or a unit below it answers for. */
  ownerUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those due on this day or earlier. */
  dueBy?: InputMaybe<Scalars['Date']['input']>;
};

/** Which action plans to return. All given conditions hold. */
export type ActionPlanFilter = {
  /** Only action plans with one of these statuses. */
  status?: InputMaybe<Array<ActionPlanStatus>>;
  /** Only action plans of this recommendation. */
  recommendationId?: InputMaybe<Scalars['ID']['input']>;
  /** Only action plans that this person answers for. */
  ownerPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those due on this day or earlier. */
  dueBy?: InputMaybe<Scalars['Date']['input']>;
};

/** How engagements are ordered; the id decides ties. */
export type EngagementOrder =
  /** The newest first. */
  | 'CREATED_AT_DESC'
  /** The oldest first. */
  | 'CREATED_AT_ASC'
  /** By code, upwards. */
  | 'CODE_ASC'
  /** By code, downwards. */
  | 'CODE_DESC'
  /** By title, A first. */
  | 'TITLE_ASC'
  /** By title, Z first. */
  | 'TITLE_DESC';

/** How findings are ordered; the id decides ties. */
export type FindingOrder =
  /** The newest first. */
  | 'CREATED_AT_DESC'
  /** The oldest first. */
  | 'CREATED_AT_ASC'
  /** The most serious first. */
  | 'RISK_RATING_DESC'
  /** The least serious first. */
  | 'RISK_RATING_ASC';

/** How recommendations are ordered; the id decides ties. */
export type RecommendationOrder =
  /** The newest first. */
  | 'CREATED_AT_DESC'
  /** The oldest first. */
  | 'CREATED_AT_ASC'
  /** The first due first; those without a date last. */
  | 'TARGET_DATE_ASC'
  /** Those without a date first, then the last due. */
  | 'TARGET_DATE_DESC';

/** How action plans are ordered; the id decides ties. */
export type ActionPlanOrder =
  /** The newest first. */
  | 'CREATED_AT_DESC'
  /** The oldest first. */
  | 'CREATED_AT_ASC'
  /** The first due first; those without a date last. */
  | 'TARGET_DATE_ASC'
  /** Those without a date first, then the last due. */
  | 'TARGET_DATE_DESC';

/** A page of engagements. */
export type EngagementConnection = {
  __typename?: 'EngagementConnection';
  /** The engagements with their cursors. */
  edges: Array<EngagementEdge>;
  /** The engagements. */
  nodes: Array<Engagement>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An engagement in a page. */
export type EngagementEdge = {
  __typename?: 'EngagementEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The engagement. */
  node: Engagement;
};

/** A page of findings. */
export type FindingConnection = {
  __typename?: 'FindingConnection';
  /** The findings with their cursors. */
  edges: Array<FindingEdge>;
  /** The findings. */
  nodes: Array<Finding>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A finding in a page. */
export type FindingEdge = {
  __typename?: 'FindingEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The finding. */
  node: Finding;
};

/** A page of recommendations. */
export type RecommendationConnection = {
  __typename?: 'RecommendationConnection';
  /** The recommendations with their cursors. */
  edges: Array<RecommendationEdge>;
  /** The recommendations. */
  nodes: Array<Recommendation>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A recommendation in a page. */
export type RecommendationEdge = {
  __typename?: 'RecommendationEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The recommendation. */
  node: Recommendation;
};

/** A page of action plans. */
export type ActionPlanConnection = {
  __typename?: 'ActionPlanConnection';
  /** The action plans with their cursors. */
  edges: Array<ActionPlanEdge>;
  /** The action plans. */
  nodes: Array<ActionPlan>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An action plan in a page. */
export type ActionPlanEdge = {
  __typename?: 'ActionPlanEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The action plan. */
  node: ActionPlan;
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

/** What a new engagement is. */
export type CreateEngagementInput = {
  /** What it is called. */
  title: Scalars['String']['input'];
  /** What it covers. */
  scope?: InputMaybe<Scalars['String']['input']>;
  /** What it is to find out. */
  objectives?: InputMaybe<Scalars['String']['input']>;
  /** Who leads it. */
  leadPersonId?: InputMaybe<Scalars['ID']['input']>;
  /** The unit that is audited. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** The first day. */
  startDate?: InputMaybe<Scalars['Date']['input']>;
  /** The last day. */
  endDate?: InputMaybe<Scalars['Date']['input']>;
  /** Who else works on it, at most 100. */
  memberPersonIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input creates nothing new. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What createEngagement answers. */
export type CreateEngagementPayload = {
  __typename?: 'CreateEngagementPayload';
  /** The new engagement; null when there are userErrors. */
  engagement?: Maybe<Engagement>;
  /** What was wrong with the input; empty when the engagement was created. */
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
  Engagement: Engagement;
  Finding: Finding;
  Recommendation: Recommendation;
  OrgUnit: OrgUnit;
  Person: Person;
  LegalCase: LegalCase;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Engagement:
    ( { __typename: 'Engagement' }
    & GraphQLRecursivePick<FederationTypes['Engagement'], {"id":true}> );
  Finding:
    ( { __typename: 'Finding' }
    & GraphQLRecursivePick<FederationTypes['Finding'], {"id":true}> );
  Recommendation:
    ( { __typename: 'Recommendation' }
    & GraphQLRecursivePick<FederationTypes['Recommendation'], {"id":true}> );
  OrgUnit:
    ( { __typename: 'OrgUnit' }
    & GraphQLRecursivePick<FederationTypes['OrgUnit'], {"id":true}> );
  Person:
    ( { __typename: 'Person' }
    & GraphQLRecursivePick<FederationTypes['Person'], {"id":true}> );
  LegalCase:
    ( { __typename: 'LegalCase' }
    & GraphQLRecursivePick<FederationTypes['LegalCase'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  BigInt: ResolverTypeWrapper<Scalars['BigInt']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Engagement: ResolverTypeWrapper<{ id: string }>;
  EngagementMember: ResolverTypeWrapper<{ id: string }>;
  Workpaper: ResolverTypeWrapper<{ id: string }>;
  Evidence: ResolverTypeWrapper<{ id: string }>;
  Finding: ResolverTypeWrapper<{ id: string }>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Recommendation: ResolverTypeWrapper<{ id: string }>;
  RecommendationCaseLink: ResolverTypeWrapper<{ id: string }>;
  ActionPlan: ResolverTypeWrapper<{ id: string }>;
  OrgUnit: ResolverTypeWrapper<{ id: string }>;
  Person: ResolverTypeWrapper<{ id: string }>;
  LegalCase: ResolverTypeWrapper<{ id: string }>;
  CaseLinkRelation: CaseLinkRelation;
  EngagementStatus: EngagementStatus;
  LifecycleStage: LifecycleStage;
  RiskRating: RiskRating;
  FindingStatus: FindingStatus;
  RecommendationPriority: RecommendationPriority;
  RecommendationStatus: RecommendationStatus;
  ActionPlanStatus: ActionPlanStatus;
  EngagementFilter: EngagementFilter;
  FindingFilter: FindingFilter;
  RecommendationFilter: RecommendationFilter;
  ActionPlanFilter: ActionPlanFilter;
  EngagementOrder: EngagementOrder;
  FindingOrder: FindingOrder;
  RecommendationOrder: RecommendationOrder;
  ActionPlanOrder: ActionPlanOrder;
  EngagementConnection: ResolverTypeWrapper<Connection>;
  EngagementEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  FindingConnection: ResolverTypeWrapper<Connection>;
  FindingEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  RecommendationConnection: ResolverTypeWrapper<Connection>;
  RecommendationEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  ActionPlanConnection: ResolverTypeWrapper<Connection>;
  ActionPlanEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  PageInfo: ResolverTypeWrapper<Connection['pageInfo']>;
  UserError: ResolverTypeWrapper<UserError>;
  CreateEngagementInput: CreateEngagementInput;
  CreateEngagementPayload: ResolverTypeWrapper<Omit<CreateEngagementPayload, 'engagement'> & { engagement?: Maybe<ResolversTypes['Engagement']> }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  BigInt: Scalars['BigInt']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Engagement: { id: string };
  EngagementMember: { id: string };
  Workpaper: { id: string };
  Evidence: { id: string };
  Finding: { id: string };
  Boolean: Scalars['Boolean']['output'];
  Recommendation: { id: string };
  RecommendationCaseLink: { id: string };
  ActionPlan: { id: string };
  OrgUnit: { id: string };
  Person: { id: string };
  LegalCase: { id: string };
  EngagementFilter: EngagementFilter;
  FindingFilter: FindingFilter;
  RecommendationFilter: RecommendationFilter;
  ActionPlanFilter: ActionPlanFilter;
  EngagementConnection: Connection;
  EngagementEdge: Connection['edges'][number];
  FindingConnection: Connection;
  FindingEdge: Connection['edges'][number];
  RecommendationConnection: Connection;
  RecommendationEdge: Connection['edges'][number];
  ActionPlanConnection: Connection;
  ActionPlanEdge: Connection['edges'][number];
  PageInfo: Connection['pageInfo'];
  UserError: UserError;
  CreateEngagementInput: CreateEngagementInput;
  CreateEngagementPayload: Omit<CreateEngagementPayload, 'engagement'> & { engagement?: Maybe<ResolversParentTypes['Engagement']> };
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface BigIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['BigInt'], any> {
  name: 'BigInt';
}

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  engagement?: Resolver<Maybe<ResolversTypes['Engagement']>, ParentType, ContextType, RequireFields<QueryEngagementArgs, 'id'>>;
  engagements?: Resolver<Maybe<ResolversTypes['EngagementConnection']>, ParentType, ContextType, RequireFields<QueryEngagementsArgs, 'orderBy'>>;
  finding?: Resolver<Maybe<ResolversTypes['Finding']>, ParentType, ContextType, RequireFields<QueryFindingArgs, 'id'>>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, RequireFields<QueryFindingsArgs, 'orderBy'>>;
  recommendations?: Resolver<Maybe<ResolversTypes['RecommendationConnection']>, ParentType, ContextType, RequireFields<QueryRecommendationsArgs, 'orderBy'>>;
  actionPlans?: Resolver<Maybe<ResolversTypes['ActionPlanConnection']>, ParentType, ContextType, RequireFields<QueryActionPlansArgs, 'orderBy'>>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createEngagement?: Resolver<Maybe<ResolversTypes['CreateEngagementPayload']>, ParentType, ContextType, RequireFields<MutationCreateEngagementArgs, 'input'>>;
};

export type EngagementResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Engagement'] = ResolversParentTypes['Engagement'], FederationReferenceType extends FederationReferenceTypes['Engagement'] = FederationReferenceTypes['Engagement']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Engagement']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scope?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  objectives?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lead?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  startDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  endDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['EngagementStatus'], ParentType, ContextType>;
  lifecycleStage?: Resolver<ResolversTypes['LifecycleStage'], ParentType, ContextType>;
  members?: Resolver<Array<ResolversTypes['EngagementMember']>, ParentType, ContextType>;
  workpapers?: Resolver<Array<ResolversTypes['Workpaper']>, ParentType, ContextType>;
  findings?: Resolver<ResolversTypes['FindingConnection'], ParentType, ContextType, RequireFields<EngagementFindingsArgs, 'orderBy'>>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EngagementMemberResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['EngagementMember'] = ResolversParentTypes['EngagementMember']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  person?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type WorkpaperResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Workpaper'] = ResolversParentTypes['Workpaper']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  procedure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sampleRef?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  evidence?: Resolver<Array<ResolversTypes['Evidence']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EvidenceResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Evidence'] = ResolversParentTypes['Evidence']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  filePath?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fileSize?: Resolver<Maybe<ResolversTypes['BigInt']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uploadedBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  uploadedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type FindingResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Finding'] = ResolversParentTypes['Finding'], FederationReferenceType extends FederationReferenceTypes['Finding'] = FederationReferenceTypes['Finding']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Finding']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  condition?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  criteria?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  effect?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  riskRating?: Resolver<ResolversTypes['RiskRating'], ParentType, ContextType>;
  likelihood?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  impactArea?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['FindingStatus'], ParentType, ContextType>;
  isMaterialWeakness?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isSignificantDeficiency?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isRepeat?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  engagement?: Resolver<Maybe<ResolversTypes['Engagement']>, ParentType, ContextType>;
  recommendations?: Resolver<Array<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RecommendationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Recommendation'] = ResolversParentTypes['Recommendation'], FederationReferenceType extends FederationReferenceTypes['Recommendation'] = FederationReferenceTypes['Recommendation']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Recommendation']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  recommendationText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['RecommendationPriority'], ParentType, ContextType>;
  ownerUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  ownerPerson?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  targetDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RecommendationStatus'], ParentType, ContextType>;
  finding?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
  actionPlans?: Resolver<Array<ResolversTypes['ActionPlan']>, ParentType, ContextType>;
  caseLinks?: Resolver<Array<ResolversTypes['RecommendationCaseLink']>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RecommendationCaseLinkResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RecommendationCaseLink'] = ResolversParentTypes['RecommendationCaseLink']> = {
  legalCaseId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  relation?: Resolver<ResolversTypes['CaseLinkRelation'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ActionPlanResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ActionPlan'] = ResolversParentTypes['ActionPlan']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  actionText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ownerPerson?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  startDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  targetDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  progressPercent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ActionPlanStatus'], ParentType, ContextType>;
  notes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recommendation?: Resolver<ResolversTypes['Recommendation'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OrgUnitResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OrgUnit'] = ResolversParentTypes['OrgUnit'], FederationReferenceType extends FederationReferenceTypes['OrgUnit'] = FederationReferenceTypes['OrgUnit']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['OrgUnit']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  engagements?: Resolver<Maybe<ResolversTypes['EngagementConnection']>, ParentType, ContextType, RequireFields<OrgUnitEngagementsArgs, 'orderBy'>>;
  findings?: Resolver<Maybe<ResolversTypes['FindingConnection']>, ParentType, ContextType, RequireFields<OrgUnitFindingsArgs, 'orderBy'>>;
};

export type PersonResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person'], FederationReferenceType extends FederationReferenceTypes['Person'] = FederationReferenceTypes['Person']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Person']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ledEngagements?: Resolver<Maybe<ResolversTypes['EngagementConnection']>, ParentType, ContextType, RequireFields<PersonLedEngagementsArgs, 'orderBy'>>;
  actionPlans?: Resolver<Maybe<ResolversTypes['ActionPlanConnection']>, ParentType, ContextType, RequireFields<PersonActionPlansArgs, 'orderBy'>>;
};

export type LegalCaseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['LegalCase'] = ResolversParentTypes['LegalCase'], FederationReferenceType extends FederationReferenceTypes['LegalCase'] = FederationReferenceTypes['LegalCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['LegalCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  recommendations?: Resolver<Maybe<Array<ResolversTypes['Recommendation']>>, ParentType, ContextType>;
};

export type EngagementConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['EngagementConnection'] = ResolversParentTypes['EngagementConnection']> = {
  edges?: Resolver<Array<ResolversTypes['EngagementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Engagement']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EngagementEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['EngagementEdge'] = ResolversParentTypes['EngagementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Engagement'], ParentType, ContextType>;
};

export type FindingConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['FindingConnection'] = ResolversParentTypes['FindingConnection']> = {
  edges?: Resolver<Array<ResolversTypes['FindingEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Finding']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FindingEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['FindingEdge'] = ResolversParentTypes['FindingEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
};

export type RecommendationConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RecommendationConnection'] = ResolversParentTypes['RecommendationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RecommendationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Recommendation']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RecommendationEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RecommendationEdge'] = ResolversParentTypes['RecommendationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Recommendation'], ParentType, ContextType>;
};

export type ActionPlanConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ActionPlanConnection'] = ResolversParentTypes['ActionPlanConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ActionPlanEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ActionPlan']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ActionPlanEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ActionPlanEdge'] = ResolversParentTypes['ActionPlanEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ActionPlan'], ParentType, ContextType>;
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

export type CreateEngagementPayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CreateEngagementPayload'] = ResolversParentTypes['CreateEngagementPayload']> = {
  engagement?: Resolver<Maybe<ResolversTypes['Engagement']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  BigInt?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Engagement?: EngagementResolvers<ContextType>;
  EngagementMember?: EngagementMemberResolvers<ContextType>;
  Workpaper?: WorkpaperResolvers<ContextType>;
  Evidence?: EvidenceResolvers<ContextType>;
  Finding?: FindingResolvers<ContextType>;
  Recommendation?: RecommendationResolvers<ContextType>;
  RecommendationCaseLink?: RecommendationCaseLinkResolvers<ContextType>;
  ActionPlan?: ActionPlanResolvers<ContextType>;
  OrgUnit?: OrgUnitResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  LegalCase?: LegalCaseResolvers<ContextType>;
  EngagementConnection?: EngagementConnectionResolvers<ContextType>;
  EngagementEdge?: EngagementEdgeResolvers<ContextType>;
  FindingConnection?: FindingConnectionResolvers<ContextType>;
  FindingEdge?: FindingEdgeResolvers<ContextType>;
  RecommendationConnection?: RecommendationConnectionResolvers<ContextType>;
  RecommendationEdge?: RecommendationEdgeResolvers<ContextType>;
  ActionPlanConnection?: ActionPlanConnectionResolvers<ContextType>;
  ActionPlanEdge?: ActionPlanEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  CreateEngagementPayload?: CreateEngagementPayloadResolvers<ContextType>;
};

