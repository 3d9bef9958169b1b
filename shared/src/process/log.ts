import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/**
 * The log of a process: one JSON object a line on standard error, so that standard output stays free for what a person reads.
 * Tokens and passwords are never passed to it; the redaction is the second line of defence.
 */
export function createLog(service: string, level: string): Logger {
  return pino(
    {
      level,
      base: { service },
      redact: {
        paths: ['authorization', '*.authorization', 'headers.authorization', 'password', '*.password'],
        censor: '(hidden)',
      },
    },
    pino.destination({ fd: 2, sync: false }),
  );
}
