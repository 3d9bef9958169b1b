/** A person as this subgraph knows one: by id. The shared subgraph has the rest. */
export function personStub(id: string | null | undefined): { id: string } | null {
  return id == null ? null : { id };
}
