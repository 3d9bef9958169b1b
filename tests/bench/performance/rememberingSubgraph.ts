/** Stands in for a subgraph: hands what it has not been asked yet on to the real one, and answers it from memory from then on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apolloClient } from './clientHeaders.js';

const target = process.env['TARGET'] ?? '';
/** The answers' bytes, by who asks and what: nobody is answered with what another one may see. */
const answers = new Map<string, Buffer>();

async function askedBefore(authorization: string, body: string): Promise<Buffer> {
  const key = `${authorization}\n${body}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    const headers = { 'content-type': 'application/json', accept: apolloClient, authorization };
    const response = await fetch(target, { method: 'POST', headers, body });
    answer = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw new Error(`${target} answered with status ${response.status}: ${answer.toString()}`);
    answers.set(key, answer);
  }
  return answer;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    askedBefore(request.headers.authorization ?? '', Buffer.concat(chunks).toString()).then(
      (answer) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer),
      (error: unknown) => response.writeHead(502, { 'content-type': 'text/plain' }).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`The remembering subgraph answers at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit());
