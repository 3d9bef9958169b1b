import { createTokenVerifier } from '@bailiwick/kernel/auth';
import { createLog, runProcess } from '@bailiwick/kernel/process';
import { readConfig } from './config.js';
import { createGateway } from './gateway.js';

await runProcess(async () => {
  const { subgraphs, allowIntrospection, maxOperationCost, corsOrigins, host, port, logLevel, token } = readConfig();
  const log = createLog('gateway', logLevel);
  const verifyToken = createTokenVerifier(token, log);
  const gateway = await createGateway({ subgraphs, verifyToken, log, allowIntrospection, maxOperationCost, corsOrigins });
  const listening = await gateway.serve(host, port);
  process.stdout.write(`The gateway answers at ${listening.url}/graphql\n`);
  void gateway.prepareExplorer();
  return listening;
});
