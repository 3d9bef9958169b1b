import type { GraphQLResolveInfo } from 'graphql';
import { parseId } from '../postgres/ids.js';
import type { RequestContext } from './context.js';
import type { SelectedRow } from './needs.js';
import type { RowLoader } from './rows.js';

/** An entity as the gateway refers to it (https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec). */
interface Representation {
  readonly __typename?: string;
  readonly id: string;
}

/** The reference resolver of an entity that has a row here. Throws BAD_USER_INPUT for what is not an id. */
export function referenceBy(load: RowLoader) {
  return async (
    { __typename, id }: Representation,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<SelectedRow | null> => load(context, info, parseId(id, 'representations'), { typeName: __typename });
}

/** The reference resolver of an entity that this subgraph adds fields to, and knows by its id alone. Throws as that of `referenceBy` does. */
export async function referenceById({ id }: Representation): Promise<SelectedRow> {
  return { id: parseId(id, 'representations') };
}
