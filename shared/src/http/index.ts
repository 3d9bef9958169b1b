export { drainWithin } from './drain.js';
export { disconnectSignal } from './disconnectSignal.js';
export { createHttpServer, listen, serveSubgraph } from './server.js';
export type { Listening } from './server.js';
export { parseSubgraphConfig, runSubgraphProcess } from './subgraphProcess.js';
