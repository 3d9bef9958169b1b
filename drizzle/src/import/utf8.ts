import { isUtf8 } from 'node:buffer';

/** How many bytes at the end of `bytes` begin a character that the next chunk must complete: 0 to 3. */
export function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}

/** The offset of the first byte that is not UTF-8 (RFC 3629), or -1. */
export function firstBadByte(bytes: Buffer): number {
  if (isUtf8(bytes)) return -1;
  let good = 0;
  let bad = bytes.length;
  // Halving: the longest prefix of whole characters that is valid.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - unfinishedBytes(prefix)))) good = middle;
    else bad = middle;
  }
  return good - unfinishedBytes(bytes.subarray(0, good));
}
