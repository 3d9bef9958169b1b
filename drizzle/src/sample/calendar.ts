import type { Random } from './random.js';

const millisecondsPerDay = 86_400_000;

/**
 * The day on which the sample data stands still, as a number of days since 1970-01-01. It is fixed, and not the day of the fill,
 * because the same data must come out each time. What lies ahead is therefore spread widely: the hearings of open cases over
 * the 18 months after it, and their long-range listings to the end of 2036, so that "the next event" has an answer for years.
 */
export const baseDay = dayOf('2026-11-01');

/** @param date as `2026-11-01`; returns days since 1970-01-01. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay;
}

/** The day as `2026-11-01`. */
export function isoDate(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/** An instant in milliseconds since 1970 as `2026-11-01T09:30:00.000Z`. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function yearOf(day: number): number {
  return new Date(day * millisecondsPerDay).getUTCFullYear();
}

/** An instant in the office hours of the day, in milliseconds since 1970. */
export function officeHours(random: Random, day: number): number {
  return day * millisecondsPerDay + random.integer(8 * 3600, 17 * 3600 - 1) * 1000;
}

/** A full or half hour at which a hearing or a meeting begins, in milliseconds since 1970. */
export function appointment(random: Random, day: number): number {
  return day * millisecondsPerDay + random.integer(18, 31) * 1_800_000;
}

/** The day itself, or the Monday after where it is a Saturday or a Sunday. */
export function workday(day: number): number {
  const weekday = (day + 4) % 7;
  return weekday === 6 ? day + 2 : weekday === 0 ? day + 1 : day;
}
