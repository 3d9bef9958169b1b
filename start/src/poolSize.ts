import { withSession } from '@bailiwick/database/setup/connect';
import { AppError } from '@bailiwick/kernel/errors';

const subgraphs = 3;
const usual = 10;
/** Connections that are left to commands, backups and people. */
const leftToOthers = 10;

/**
 * How many connections each subgraph of each worker may open: what was asked for, or as many as usual, fewer where the server allows fewer.
 * Throws CONFIG_INVALID where the server can not allow as many as several workers might open; one gets what was asked for.
 */
export async function poolSizeFor(operatorUrl: string, workers: number, asked: number | undefined): Promise<number> {
  if (workers === 1) return asked ?? usual;
  const allowed = await allowedConnections(operatorUrl);
  const size = asked ?? Math.max(1, Math.min(usual, Math.floor((allowed - leftToOthers) / (workers * subgraphs))));
  const most = Math.floor(allowed / (workers * subgraphs));
  if (size <= most) return size;
  throw new AppError(
    'CONFIG_INVALID',
    `${workers} workers with ${subgraphs} pools of ${size} connections each could open ${workers * subgraphs * size} connections, and the server allows ${allowed}.`,
    {
      hint: `Start fewer with --workers,${most >= 1 ? ` set BAILIWICK_POOL_SIZE to ${most} or less,` : ''} or raise max_connections of the server.`,
    },
  );
}

/** Those that a role without special rights may open. */
async function allowedConnections(operatorUrl: string): Promise<number> {
  return withSession(operatorUrl, 'pool size', async (client) => {
    const { rows } = await client.query<{ allowed: number }>(
      // reserved_connections came with PostgreSQL 16.
      `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0) as allowed`,
    );
    return rows[0]!.allowed;
  });
}
