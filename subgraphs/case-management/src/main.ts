import { runSubgraphProcess } from '@bailiwick/kernel/http';
import { readConfig } from './config.js';
import { createCaseManagementSubgraph } from './subgraph.js';

await runSubgraphProcess('case-management', readConfig, createCaseManagementSubgraph);
