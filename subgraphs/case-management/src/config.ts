import { parseSubgraphConfig } from '@bailiwick/kernel/http';

/** The settings of this process, from its environment; docs/configuration.md describes each. */
export const readConfig = () => parseSubgraphConfig(process.env, 4002);
