import { runSubgraphProcess } from '@bailiwick/kernel/http';
import { readConfig } from './config.js';
import { createSharedSubgraph } from './subgraph.js';

await runSubgraphProcess('shared', readConfig, createSharedSubgraph);
