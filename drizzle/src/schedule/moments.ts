import { AppError } from '@bailiwick/kernel/errors';

/** A time of the day, in UTC. */
export interface Clock {
  readonly hour: number;
  readonly minute: number;
}

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

const day = 24 * 60 * 60_000;

/** @throws BAD_USER_INPUT for what is no time of the day like 03:15. */
export function parseClock(option: string, text: string): Clock {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined && minute !== undefined) return { hour: Number(hour), minute: Number(minute) };
  throw new AppError('BAD_USER_INPUT', `${option} got "${text}", which is no time of the day.`, {
    hint: `Give hours and minutes in UTC, for example ${option} 03:15.`,
  });
}

/** The last moment at or before `now` that has this time, and this weekday if one is given. Counted from the clock each time, so nothing drifts. */
export function lastMoment(clock: Clock, now: Date, weekday?: Weekday): Date {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), clock.hour, clock.minute);
  let moment = today <= now.getTime() ? today : today - day;
  while (weekday !== undefined && weekdays[new Date(moment).getUTCDay()] !== weekday) moment -= day;
  return new Date(moment);
}

/** The next such moment after `now`. */
export function nextMoment(clock: Clock, now: Date, weekday?: Weekday): Date {
  return new Date(lastMoment(clock, now, weekday).getTime() + (weekday === undefined ? day : 7 * day));
}
