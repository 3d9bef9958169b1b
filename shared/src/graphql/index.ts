export { RequestContext } from './context.js';
export { createDocumentStore } from './documentStore.js';
export { enumValues } from './enums.js';
export { computed, computedFrom, firstRelated, reference, related } from './fields.js';
export type { FieldResolver } from './fields.js';
export { InputErrors } from './inputChecks.js';
export type { InputChecks } from './inputChecks.js';
export { mutation } from './mutation.js';
export type { MutationResolver } from './mutation.js';
export type { SelectedRow } from './needs.js';
export { referenceById, referenceBy } from './references.js';
export { requestedOperation } from './requestedOperation.js';
export {
  errorTrace,
  extensionsOf,
  formatError,
  formatErrorWithoutSuggestion,
  splitSuggestion,
  withStatus,
} from './responseErrors.js';
export { may } from './rights.js';
export { flatColumns, rowBy, rowsBy, rowsByLink, withRelations } from './rows.js';
export type { ReadRow, RowLoader } from './rows.js';
export { scalars } from './scalars.js';
export { selectionOf } from './selection.js';
export { createSubgraph, toGraphQLError } from './subgraph.js';
export type { OperationRequest, Subgraph, SubgraphServices } from './subgraph.js';
export { noSuch, unknownReference } from './unknownReference.js';
export { updateVersion, versionConflict } from './versions.js';
