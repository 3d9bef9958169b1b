import { findAppError } from '@bailiwick/kernel/errors';
import { createTokenVerifier } from '@bailiwick/kernel/identity';
import { createLog } from '@bailiwick/kernel/log';
import { readConfig } from './config.js';
import { createGateway } from './gateway.js';

try {
  await run();
} catch (error) {
  const known = findAppError(error);
  if (known === undefined) throw error;
  process.stderr.write(`${known.code}: ${known.message}\n${known.hint ?? ''}\n`);
  process.exitCode = known.exitCode;
}

async function run(): Promise<void> {
  const config = readConfig();
  const log = createLog('gateway', config.logLevel);
  const { subgraphs, allowIntrospection, maxOperationCost, corsOrigins } = config;
  const gateway = await createGateway({
    subgraphs,
    verifyToken: createTokenVerifier(config.token),
    log,
    allowIntrospection,
    maxOperationCost,
    corsOrigins,
  });
  const listening = await gateway.serve(config.host, config.port);
  log.info(
    {
      url: `${listening.url}/graphql`,
      subgraphs: Object.fromEntries(Object.entries(subgraphs).map(([name, { url }]) => [name, url])),
    },
    'the gateway listens',
  );

  const end = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'the gateway ends');
    listening.stop().catch((error: unknown) => {
      log.error({ err: error }, 'the gateway did not end cleanly');
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  await gateway.prepareExplorer();
}
