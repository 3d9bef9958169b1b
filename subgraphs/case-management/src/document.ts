import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { desc } from 'drizzle-orm';
import type { DocumentResolvers, DocumentVersionResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './person.js';
import { documentVersions, documents } from './tables.js';
import type { DocumentRow, DocumentVersionRow } from './tables.js';

/** The documents of a case, the oldest first. */
export const documentsByCaseId = defineLoader<string, DocumentRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:documentsByCaseId')
    .select()
    .from(documents)
    .where(isAnyOf(documents.caseId, caseIds))
    .orderBy(documents.createdAt, documents.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The versions of a document, the newest first. */
export const versionsByDocumentId = defineLoader<string, DocumentVersionRow[]>(async (documentIds, context) => {
  const rows = await context.read
    .db('case-management:versionsByDocumentId')
    .select()
    .from(documentVersions)
    .where(isAnyOf(documentVersions.documentId, documentIds))
    .orderBy(desc(documentVersions.versionNumber));
  return alignMany(documentIds, rows, (row) => row.documentId);
});

/** The fields of a document that are not columns of its row. */
export const Document: DocumentResolvers = {
  legalCase: caseOf,
  versions: ({ id }, _args, context) => versionsByDocumentId(context).load(id),
  latestVersion: async ({ id }, _args, context) => (await versionsByDocumentId(context).load(id))[0] ?? null,
  createdBy: ({ createdBy }) => personStub(createdBy),
};

/** The fields of a version that are not columns of its row. */
export const DocumentVersion: DocumentVersionResolvers = {
  uploadedBy: ({ uploadedBy }) => personStub(uploadedBy),
  fileSize: ({ fileSize }) => fileSize?.toString() ?? null,
};
