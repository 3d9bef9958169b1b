/** The limit as a process of its own: node:http, POST /<operation> with the variables as its body. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import pg from 'pg';
import { openLegalCase } from './openLegalCase.js';
import { statements } from './statements.js';

const { DATABASE_URL: connectionString, PUBLIC_KEY: publicKey } = process.env;
const verifyToken = createTokenVerifier({ publicKey, issuer: 'bailiwick', audience: 'bailiwick' });
const pool = new pg.Pool({
  connectionString,
  max: 10,
  options: '-c timezone=UTC -c datestyle=ISO -c plan_cache_mode=force_generic_plan',
  pipeline: true,
});

async function answer(operation: string, personId: string, variables: Record<string, unknown>): Promise<string> {
  const client = await pool.connect();
  let broken = true;
  try {
    if (operation === 'openLegalCase') {
      const body = await openLegalCase(client, personId, variables);
      broken = false;
      return body;
    }
    const { text, values } = statements[operation]!;
    // One round trip for all four.
    const [, , found] = await Promise.all([
      client.query('begin read only'),
      client.query({ name: 'person', text: 'select identity.enter($1)', values: [personId] }),
      client.query<{ body: string }>({ name: operation, text, values: values(variables) }),
      client.query('commit'),
    ]);
    broken = false;
    return found.rows[0]!.body;
  } finally {
    client.release(broken);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const server = createServer((request, response) => {
  void (async () => {
    try {
      const caller = await verifyToken(request.headers.authorization);
      const variables = JSON.parse(await readBody(request)) as Record<string, unknown>;
      const body = await answer(request.url!.slice(1), caller!.personId, variables);
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
    }
  })();
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`The limit answers at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
