import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AppError } from '@bailiwick/kernel/errors';

/** The account of the operating system that postgres runs under, where it is not simply our own. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Asked for in this order. `node` is the ordinary user of the Node container images; `nobody` is shared with others, so it comes last. */
const preferred = ['postgres', '_postgres', 'node', 'daemon', 'nobody'];

/**
 * The account to run postgres under. PostgreSQL refuses to run as root, and initdb wants the account to have a passwd entry.
 * @param owner uid that owns the cluster already; kept where it can be.
 * @returns undefined when we are an ordinary user: then it is ourselves.
 * @throws SERVER_START_FAILED when we are root and the machine knows no other account.
 */
export function serverAccount(owner?: number): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && !fields[0]?.startsWith('#'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }))
    .filter(({ uid }) => uid !== 0);
  const byName = preferred.map((name) => accounts.find((account) => account.name === name)).find((account) => account);
  const account = accounts.find(({ uid }) => uid === owner) ?? byName ?? accounts[0];
  if (account) return account;
  throw new AppError('SERVER_START_FAILED', 'PostgreSQL can not run as root, and /etc/passwd has no other account for it.', {
    hint: 'Add one (useradd --system postgres), run as an ordinary user, or set DATABASE_URL to a PostgreSQL that exists.',
  });
}

/**
 * Whether the account can do what a shell's `test` asks of a path: `-x` enter or run, `-r` read, `-w` write.
 * The operating system answers it itself, so that access lists count too. True for ourselves: there the first use tells.
 */
export function canReach(account: Account | undefined, test: '-x' | '-r' | '-w', path: string): boolean {
  if (!account) return true;
  const { status } = spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}
