import { AppError } from '@bailiwick/kernel/errors';

/** What a person asks for. */
export type AskedTarget = { readonly kind: 'before-loss' } | { readonly kind: 'end' } | TimeTarget | NameTarget;

interface TimeTarget {
  readonly kind: 'time';
  readonly time: Date;
  /** The same to the microsecond, for PostgreSQL; which knows no Z while it reads its settings. */
  readonly text: string;
}

interface NameTarget {
  readonly kind: 'name';
  readonly name: string;
}

/** What PostgreSQL stops at. The transaction and the time themselves are left out; a restore point is a place between two records. */
export type ExactTarget =
  | TimeTarget
  | NameTarget
  /** Decimal, 32 bits, as the WAL has it. */
  | { readonly kind: 'transaction'; readonly xid: string }
  | { readonly kind: 'end' };

const timeForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads --to.
 * @throws BAD_USER_INPUT for a time without zone or that no calendar has, and for what can be no name of a restore point.
 */
export function parseTarget(text: string): AskedTarget {
  if (text === 'before-loss' || text === 'end') return { kind: text };
  const [, day, clock, zone] = timeForm.exec(text) ?? [];
  if (day && clock) {
    if (!zone) {
      throw bad(
        `--to got the time ${text} without a zone, which means another moment in every country.`,
        `Add the zone: --to ${day}T${clock}Z for UTC, or for example --to ${day}T${clock}+02:00.`,
      );
    }
    const offset = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
    const time = new Date(`${day}T${clock}${offset}`);
    // The calendar of JavaScript takes 30 February for 2 March.
    if (Number.isNaN(time.getTime()) || !isRealDay(day))
      throw bad(`--to got ${text}, which is no time of the calendar.`, 'Give one like 2026-11-22T14:05:00Z.');
    return { kind: 'time', time, text: `${day} ${clock}${offset === 'Z' ? '+00:00' : offset}` };
  }
  if (/^[\d\s:.,TZ+/-]+$/i.test(text) && /\d[-:/.]\d/.test(text)) {
    throw bad(`--to got ${text}, which can not be read as a time.`, 'Give day, clock and zone, like 2026-11-22T14:05:00Z.');
  }
  if (text.trim() === '' || Buffer.byteLength(text) > 63) {
    throw bad(
      `--to got ${text.trim() === '' ? 'nothing' : `a name of ${Buffer.byteLength(text)} bytes`}.`,
      'Give a time with its zone, the name of a restore point (at most 63 bytes), or before-loss.',
    );
  }
  return { kind: 'name', name: text };
}

function isRealDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const bad = (message: string, hint: string): AppError => new AppError('BAD_USER_INPUT', message, { hint });

/** In the words of postgresql.conf. */
export function targetSettings(target: ExactTarget): Record<string, string> {
  switch (target.kind) {
    case 'time':
      return { recovery_target_time: target.text, recovery_target_inclusive: 'off' };
    case 'transaction':
      return { recovery_target_xid: target.xid, recovery_target_inclusive: 'off' };
    case 'name':
      return { recovery_target_name: target.name };
    case 'end':
      return {};
  }
}

export function describeTarget(target: ExactTarget): string {
  switch (target.kind) {
    case 'time':
      return target.time.toISOString();
    case 'transaction':
      return `the moment before transaction ${target.xid}`;
    case 'name':
      return `restore point ${target.name}`;
    case 'end':
      return 'its end';
  }
}
