/* Generated from schema.graphql by `npm run codegen`. Do not edit. */
import { enumValues, scalars } from '@bailiwick/kernel/graphql';
import { CaseAssignment } from '../caseAssignment/CaseAssignment.js';
import { CaseCost } from '../caseCost/CaseCost.js';
import { CaseEvent } from '../caseEvent/CaseEvent.js';
import { CourtOrder } from '../courtOrder/CourtOrder.js';
import { Document } from '../document/Document.js';
import { DocumentVersion } from '../document/DocumentVersion.js';
import { LegalCase } from '../legalCase/LegalCase.js';
import { Notification } from '../notification/Notification.js';
import { OrgUnit } from '../orgUnit/OrgUnit.js';
import { Party } from '../party/Party.js';
import { Person } from '../person/Person.js';
import { Recommendation } from '../recommendation/Recommendation.js';
import { Task } from '../task/Task.js';
import { openLegalCase } from '../legalCase/openLegalCase.js';
import { updateLegalCase } from '../legalCase/updateLegalCase.js';
import { changeWorkflowState } from '../legalCase/changeWorkflowState.js';
import { holdLegalCase } from '../legalCase/holdLegalCase.js';
import { resumeLegalCase } from '../legalCase/resumeLegalCase.js';
import { restrictLegalCase } from '../legalCase/restrictLegalCase.js';
import { unrestrictLegalCase } from '../legalCase/unrestrictLegalCase.js';
import { closeLegalCase } from '../legalCase/closeLegalCase.js';
import { withdrawLegalCase } from '../legalCase/withdrawLegalCase.js';
import { reopenLegalCase } from '../legalCase/reopenLegalCase.js';
import { assignToCase } from '../caseAssignment/assignToCase.js';
import { unassignFromCase } from '../caseAssignment/unassignFromCase.js';
import { changeAssignmentRole } from '../caseAssignment/changeAssignmentRole.js';
import { transferCaseLead } from '../caseAssignment/transferCaseLead.js';
import { queries as legalCaseQueries } from '../legalCase/queries.js';
import { legalCases, parties, caseAssignments, documents, documentVersions, caseEvents, tasks, courtOrders, caseCosts } from '../tables.js';
import type { Resolvers } from './resolvers.js';

const enums = {
  CaseLinkRelation: enumValues(['ADOPTED_AS_BASIS', 'SUPPORTING_REFERENCE', 'INFORMATION_ONLY']),
  LegalCaseStatus: enumValues(['UNDER_REVIEW', 'IN_COURT', 'MEDIATION', 'TRIBUNAL', 'JUDGMENT', 'CLOSED', 'SETTLED']),
  WorkflowState: enumValues(['REGISTERED', 'ASSIGNED', 'REGISTRATION_COMPLETED', 'DRAFTING', 'UNDER_REVIEW', 'APPROVED_FOR_FILING', 'FILED', 'IN_PROGRESS', 'JUDGMENT_ENTERED', 'CLOSED']),
  LegalCaseType: enumValues(['TORT', 'COMPENSATION_CLAIM', 'FRAUD', 'JUDICIAL_REVIEW', 'DISPUTE', 'COURT_MATTER', 'TITLE_CLAIM', 'ADMINISTRATIVE_REVIEW', 'OTHER']),
  Priority: enumValues(['LOW', 'MEDIUM', 'HIGH', 'URGENT']),
  OurRole: enumValues(['PLAINTIFF', 'DEFENDANT']),
  ClosureType: enumValues(['JUDGMENT_GRANTED', 'JUDGMENT_DISMISSED', 'SETTLED', 'WITHDRAWN', 'STRUCK_OUT', 'CONSENT_ORDER', 'OTHER']),
  PartyType: enumValues(['INDIVIDUAL', 'COMPANY', 'GOVERNMENT_ENTITY', 'OTHER']),
  PartyRole: enumValues(['PLAINTIFF', 'DEFENDANT', 'WITNESS', 'THIRD_PARTY', 'OTHER']),
  AssignmentRole: enumValues(['LEAD', 'MEMBER', 'SUPPORT', 'OBSERVER']),
  DocumentType: enumValues(['FILING', 'AFFIDAVIT', 'CORRESPONDENCE', 'SURVEY_REPORT', 'CONTRACT', 'EVIDENCE', 'COURT_ORDER', 'PLEADING', 'OTHER']),
  CaseEventType: enumValues(['HEARING', 'FILING_DEADLINE', 'RESPONSE_DEADLINE', 'MEETING', 'MEDIATION', 'CONFERENCE', 'OTHER']),
  TaskStatus: enumValues(['PENDING', 'IN_PROGRESS', 'COMPLETED', 'OVERDUE', 'CANCELLED']),
  CourtOrderType: enumValues(['INTERLOCUTORY', 'FINAL', 'CONSENT', 'DEFAULT', 'OTHER']),
  PaymentStatus: enumValues(['PAID', 'UNPAID', 'PARTIAL', 'WAIVED', 'DISPUTED']),
  LegalCaseMove: enumValues(['ASSIGN', 'COMPLETE_REGISTRATION', 'START_DRAFTING', 'SUBMIT_FOR_REVIEW', 'APPROVE_FOR_FILING', 'RETURN_TO_DRAFTING', 'FILE', 'START_PROCEEDING', 'CHANGE_FORUM', 'ENTER_JUDGMENT', 'CLOSE_AFTER_JUDGMENT', 'CLOSE_WITHOUT_JUDGMENT', 'WITHDRAW', 'REOPEN', 'HOLD', 'RESUME', 'RESTRICT', 'UNRESTRICT']),
  LegalCaseForum: enumValues(['COURT', 'MEDIATION', 'TRIBUNAL']),
};

/** Everything that the subgraph resolves. A field that is a column of its row needs no resolver. */
export const resolvers: Resolvers = {
  DateTime: scalars.DateTime,
  Date: scalars.Date,
  Decimal: scalars.Decimal,
  BigInt: scalars.BigInt,
  ...enums,
  Query: { ...legalCaseQueries },
  Mutation: { openLegalCase, updateLegalCase, changeWorkflowState, holdLegalCase, resumeLegalCase, restrictLegalCase, unrestrictLegalCase, closeLegalCase, withdrawLegalCase, reopenLegalCase, assignToCase, unassignFromCase, changeAssignmentRole, transferCaseLead },
  CaseAssignment,
  CaseCost,
  CaseEvent,
  CourtOrder,
  Document,
  DocumentVersion,
  LegalCase,
  Notification,
  OrgUnit,
  Party,
  Person,
  Recommendation,
  Task,
};

/** The table whose rows stand behind a type. */
export const tablesByType = {
  LegalCase: legalCases,
  Party: parties,
  CaseAssignment: caseAssignments,
  Document: documents,
  DocumentVersion: documentVersions,
  CaseEvent: caseEvents,
  Task: tasks,
  CourtOrder: courtOrders,
  CaseCost: caseCosts,
};
