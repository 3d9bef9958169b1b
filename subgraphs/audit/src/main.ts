import { runSubgraphProcess } from '@bailiwick/kernel/subgraphProcess';
import { readConfig } from './config.js';
import { createAuditSubgraph } from './subgraph.js';

await runSubgraphProcess('audit', readConfig, createAuditSubgraph);
