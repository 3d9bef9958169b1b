import type { Logger } from '@bailiwick/kernel/process';
import type { FastifyInstance } from 'fastify';
import type { SubgraphClient } from '../execution/subgraphClient.js';

/** The time in milliseconds for which a result is reused. The check is public, and each one costs a statement on the database. */
const rememberFor = 1_000;

interface Health {
  status: 'ok' | 'not ready';
  subgraphs: Record<string, 'ok' | 'does not answer'>;
}

/** Serves GET /health: 200 if all subgraphs are ready, else 503 with the names of those that are not. */
export function serveHealth(app: FastifyInstance, clients: readonly SubgraphClient[], log: Logger): void {
  let last: { health: Promise<Health>; until: number } | undefined;

  app.get('/health', async (_request, reply) => {
    if (last === undefined || last.until < Date.now()) last = { health: check(), until: Date.now() + rememberFor };
    const health = await last.health;
    return reply
      .code(health.status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(health);
  });

  async function check(): Promise<Health> {
    const answers = await Promise.all(clients.map(async (client) => [client.name, await answerOf(client)] as const));
    return {
      status: answers.every(([, answer]) => answer === 'ok') ? 'ok' : 'not ready',
      subgraphs: Object.fromEntries(answers),
    };
  }

  async function answerOf(client: SubgraphClient): Promise<'ok' | 'does not answer'> {
    try {
      await client.ping();
      return 'ok';
    } catch (error) {
      log.warn(
        { subgraph: client.name, reason: String(error instanceof Error ? (error.cause ?? error) : error) },
        'the health check did not reach a subgraph',
      );
      return 'does not answer';
    }
  }
}
