export { integerSetting, knownKeys, parseConfig, serviceSettings, subgraphSettings } from './config.js';
export { createLog } from './log.js';
export type { Logger } from './log.js';
export { runProcess, stopAll, tell } from './process.js';
