import { reference } from '@bailiwick/kernel/graphql';
import type { DocumentVersionResolvers } from '../__generated__/resolvers.js';
import { documentVersions } from '../tables.js';

/** The fields of a version that are not columns of its row. */
export const DocumentVersion: DocumentVersionResolvers = {
  uploadedBy: reference(documentVersions, 'uploadedBy'),
};
