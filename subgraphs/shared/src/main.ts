import { runSubgraphProcess } from '@bailiwick/kernel/subgraphProcess';
import { readConfig } from './config.js';
import { createSharedSubgraph } from './subgraph.js';

await runSubgraphProcess('shared', readConfig, createSharedSubgraph);
