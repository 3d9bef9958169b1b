import { loaderByParent, loading } from '@bailiwick/kernel/graphql';
import { desc } from 'drizzle-orm';
import type { DocumentResolvers, DocumentVersionResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './personStub.js';
import { documentVersions, documents } from './tables.js';

/** The documents of a case, the oldest first. */
export const documentsByCaseId = loaderByParent({
  label: 'case-management:documentsByCaseId',
  table: documents,
  by: documents.caseId,
  also: ['caseId'],
  orderBy: [documents.createdAt, documents.id],
});

/** The versions of a document, the newest first. */
export const versionsByDocumentId = loaderByParent({
  label: 'case-management:versionsByDocumentId',
  table: documentVersions,
  by: documentVersions.documentId,
  orderBy: [desc(documentVersions.versionNumber)],
});

/** The fields of a document that are not columns of its row. */
export const Document: DocumentResolvers = {
  legalCase: caseOf,
  versions: loading(versionsByDocumentId, ({ id }) => id),
  latestVersion: loading(
    versionsByDocumentId,
    ({ id }) => id,
    ([latest]) => latest ?? null,
  ),
  createdBy: ({ createdBy }) => personStub(createdBy),
};

/** The fields of a version that are not columns of its row. */
export const DocumentVersion: DocumentVersionResolvers = {
  uploadedBy: ({ uploadedBy }) => personStub(uploadedBy),
  fileSize: ({ fileSize }) => fileSize?.toString() ?? null,
};
