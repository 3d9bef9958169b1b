import { relative } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Progress } from '../import/progress.js';
import type { DumpSource } from './dumpSource.js';
import { extractBackup, extractCsv, makeRoles, otherTables, refuseLostRows } from './extract.js';
import { toleratedKinds } from './classify.js';
import { chooseSection } from './layout.js';
import type { ChosenSection } from './layout.js';
import { loadDump } from './load.js';
import type { LoadReport } from './loadReport.js';
import { withScratch } from './scratch.js';
import { surveyDump } from './survey.js';
import type { Survey } from './survey.js';
import { WorkPlace, unwritable } from './workFolder.js';
import type { Extraction } from './workFolder.js';

/** The PostgreSQL of the scratch server: a dump of a newer one may say what it does not understand. */
const scratchMajor = 18;

export interface TakeOutOptions {
  readonly source: DumpSource;
  /** Of the work folder: what is taken out stays there until it has come home. */
  readonly work: string;
  /** Which one, when the dump has several. */
  readonly database?: string;
  readonly encoding?: string;
  readonly acceptTruncated?: boolean;
  readonly acceptNewer?: boolean;
  readonly onStep: (sentence: string) => void;
  readonly progress: Progress;
}

export interface TakenOut {
  readonly place: WorkPlace;
  readonly extraction: Extraction;
  /** Whether an earlier run had taken it out already. */
  readonly isResumed: boolean;
}

/**
 * Takes out of a dump what the two systems need: looks it through, runs it in a scratch server, and writes its rows into the work folder. After a kill the next run
 * finds that complete or not at all.
 * @throws DUMP_INVALID, DUMP_REFUSED, LOCK_HELD, RESTORE_FAILED. The place that is returned must be closed.
 */
export async function takeOut(options: TakeOutOptions): Promise<TakenOut> {
  const { source, work, database, encoding, acceptTruncated, onStep } = options;
  const identity = { format: 1, sha256: await source.identity(), database, encoding, acceptTruncated };
  const place = await WorkPlace.open(work, identity);
  try {
    const found = await place.found();
    if (found && found !== 'damaged') {
      onStep(`Going on from what an earlier run took out of this dump at ${found.at}: ${place.folder}.`);
      return { place, extraction: found, isResumed: true };
    }
    if (found === 'damaged')
      onStep(`What an earlier run took out of this dump is damaged, and is taken out anew: ${place.folder}.`);
    if (await place.begin()) onStep('An earlier run was killed while it took the rows out of this dump; that begins anew.');
    const extraction = await extractFrom(place, options);
    await place.finish(extraction);
    return { place, extraction, isResumed: false };
  } catch (error) {
    await place.discardDraft();
    await place.close();
    throw unwritable(work, error);
  }
}

async function extractFrom(place: WorkPlace, options: TakeOutOptions): Promise<Extraction> {
  const { source, database, encoding, onStep, progress } = options;
  const survey = await surveyDump({ source, encoding, progress });
  refuseUnfit(survey, options);
  return withScratch(place.scratch, onStep, async (scratch) => {
    await makeRoles(survey, scratch);
    const sections = await loadDump({ source, survey, scratch, encoding, progress });
    const section = await chooseSection(sections, scratch, database);
    const what = section.layout === 'bailiwick' ? 'a Bailiwick database' : 'a database of the legacy layout';
    onStep(`It is a dump of ${what}${section.named === null ? '' : `, ${section.named}`}.`);
    refuseLostRows(section, survey);
    const common = {
      format: 1 as const,
      at: new Date().toISOString(),
      dump: source.path,
      layout: section.layout,
      database: section.named,
      survey,
    };
    if (section.layout === 'legacy') {
      const tables = await extractCsv(section, scratch, place.draft, progress);
      return { ...common, load: withRights(section), tables, others: otherTables(section), backup: null };
    }
    const { path, failed } = await extractBackup(section, scratch, place.draft, onStep, progress);
    const load = { ...section.report, failed: [...section.report.failed, ...failed] };
    return { ...common, load, tables: [], others: otherTables(section), backup: relative(place.draft, path) };
  });
}

/** The legacy layout needs none of the owners and rights that its dump has: the mapping's tables have their own. */
function withRights({ report, deferred }: ChosenSection): LoadReport {
  if (deferred.length === 0) return report;
  return { ...report, tolerated: [...report.tolerated, { what: toleratedKinds.rights, count: deferred.length, names: [] }] };
}

function refuseUnfit({ serverVersion, cutOff }: Survey, { source, acceptTruncated, acceptNewer }: TakeOutOptions): void {
  if (cutOff !== null && !acceptTruncated) {
    throw new AppError('DUMP_INVALID', `${source.path} is cut off: ${cutOff}. Nothing was changed.`, {
      hint: 'Look for another copy. If there is none, --accept-truncated takes what is there, and what is missing stays missing.',
    });
  }
  if (serverVersion !== null && Number.parseInt(serverVersion, 10) > scratchMajor && !acceptNewer) {
    throw new AppError(
      'DUMP_REFUSED',
      `${source.path} was dumped from PostgreSQL ${serverVersion}, and the scratch server that reads it is ${scratchMajor}: it may not understand all of it. Nothing was changed.`,
      {
        hint: 'Use a Bailiwick with a newer embedded PostgreSQL. If there is none, --accept-newer tries it; a row that does not arrive is an error all the same.',
      },
    );
  }
}
