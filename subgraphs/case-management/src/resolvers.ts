import { connectionFields } from '@bailiwick/kernel/pagination';
import { scalars } from '@bailiwick/kernel/graphql';
import type { Resolvers } from './__generated__/resolvers.js';
import { CaseAssignment } from './caseAssignment.js';
import { CaseCost } from './caseCost.js';
import { CaseEvent } from './caseEvent.js';
import { CourtOrder } from './courtOrder.js';
import { Document, DocumentVersion } from './document.js';
import { enumResolvers } from './enums.js';
import { LegalCase } from './legalCase/LegalCase.js';
import { openLegalCase } from './legalCase/openLegalCase.js';
import { legalCaseQueries } from './legalCase/queries.js';
import { Notification } from './notification.js';
import { OrgUnit } from './orgUnit.js';
import { Party } from './party.js';
import { Person } from './person.js';
import { LinkedLegalCase, Recommendation } from './recommendation.js';
import { Task } from './task.js';

/** Everything the subgraph resolves; a field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  ...scalars,
  ...enumResolvers,
  Query: legalCaseQueries,
  Mutation: { openLegalCase },
  LegalCase,
  Party,
  CaseAssignment,
  Document,
  DocumentVersion,
  CaseEvent,
  Task,
  CourtOrder,
  CaseCost,
  Notification,
  OrgUnit,
  Person,
  Recommendation,
  LinkedLegalCase,
  LegalCaseConnection: connectionFields,
};
