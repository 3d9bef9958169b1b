/** A case as this subgraph knows one: by id. Only case management knows whether the caller may see it, and answers null if not. */
export function legalCaseStub(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}
