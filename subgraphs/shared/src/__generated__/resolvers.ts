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
  _FieldSet: { input: unknown; output: unknown; }
};

export type Query = {
  __typename?: 'Query';
  /** The person the token names; null when that person is unknown or inactive. */
  me?: Maybe<Person>;
  /** One org unit by its id; null when there is none. */
  orgUnit?: Maybe<OrgUnit>;
  /** One org unit by its code, for example CGAC-012; null when there is none. */
  orgUnitByCode?: Maybe<OrgUnit>;
  /** Org units, page by page. */
  orgUnits?: Maybe<OrgUnitConnection>;
  /** One person by id; null when there is none. */
  person?: Maybe<Person>;
  /** People, page by page. */
  people?: Maybe<PersonConnection>;
  /** The notifications of the person the token names, page by page. Nobody sees another person's. */
  notifications?: Maybe<NotificationConnection>;
};


export type QueryOrgUnitArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOrgUnitByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryOrgUnitsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<OrgUnitFilter>;
  orderBy?: OrgUnitOrder;
};


export type QueryPersonArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPeopleArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<PersonFilter>;
  orderBy?: PersonOrder;
};


export type QueryNotificationsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<NotificationFilter>;
  orderBy?: NotificationOrder;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Creates an org unit. Only people with a role that administers the shared tables may. */
  createOrgUnit?: Maybe<CreateOrgUnitPayload>;
  /** Moves an org unit, with all that is below it, under another one. */
  moveOrgUnit?: Maybe<MoveOrgUnitPayload>;
};


export type MutationCreateOrgUnitArgs = {
  input: CreateOrgUnitInput;
};


export type MutationMoveOrgUnitArgs = {
  input: MoveOrgUnitInput;
};

/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnit = {
  __typename?: 'OrgUnit';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The short name that is unique among all units. */
  code: Scalars['String']['output'];
  /** The full name. */
  name: Scalars['String']['output'];
  /** What kind of unit it is, for example division. */
  unitType: Scalars['String']['output'];
  /** What the unit does. */
  description?: Maybe<Scalars['String']['output']>;
  /** Whether the unit still exists. */
  isActive: Scalars['Boolean']['output'];
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
  /** The unit directly above; null at the top. */
  parent?: Maybe<OrgUnit>;
  /** The units directly below, by name. */
  children: Array<OrgUnit>;
  /** All units above, from the top down to the parent. */
  ancestors: Array<OrgUnit>;
  /** All units below, level by level, by name within a level. */
  descendants: Array<OrgUnit>;
};


/** A part of the organisation: a department, a division, an agency, a committee. Units form a tree of any depth. */
export type OrgUnitDescendantsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
};

/** Somebody who works with one of the systems, or is named in it. */
export type Person = {
  __typename?: 'Person';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** The name as it is written. */
  fullName: Scalars['String']['output'];
  /** The e-mail address, unique without regard to case. */
  email?: Maybe<Scalars['String']['output']>;
  /** The telephone number. */
  phone?: Maybe<Scalars['String']['output']>;
  /** The title of the position. */
  title?: Maybe<Scalars['String']['output']>;
  /** What the person may do: names from the catalogue of roles. One person can have several. */
  roles: Array<Scalars['String']['output']>;
  /** Whether the person may sign in. An inactive person sees and changes nothing. */
  isActive: Scalars['Boolean']['output'];
  /** The unit the person belongs to. */
  orgUnit?: Maybe<OrgUnit>;
  /** When the row was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the row was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts the changes; send it back as expectedVersion. */
  version: Scalars['Int']['output'];
};

/** A message from one of the systems to one person. */
export type Notification = {
  __typename?: 'Notification';
  /** UUID. */
  id: Scalars['ID']['output'];
  /** Which system sent it. */
  system: NotificationSystem;
  /** What it is about. */
  kind: NotificationKind;
  /** How urgent it is. */
  priority: NotificationPriority;
  /** The subject line. */
  title: Scalars['String']['output'];
  /** The text. */
  message?: Maybe<Scalars['String']['output']>;
  /** Where to go from here. */
  link?: Maybe<Scalars['String']['output']>;
  /** The id of the case it is about, for the case-management subgraph, which knows whether the caller may see it. */
  caseId?: Maybe<Scalars['ID']['output']>;
  /** The person it is for. */
  recipient: Person;
  /** When the person read it; null while unread. */
  readAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was sent. */
  createdAt: Scalars['DateTime']['output'];
};

/** The system a notification comes from. */
export type NotificationSystem =
  /** The case-management system. */
  | 'case_management'
  /** The audit system. */
  | 'audit_system';

/** What a notification is about. */
export type NotificationKind =
  /** A date that must be kept. */
  | 'deadline'
  /** A task. */
  | 'task'
  /** A hearing, meeting or the like. */
  | 'event'
  /** A case that changed. */
  | 'case_update'
  /** Costs that need attention. */
  | 'cost_alert'
  /** An audit finding. */
  | 'finding'
  /** An audit recommendation. */
  | 'recommendation'
  /** An action plan. */
  | 'action_plan'
  /** Anything else. */
  | 'other';

/** How urgent a notification is. */
export type NotificationPriority =
  /** Can wait. */
  | 'low'
  /** The usual. */
  | 'medium'
  /** Soon. */
  | 'high'
  /** Now. */
  | 'urgent';

/** Which org units to return. All given conditions hold. */
export type OrgUnitFilter = {
  /** Part of the code or the name, without regard to case; 2 to 200 characters. An empty text filters nothing. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Only units of this type. */
  unitType?: InputMaybe<Scalars['String']['input']>;
  /** Only units directly below this one. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** true: only units at the top; false: only units below another. */
  isRoot?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only units that still exist, or only those that do not. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How org units are ordered; the id decides ties. */
export type OrgUnitOrder =
  /** By name, A first. */
  | 'NAME_ASC'
  /** By name, Z first. */
  | 'NAME_DESC'
  /** By code, A first. */
  | 'CODE_ASC'
  /** By code, Z first. */
  | 'CODE_DESC';

/** Which people to return. All given conditions hold. */
export type PersonFilter = {
  /** Part of the name or the e-mail address, without regard to case; 2 to 200 characters. An empty text filters nothing. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Only people with this role. */
  role?: InputMaybe<Scalars['String']['input']>;
  /** Only people of this unit or a unit below it. */
  orgUnitId?: InputMaybe<Scalars['ID']['input']>;
  /** Only people who may sign in, or only those who may not. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How people are ordered; the id decides ties. */
export type PersonOrder =
  /** By name, A first. */
  | 'FULL_NAME_ASC'
  /** By name, Z first. */
  | 'FULL_NAME_DESC';

/** Which notifications to return. All given conditions hold. */
export type NotificationFilter = {
  /** Only those from this system. */
  system?: InputMaybe<NotificationSystem>;
  /** true: only read ones; false: only unread ones. */
  isRead?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How notifications are ordered; the id decides ties. */
export type NotificationOrder =
  /** The newest first. */
  | 'CREATED_AT_DESC'
  /** The oldest first. */
  | 'CREATED_AT_ASC';

/** A page of org units. */
export type OrgUnitConnection = {
  __typename?: 'OrgUnitConnection';
  /** The units with their cursors. */
  edges: Array<OrgUnitEdge>;
  /** The units. */
  nodes: Array<OrgUnit>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An org unit in a page. */
export type OrgUnitEdge = {
  __typename?: 'OrgUnitEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The unit. */
  node: OrgUnit;
};

/** A page of people. */
export type PersonConnection = {
  __typename?: 'PersonConnection';
  /** The people with their cursors. */
  edges: Array<PersonEdge>;
  /** The people. */
  nodes: Array<Person>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A person in a page. */
export type PersonEdge = {
  __typename?: 'PersonEdge';
  /** The person's place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The person. */
  node: Person;
};

/** A page of notifications. */
export type NotificationConnection = {
  __typename?: 'NotificationConnection';
  /** The notifications with their cursors. */
  edges: Array<NotificationEdge>;
  /** The notifications. */
  nodes: Array<Notification>;
  /** Where this page lies among all. */
  pageInfo: PageInfo;
  /** How many there are on all pages; counted only when asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A notification in a page. */
export type NotificationEdge = {
  __typename?: 'NotificationEdge';
  /** Its place, for after and before. */
  cursor: Scalars['String']['output'];
  /** The notification. */
  node: Notification;
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

/** What a new org unit is. */
export type CreateOrgUnitInput = {
  /** The short name; unique among all units. */
  code: Scalars['String']['input'];
  /** The full name. */
  name: Scalars['String']['input'];
  /** What kind of unit it is; division when left out. */
  unitType?: InputMaybe<Scalars['String']['input']>;
  /** What the unit does. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The unit directly above; none for a unit at the top. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input creates nothing new. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What createOrgUnit answers. */
export type CreateOrgUnitPayload = {
  __typename?: 'CreateOrgUnitPayload';
  /** The new unit; null when there are userErrors. */
  orgUnit?: Maybe<OrgUnit>;
  /** What was wrong with the input; empty when the unit was created. */
  userErrors: Array<UserError>;
};

/** Where an org unit goes. */
export type MoveOrgUnitInput = {
  /** The org unit. */
  id: Scalars['ID']['input'];
  /** The version of the org unit that was read. The move is refused when somebody else has changed the unit since. */
  expectedVersion: Scalars['Int']['input'];
  /** The unit above it from now on; null for the top. It can't be left out. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** A key of the caller's choice, 1 to 200 characters: a retry with the same key and input moves nothing again. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What moveOrgUnit answers. */
export type MoveOrgUnitPayload = {
  __typename?: 'MoveOrgUnitPayload';
  /** The org unit where it is now; null when there are userErrors. */
  orgUnit?: Maybe<OrgUnit>;
  /** What was wrong with the input; empty when the unit was moved. */
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
  OrgUnit: OrgUnit;
  Person: Person;
  Notification: Notification;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  OrgUnit:
    ( { __typename: 'OrgUnit' }
    & GraphQLRecursivePick<FederationTypes['OrgUnit'], {"id":true}> );
  Person:
    ( { __typename: 'Person' }
    & GraphQLRecursivePick<FederationTypes['Person'], {"id":true}> );
  Notification:
    ( { __typename: 'Notification' }
    & GraphQLRecursivePick<FederationTypes['Notification'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OrgUnit: ResolverTypeWrapper<{ id: string }>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Person: ResolverTypeWrapper<{ id: string }>;
  Notification: ResolverTypeWrapper<{ id: string }>;
  NotificationSystem: NotificationSystem;
  NotificationKind: NotificationKind;
  NotificationPriority: NotificationPriority;
  OrgUnitFilter: OrgUnitFilter;
  OrgUnitOrder: OrgUnitOrder;
  PersonFilter: PersonFilter;
  PersonOrder: PersonOrder;
  NotificationFilter: NotificationFilter;
  NotificationOrder: NotificationOrder;
  OrgUnitConnection: ResolverTypeWrapper<Connection>;
  OrgUnitEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  PersonConnection: ResolverTypeWrapper<Connection>;
  PersonEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  NotificationConnection: ResolverTypeWrapper<Connection>;
  NotificationEdge: ResolverTypeWrapper<Connection['edges'][number]>;
  PageInfo: ResolverTypeWrapper<Connection['pageInfo']>;
  UserError: ResolverTypeWrapper<UserError>;
  CreateOrgUnitInput: CreateOrgUnitInput;
  CreateOrgUnitPayload: ResolverTypeWrapper<Omit<CreateOrgUnitPayload, 'orgUnit'> & { orgUnit?: Maybe<ResolversTypes['OrgUnit']> }>;
  MoveOrgUnitInput: MoveOrgUnitInput;
  MoveOrgUnitPayload: ResolverTypeWrapper<Omit<MoveOrgUnitPayload, 'orgUnit'> & { orgUnit?: Maybe<ResolversTypes['OrgUnit']> }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  OrgUnit: { id: string };
  Boolean: Scalars['Boolean']['output'];
  Person: { id: string };
  Notification: { id: string };
  OrgUnitFilter: OrgUnitFilter;
  PersonFilter: PersonFilter;
  NotificationFilter: NotificationFilter;
  OrgUnitConnection: Connection;
  OrgUnitEdge: Connection['edges'][number];
  PersonConnection: Connection;
  PersonEdge: Connection['edges'][number];
  NotificationConnection: Connection;
  NotificationEdge: Connection['edges'][number];
  PageInfo: Connection['pageInfo'];
  UserError: UserError;
  CreateOrgUnitInput: CreateOrgUnitInput;
  CreateOrgUnitPayload: Omit<CreateOrgUnitPayload, 'orgUnit'> & { orgUnit?: Maybe<ResolversParentTypes['OrgUnit']> };
  MoveOrgUnitInput: MoveOrgUnitInput;
  MoveOrgUnitPayload: Omit<MoveOrgUnitPayload, 'orgUnit'> & { orgUnit?: Maybe<ResolversParentTypes['OrgUnit']> };
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType, RequireFields<QueryOrgUnitArgs, 'id'>>;
  orgUnitByCode?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType, RequireFields<QueryOrgUnitByCodeArgs, 'code'>>;
  orgUnits?: Resolver<Maybe<ResolversTypes['OrgUnitConnection']>, ParentType, ContextType, RequireFields<QueryOrgUnitsArgs, 'orderBy'>>;
  person?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType, RequireFields<QueryPersonArgs, 'id'>>;
  people?: Resolver<Maybe<ResolversTypes['PersonConnection']>, ParentType, ContextType, RequireFields<QueryPeopleArgs, 'orderBy'>>;
  notifications?: Resolver<Maybe<ResolversTypes['NotificationConnection']>, ParentType, ContextType, RequireFields<QueryNotificationsArgs, 'orderBy'>>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createOrgUnit?: Resolver<Maybe<ResolversTypes['CreateOrgUnitPayload']>, ParentType, ContextType, RequireFields<MutationCreateOrgUnitArgs, 'input'>>;
  moveOrgUnit?: Resolver<Maybe<ResolversTypes['MoveOrgUnitPayload']>, ParentType, ContextType, RequireFields<MutationMoveOrgUnitArgs, 'input'>>;
};

export type OrgUnitResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OrgUnit'] = ResolversParentTypes['OrgUnit'], FederationReferenceType extends FederationReferenceTypes['OrgUnit'] = FederationReferenceTypes['OrgUnit']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['OrgUnit']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  children?: Resolver<Array<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  ancestors?: Resolver<Array<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  descendants?: Resolver<Array<ResolversTypes['OrgUnit']>, ParentType, ContextType, Partial<OrgUnitDescendantsArgs>>;
};

export type PersonResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person'], FederationReferenceType extends FederationReferenceTypes['Person'] = FederationReferenceTypes['Person']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Person']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fullName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification'], FederationReferenceType extends FederationReferenceTypes['Notification'] = FederationReferenceTypes['Notification']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Notification']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  system?: Resolver<ResolversTypes['NotificationSystem'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['NotificationKind'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['NotificationPriority'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  link?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  caseId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  recipient?: Resolver<ResolversTypes['Person'], ParentType, ContextType>;
  readAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OrgUnitConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OrgUnitConnection'] = ResolversParentTypes['OrgUnitConnection']> = {
  edges?: Resolver<Array<ResolversTypes['OrgUnitEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OrgUnitEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['OrgUnitEdge'] = ResolversParentTypes['OrgUnitEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OrgUnit'], ParentType, ContextType>;
};

export type PersonConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PersonConnection'] = ResolversParentTypes['PersonConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PersonEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Person']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PersonEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PersonEdge'] = ResolversParentTypes['PersonEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Person'], ParentType, ContextType>;
};

export type NotificationConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Notification']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
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

export type CreateOrgUnitPayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CreateOrgUnitPayload'] = ResolversParentTypes['CreateOrgUnitPayload']> = {
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MoveOrgUnitPayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['MoveOrgUnitPayload'] = ResolversParentTypes['MoveOrgUnitPayload']> = {
  orgUnit?: Resolver<Maybe<ResolversTypes['OrgUnit']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OrgUnit?: OrgUnitResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  OrgUnitConnection?: OrgUnitConnectionResolvers<ContextType>;
  OrgUnitEdge?: OrgUnitEdgeResolvers<ContextType>;
  PersonConnection?: PersonConnectionResolvers<ContextType>;
  PersonEdge?: PersonEdgeResolvers<ContextType>;
  NotificationConnection?: NotificationConnectionResolvers<ContextType>;
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  CreateOrgUnitPayload?: CreateOrgUnitPayloadResolvers<ContextType>;
  MoveOrgUnitPayload?: MoveOrgUnitPayloadResolvers<ContextType>;
};

