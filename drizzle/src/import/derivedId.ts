import { quoteText } from './sql.js';

/** A UUID (version 8, RFC 9562) that is the same for the same table and text, so that a second run finds the row again. */
export function derivedId(table: string, text: string): string {
  const hash = `md5(${quoteText(`bailiwick import\n${table}\n`)} || ${text})`;
  return `overlay(overlay(${hash} placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}
