/** For a shell's single quotes and for PostgreSQL, which takes % for a placeholder of its own. */
const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`).replaceAll('%', '%%')}'`;

/**
 * The restore_command of a server that recovers from an archive, packed segments included. It ends with an error when the segment is not there, or is
 * damaged: gzip has a checksum. Needs sh and gzip, which the account of the server finds in /bin and /usr/bin on Linux and macOS.
 * @param walFolder the server's account must be able to enter and read it.
 */
export function restoreCommand(walFolder: string): string {
  const from = quoted(walFolder);
  // The packed file is made before the plain one goes, so that one of the two is there whenever we look in this order.
  return `cp ${from}/"%f" "%p" 2>/dev/null || { test -f ${from}/"%f.gz" && gzip -dc ${from}/"%f.gz" > "%p"; }`;
}

/** The settings of a server that recovers a base backup from an archive: the tablespaces of the copy are folders (copyCluster.ts). */
export function recoverySettings(walFolder: string): Record<string, string> {
  return { restore_command: restoreCommand(walFolder), allow_in_place_tablespaces: 'on' };
}
