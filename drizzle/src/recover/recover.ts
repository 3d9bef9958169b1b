import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { checkFiles } from '../backup/checkFiles.js';
import { requireWritable } from '../backup/conflictsFile.js';
import type { Backup } from '../backup/manifest.js';
import { restoreBackup } from '../backup/restoreBackup.js';
import type { RestoreReport } from '../backup/restoreBackup.js';
import { serverAccount } from '../embedded/account.js';
import { prepareBinaries } from '../embedded/binaries.js';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { withSession } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { describeLoss, findLoss } from './beforeLoss.js';
import { extractMoment, extractServer } from './extract.js';
import type { Loss } from './guardLosses.js';
import { clearScratch } from './scratchRecovery.js';
import type { ScratchPlace } from './scratchRecovery.js';
import { askLiveServer, findSource, requireBases } from './source.js';
import type { LiveServer } from './source.js';
import { describeTarget, targetSettings } from './target.js';
import type { AskedTarget, ExactTarget } from './target.js';
import type { WalSource } from './walSegments.js';
import { openWorkspace } from './workspace.js';
import type { Workspace } from './workspace.js';

export interface RecoverOptions {
  /** URL of the database as a superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** The archive lies beside it. */
  readonly dataDir: string;
  /** Undefined: all of them, for a database that was made anew. */
  readonly schema: string | undefined;
  readonly to: AskedTarget;
  readonly isDryRun?: boolean;
  /** System identifier of a cluster that lay here before. */
  readonly cluster?: string;
  /** A server that stands at the moment already. */
  readonly fromUrl?: string;
  /** Of the scratch server and what is extracted. */
  readonly workFolder?: string;
  readonly conflictsFile?: string;
  readonly onStep?: (sentence: string) => void;
  readonly progress?: Progress;
}

export interface RecoverReport {
  readonly schema: string | null;
  /** What was gone back to, in words. */
  readonly moment: string;
  /** Null when the moment was given. */
  readonly loss: Loss | null;
  /** Of the schema, before that one, and missing still. */
  readonly otherLosses: readonly Loss[];
  readonly baseBackup: string | null;
  /** Whether what an earlier run had extracted was used. */
  readonly isResumed: boolean;
  /** A backup of the moment, which the next recovery takes away. */
  readonly extract: string;
  readonly restore: RestoreReport;
  readonly steps: readonly { readonly step: string; readonly seconds: number }[];
}

/**
 * Brings one schema back to a moment, while the others keep what they wrote since: a scratch server from base backup and WAL, stopped at the moment; a backup
 * of it; a restore of that into the living database. Nothing that is there is overwritten. Each stage leaves something complete or nothing, so a run that was
 * killed is begun again with the same command.
 * @throws RECOVERY_IMPOSSIBLE, RECOVERY_FAILED, LOCK_HELD, NOT_FOUND, BAD_USER_INPUT, and what restoreBackup throws.
 */
export async function recover(options: RecoverOptions): Promise<RecoverReport> {
  const { dataDir, onStep = () => undefined } = options;
  if (options.conflictsFile !== undefined) await requireWritable(options.conflictsFile);
  const live = await askLiveServer(options.operatorUrl);
  const account = serverAccount(live.owner);
  const workspace = await openWorkspace(dataDir, options.workFolder, account);
  const clock = stopwatch();
  try {
    await clearScratch(workspace.scratch, onStep);
    const found =
      options.fromUrl === undefined
        ? await fromArchive(options, live, workspace, clock)
        : await fromServer(options, live, workspace, clock);
    const restore = await clock.measure('bring back', async () =>
      restoreBackup({
        operatorUrl: options.operatorUrl,
        credentials: options.credentials,
        backup: found.backup,
        onlySchema: options.schema,
        isDryRun: options.isDryRun,
        // Whoever recovers to a moment means what was there then, and a migration can be the loss itself.
        despiteMigrations: true,
        conflictsFile: options.conflictsFile,
        onStep,
        progress: options.progress,
      }),
    );
    const { backup, ...rest } = found;
    return { schema: options.schema ?? null, ...rest, extract: backup.path, restore, steps: clock.steps };
  } finally {
    await workspace.release();
  }
}

type Found = Pick<RecoverReport, 'moment' | 'loss' | 'otherLosses' | 'baseBackup' | 'isResumed'> & { backup: Backup };

/** What a recovery works with, beside its options. */
export async function scratchPlace(
  { dataDir, onStep = () => undefined, progress = silentProgress }: Pick<RecoverOptions, 'dataDir' | 'onStep' | 'progress'>,
  live: LiveServer,
  workspace: Workspace,
): Promise<ScratchPlace> {
  const account = serverAccount(live.owner);
  const { postgres } = await prepareBinaries(account, join(dataDir, 'binaries'), onStep);
  return { folder: workspace.scratch, postgres, account, progress, onStep, settings: live.settings };
}

async function fromArchive(options: RecoverOptions, live: LiveServer, workspace: Workspace, clock: Stopwatch): Promise<Found> {
  const { onStep = () => undefined, progress = silentProgress, to, schema } = options;
  const source = await findSource(options.dataDir, live, options.cluster);
  requireBases(source);
  const { archive, bases } = source;
  const wal: WalSource = {
    archiveFolder: archive.walFolder,
    liveFolder: source.isOwn ? live.walFolder : undefined,
    liveEnd: source.isOwn ? live.flushed : undefined,
  };
  const place = await scratchPlace(options, live, workspace);
  const { database } = live;
  let [loss, otherLosses]: [Loss | null, Loss[]] = [null, []];
  if (to.kind === 'before-loss') {
    if (schema === undefined || !source.isOwn) throw lossIsNotKnown();
    const search = { operatorUrl: options.operatorUrl, database, place, bases, wal };
    const found = await clock.measure('find the loss', async () => findLoss(schema, search));
    [loss, otherLosses] = [found.loss, found.others];
    onStep(`The loss: ${describeLoss(loss)}.`);
    for (const other of otherLosses) onStep(`Missing still, and before that: ${describeLoss(other)}. Recover again afterwards.`);
  }
  const target: ExactTarget = loss ? { kind: 'transaction', xid: loss.xid } : (to as ExactTarget);
  const moment = loss ? `just before ${loss.statement ?? `transaction ${loss.xid}`}` : describeTarget(target);
  const key = { systemIdentifier: archive.systemIdentifier, database, target: JSON.stringify(targetSettings(target)) };
  const known = target.kind === 'end' ? undefined : await findWhole(workspace, key, progress);
  if (known) {
    onStep(`Found what an earlier run had extracted of the same moment: ${known.path}. Going on from there.`);
    return { backup: known, moment, loss, otherLosses, baseBackup: null, isResumed: true };
  }
  const at = target.kind === 'time' ? target.time : loss?.at;
  const { backup, base } = await clock.measure('replay and extract', async () =>
    extractMoment({ place, bases, wal, database, target, at, folder: workspace.extracts }),
  );
  await workspace.keepExtract(key, backup);
  return { backup, moment, loss, otherLosses, baseBackup: base.name, isResumed: false };
}

function lossIsNotKnown(): AppError {
  return new AppError('BAD_USER_INPUT', 'before-loss needs one schema, and the database that the loss was in.', {
    hint: 'Give --schema; or, for a database that was made anew, a moment with --to <time>, or --to end.',
  });
}

async function findWhole(
  workspace: Workspace,
  key: Parameters<Workspace['findExtract']>[0],
  progress: Progress,
): Promise<Backup | undefined> {
  const backup = await workspace.findExtract(key);
  if (!backup) return undefined;
  try {
    await checkFiles(backup, progress);
    return backup;
  } catch {
    // It is made again.
    return undefined;
  }
}

/** Where pgBackRest or the like has brought a scratch server to the moment. */
async function fromServer(options: RecoverOptions, live: LiveServer, workspace: Workspace, clock: Stopwatch): Promise<Found> {
  const { fromUrl = '', onStep = () => undefined, progress = silentProgress } = options;
  const { identifier, isSame } = await withSession(fromUrl, 'recover', async (client) => {
    const asked = `select (select system_identifier::text from pg_control_system()) as identifier,
      pg_postmaster_start_time()::text as started, current_setting('data_directory') as directory`;
    const { rows } = await client.query<{ identifier: string; started: string; directory: string }>(asked);
    const own = await withSession(options.operatorUrl, 'recover', async (other) =>
      other.query<{ started: string; directory: string }>(asked),
    );
    const [there, here] = [rows[0], own.rows[0]];
    return {
      identifier: there?.identifier ?? '',
      isSame: there?.started === here?.started && there?.directory === here?.directory,
    };
  });
  if (isSame) {
    throw new AppError('BAD_USER_INPUT', '--from names the very server that is to get its rows back.', {
      hint: 'Name the scratch server that was brought to the moment before the loss.',
    });
  }
  if (identifier !== live.systemIdentifier) {
    throw new AppError(
      'RECOVERY_IMPOSSIBLE',
      `The server named by --from is of cluster ${identifier}, and the database is of cluster ${live.systemIdentifier}. Nothing was changed.`,
      { hint: 'Restore a copy of this very cluster into the scratch server.' },
    );
  }
  const backup = await clock.measure('extract', async () =>
    extractServer(fromUrl, options.credentials, workspace.extracts, { onStep, progress }),
  );
  return {
    backup,
    moment: 'the state of the server named by --from',
    loss: null,
    otherLosses: [],
    baseBackup: null,
    isResumed: false,
  };
}

interface Stopwatch {
  readonly steps: { step: string; seconds: number }[];
  measure<T>(step: string, work: () => Promise<T>): Promise<T>;
}

function stopwatch(): Stopwatch {
  const steps: Stopwatch['steps'] = [];
  return {
    steps,
    async measure(step, work) {
      const began = performance.now();
      const result = await work();
      steps.push({ step, seconds: (performance.now() - began) / 1000 });
      return result;
    },
  };
}
