import cluster from 'node:cluster';

// The workers run this file as well. Each of the two loads only what it needs.
const { run } = cluster.isWorker ? await import('./worker.js') : await import('./primary.js');
await run();
