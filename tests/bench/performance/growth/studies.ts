import { connections } from './connections.js';
import { depth } from './depth.js';
import { fields } from './fields.js';
import { gateways } from './gateways.js';
import type { Study } from './growth.js';
import { idle } from './idle.js';
import { page } from './page.js';
import { rowSecurity } from './rowSecurity.js';
import { sizes } from './sizes.js';
import { soak } from './soak.js';
import { startUp } from './startUp.js';

/** What `npm run bench -- --growth <name>` knows. */
export const studies: Readonly<Record<string, Study>> = {
  rowSecurity,
  page,
  sizes,
  depth,
  connections,
  fields,
  gateways,
  startUp,
  idle,
  soak,
};
