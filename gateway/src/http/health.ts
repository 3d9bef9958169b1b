import type { Logger } from '@bailiwick/kernel/process';
import type { FastifyInstance } from 'fastify';
import type { SubgraphClient } from '../execution/subgraphClient.js';

/** Whoever asks within this time, in milliseconds, gets the same answer: the check is open to anybody, and costs the database a statement. */
const rememberFor = 1_000;

interface Health {
  status: 'ok' | 'not ready';
  subgraphs: Record<string, 'ok' | 'does not answer'>;
}

/** GET /health: 200 when all subgraphs answer, 503 with the names of those that do not. */
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
