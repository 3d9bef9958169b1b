import { runSubgraphProcess } from '@bailiwick/kernel/http';
import { readConfig } from './config.js';
import { createAuditSubgraph } from './subgraph.js';

await runSubgraphProcess('audit', readConfig, createAuditSubgraph);
