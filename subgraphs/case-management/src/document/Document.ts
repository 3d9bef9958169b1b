import { firstRelated, reference, related } from '@bailiwick/kernel/graphql';
import { desc } from 'drizzle-orm';
import type { DocumentResolvers } from '../__generated__/resolvers.js';
import { documents, documentsRelations, documentVersions } from '../tables.js';

const newestFirst = [desc(documentVersions.versionNumber)];

/** The fields of a document that are not columns of its row. */
export const Document: DocumentResolvers = {
  legalCase: related(documentsRelations, 'legalCase'),
  versions: related(documentsRelations, 'versions', { orderBy: newestFirst }),
  latestVersion: firstRelated(documentsRelations, 'latestVersions', { orderBy: newestFirst }),
  createdBy: reference(documents, 'createdBy'),
};
