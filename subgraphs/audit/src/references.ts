/** What belongs to the shared tables, as this subgraph knows it: by id. The shared subgraph has the rest. */
export function referenceTo(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}
