import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';

/** PostgreSQL writes its structures as they lie in memory. */
export const isLittleEndian = endianness() === 'LE';

/** Where a control file's own checksum can stand: it is the last field, and versions differ by a few fields before it. */
const checksumBetween = { first: 200, last: 508 };

/**
 * The number that initdb gave a cluster; its copies have the same. Read without a server, from the first bytes of global/pg_control
 * (src/include/catalog/pg_control.h, the same since 9.x), which must be what PostgreSQL wrote: a wrong number would begin another archive.
 * @returns decimal, as pg_control_system() gives it.
 * @throws SERVER_START_FAILED when the file is damaged or missing: PostgreSQL would not start on it either.
 */
export async function systemIdentifierOf(cluster: string): Promise<string> {
  const path = join(cluster, 'global', 'pg_control');
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw damaged(path, error.code === 'ENOENT' ? 'is missing' : `can not be read (${error.code ?? error.message})`);
  });
  if (!holdsItsChecksum(content)) throw damaged(path, 'does not hold its own checksum');
  return String(isLittleEndian ? content.readBigUInt64LE() : content.readBigUInt64BE());
}

function damaged(path: string, how: string): AppError {
  return new AppError('SERVER_START_FAILED', `${path} ${how}: PostgreSQL can not start on it. Nothing was changed.`, {
    hint: 'Move the data directory aside as it is, and bring everything back from its archive: docs/recovery.md, "If the whole data directory is gone".',
  });
}

/** Whether the four bytes at one of the places are the CRC-32C (Castagnoli) of everything before them. */
function holdsItsChecksum(content: Buffer): boolean {
  let crc = 0xffffffff;
  for (let at = 0; at <= Math.min(checksumBetween.last, content.length - 4); at++) {
    const stored = isLittleEndian ? content.readUInt32LE(at) : content.readUInt32BE(at);
    if (at >= checksumBetween.first && at % 4 === 0 && stored === (crc ^ 0xffffffff) >>> 0) return true;
    crc ^= content[at] ?? 0;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return false;
}
