import { limit, oneProcess, separate, stockGateway, workers } from './contenders.js';
import type { Contender, Ground } from './contenders.js';
import { hiveBest, hiveDefault, postgraphile } from './otherContenders.js';

/** Everybody by name, in the order in which they stand in tables. The limit is what the others' answers are held against, so it always runs. */
export const contenders: Readonly<Record<string, (ground: Ground) => Promise<Contender>>> = {
  limit,
  oneProcess,
  workers,
  postgraphile,
  separate,
  stockGateway,
  hiveDefault,
  hiveBest,
};
