import type { Client } from 'pg';
import { plainTextSettings } from '../backup/catalogue.js';
import type { Objects } from '../backup/definitions.js';
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
 * Of one file: only what it touched, which is known when it is done. What that was before can be read when it is rolled back; the expressions
 * in the catalogue are always told as they are now.
 * @param observer with a snapshot from before the rehearsal.
 */
export function touchedReadings(session: Client, observer: Client): Readings {
  let touched: Objects = { oids: [], catalogues: [] };
  let after: Catalogue | undefined;
  return {
    tablesBefore: async () => readTables(observer),
    fileIsDone: async () => {
      // From here on names are PostgreSQL's own, whatever the file has SET; nothing but the end comes after it.
      await session.query(plainTextSettings);
      touched = await touchedObjects(session, observer);
      after = await readCatalogue(session, touched);
    },
    pairs: async () => (after ? [{ before: await readCatalogue(observer, touched), after }] : []),
  };
}
