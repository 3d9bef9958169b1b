/** The Node that the servers of a run are run by: one for all of them, because a newer one alone makes a server faster. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What PostGraphile 5 needs (its package.json). */
const postgraphileNeeds = 22;

interface NodeExecutable {
  readonly node: string;
  readonly version: string;
}

export interface Runtime extends NodeExecutable {
  /** PostGraphile's: the same, or a newer one where that is too old for it. A newer one is an advantage, so the results name it. */
  readonly postgraphile: NodeExecutable;
}

/**
 * The one asked for, else the bench's own. Where that is too old for PostGraphile, the newer one: for all when none was asked for, else for PostGraphile only.
 * Throws when one of them can not be run.
 * @param asked the file of an executable.
 * @param findNewer says the file of the newer one, undefined where no contender needs it. It may install a lot, so it is called when the one asked for can be run.
 */
export async function chooseRuntime(asked: string | undefined, findNewer: () => Promise<string | undefined>): Promise<Runtime> {
  const chosen = await executableOf(asked ?? process.execPath);
  const newer = await findNewer();
  if (newer === undefined || isNewEnough(chosen)) return { ...chosen, postgraphile: chosen };
  const theirs = await executableOf(newer);
  return { ...(asked === undefined ? theirs : chosen), postgraphile: theirs };
}

/** Its version; PostGraphile's where it takes part with another one; and the bench's own, which makes the load, where that is another one. */
export function versionsOf({ version, postgraphile }: Runtime, contenders: readonly string[]): Record<string, string> {
  const isOther = contenders.includes('postgraphile') && postgraphile.version !== version;
  return {
    node: version,
    ...(isOther && { "PostGraphile's Node": postgraphile.version }),
    ...(process.version !== version && { "the bench's own Node": process.version }),
  };
}

async function executableOf(node: string): Promise<NodeExecutable> {
  const hint = 'Give the file of a Node executable with --node.';
  let said: string;
  try {
    said = (await run(node, ['--version'], { timeout: 10_000 })).stdout;
  } catch (error) {
    throw new Error(`${node || 'An empty text'} can not be run as Node: ${(error as Error).message.trim()}. ${hint}`, {
      cause: error,
    });
  }
  const [version = ''] = said.trim().split('\n');
  if (!/^v\d+\.\d+\.\d+/.test(version)) throw new Error(`${node} is no Node: its version is "${version.slice(0, 80)}". ${hint}`);
  return { node, version };
}

const isNewEnough = ({ version }: NodeExecutable): boolean => Number(/\d+/.exec(version)?.[0]) >= postgraphileNeeds;
