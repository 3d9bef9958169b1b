import type { Client } from 'pg';
import { plainTextSettings } from '../backup/catalogue.js';
import { readCatalogue, readTables } from './catalogue.js';
import type { Catalogue, CataloguedTable } from './catalogue.js';
import { touchedObjects } from './touched.js';

export interface CataloguePair {
  readonly before: Catalogue;
  readonly after: Catalogue;
}

/** Reads what there is before and after each file of a rehearsal. */
export interface Readings {
  /** Those of before the next file. */
  tablesBefore(): Promise<readonly CataloguedTable[]>;
  fileIsDone(): Promise<void>;
  /** To be called when the rehearsal is rolled back: one pair for each file. */
  pairs(): Promise<CataloguePair[]>;
}

/** Of several files: everything, before the first and after each. */
export async function wholeReadings(session: Client): Promise<Readings> {
  const read = [await readCatalogue(session)];
  return {
    tablesBefore: async () => Promise.resolve(read.at(-1)?.tables ?? []),
    fileIsDone: async () => {
      read.push(await readCatalogue(session));
    },
    pairs: async () => Promise.resolve(read.slice(1).flatMap((after, i) => (read[i] ? [{ before: read[i], after }] : []))),
  };
}

/**
 * Of one file: only what it touched, which is known when it is done. What that was before is read at the same time as what it is now: for
 * everybody but the rehearsal nothing has changed. Where the rehearsal holds a lock that keeps a name or an expression from being told, its
 * end lets that reading go on.
 * @param observer with a snapshot from before the rehearsal.
 */
export function touchedReadings(session: Client, observer: Client): Readings {
  let pair: Promise<CataloguePair> | undefined;
  return {
    tablesBefore: async () => readTables(observer),
    fileIsDone: async () => {
      // From here on names are PostgreSQL's own, whatever the file has SET; nothing but the end comes after it.
      await session.query(plainTextSettings);
      const touched = await touchedObjects(session, observer);
      const before = readCatalogue(observer, touched);
      // Told by pairs(), unless the rehearsal itself fails.
      before.catch(() => undefined);
      const after = await readCatalogue(session, touched);
      pair = before.then((known) => ({ before: known, after }));
      pair.catch(() => undefined);
    },
    pairs: async () => (pair ? [await pair] : []),
  };
}
