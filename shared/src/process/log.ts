import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { loggedError } from './loggedError.js';

export type { Logger };

/**
 * The log of a process: one JSON object a line on standard error, so that standard output stays free for what a person reads.
 * Tokens and passwords are never passed to it; the redaction is the second line of defence.
 */
export function createLog(service: string, level: string, destination: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      base: { service },
      serializers: { err: loggedError },
      redact: {
        paths: ['authorization', '*.authorization', 'headers.authorization', 'password', '*.password'],
        censor: '(hidden)',
      },
    },
    destination,
  );
}

function standardError(): DestinationStream {
  return pino.destination({ fd: 2, sync: false });
}
