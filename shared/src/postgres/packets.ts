import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';

/** The driver's socket, which its types keep to themselves. */
interface WithSocket {
  connection?: { stream?: Writable };
}

const streamOf = (client: PoolClient): Writable | undefined => (client as WithSocket).connection?.stream;

/**
 * Statements that are sent within one tick leave in one packet: all loaders of a level, or an INSERT and the COMMIT behind it. A packet for each
 * was a fifth of what a page of cases cost this process.
 */
export function bundleWrites(client: PoolClient): void {
  const stream = streamOf(client);
  if (stream === undefined || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
