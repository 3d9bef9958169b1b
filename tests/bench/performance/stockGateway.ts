/** The stock @apollo/gateway with its defaults, behind the stock standalone server, in front of the same subgraphs. */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { committedSupergraph, readSupergraph } from '@bailiwick/gateway/supergraph';

const urls = JSON.parse(process.env['SUBGRAPHS'] ?? '{}') as Record<string, string>;

class ForwardingDataSource extends RemoteGraphQLDataSource<{ authorization?: string }> {
  override willSendRequest({ request, context }: Parameters<NonNullable<RemoteGraphQLDataSource['willSendRequest']>>[0]): void {
    const { authorization } = context as { authorization?: string };
    if (authorization !== undefined) request.http?.headers.set('authorization', authorization);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readSupergraph(committedSupergraph).sdl,
  buildService: ({ name }) => new ForwardingDataSource({ url: urls[name]! }),
});
const server = new ApolloServer<{ authorization?: string }>({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({ ...(req.headers.authorization && { authorization: req.headers.authorization }) }),
});
process.stdout.write(`The stock gateway answers at ${url}\n`);
