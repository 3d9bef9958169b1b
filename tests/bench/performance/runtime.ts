/** The Node that the servers of a run are run by: one for all of them, because a newer one alone makes a server faster. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { newerNode } from './packages.js';

const run = promisify(execFile);
/** PostGraphile's (its package.json). */
const postgraphileNeeds = 22;

export interface Runtime {
  /** The executable of every contender. */
  readonly node: string;
  readonly version: string;
  /** PostGraphile's, where that one is too old for it; a contender at an advantage, so the results tell of it. */
  readonly postgraphile: Pick<Runtime, 'node' | 'version'>;
}

/**
 * Chooses it: the one that was asked for, or this one; where this one is too old for PostGraphile and the packages are installed, the newer one
 * of theirs. Throws when the one that was asked for can not be run.
 * @param asked the file of an executable.
 * @param hasNewer whether the packages with the newer Node are installed.
 */
export async function chooseRuntime(asked: string | undefined, hasNewer: boolean): Promise<Runtime> {
  const chosen = await described(asked ?? process.execPath);
  if (isEnough(chosen) || !hasNewer) return { ...chosen, postgraphile: chosen };
  const newer = await described(newerNode);
  return asked === undefined ? { ...newer, postgraphile: newer } : { ...chosen, postgraphile: newer };
}

/** Its version, and PostGraphile's where it takes part with another one. */
export function versionsOf({ version, postgraphile }: Runtime, contenders: readonly string[]): Record<string, string> {
  const isOther = contenders.includes('postgraphile') && postgraphile.version !== version;
  return { node: version, ...(isOther && { "PostGraphile's Node": postgraphile.version }) };
}

async function described(node: string): Promise<Pick<Runtime, 'node' | 'version'>> {
  const hint = `Give the file of a Node executable, of version ${postgraphileNeeds} or newer, with --node.`;
  const { stdout } = await run(node, ['--version']).catch((error: unknown) => {
    throw new Error(`${node} can not be run as Node: ${(error as Error).message.trim()}. ${hint}`);
  });
  const [version = ''] = stdout.trim().split('\n');
  if (!/^v\d+\.\d+\.\d+/.test(version)) throw new Error(`${node} is no Node: its version is "${version.slice(0, 80)}". ${hint}`);
  return { node, version };
}

const isEnough = ({ version }: Pick<Runtime, 'version'>): boolean => Number(/\d+/.exec(version)?.[0]) >= postgraphileNeeds;
