/** Dates and instants of a working week. Weeks run Sunday to Saturday, as the make-believe PSA is set up. */
import { addDays, type IsoDate, instantOf } from "#core/time";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const WEEKDAY_NAMES = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;

/** 0 is Sunday. */
export function weekday(date: IsoDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

export function isWeekday(date: IsoDate): boolean {
  const day = weekday(date);
  return day > 0 && day < 6;
}

/** The Sunday on or before a date. */
export function weekStart(date: IsoDate): IsoDate {
  return addDays(date, -weekday(date));
}

/** The first Monday on or after a date. */
export function mondayFrom(date: IsoDate): IsoDate {
  return addDays(date, (8 - weekday(date)) % 7);
}

/** The UTC calendar date of an instant. */
export function dateOf(ms: number): IsoDate {
  return instantOf(ms).slice(0, 10);
}

/** Midnight UTC of a date plus hours and minutes. */
export function instantAt(date: IsoDate, hour: number, minute = 0): number {
  return Date.parse(`${date}T00:00:00Z`) + hour * HOUR + minute * MINUTE;
}

export function monthOf(date: IsoDate): string {
  return date.slice(0, 7);
}

export function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}

export function firstOf(month: string): IsoDate {
  return `${month}-01`;
}

export function lastOf(month: string): IsoDate {
  return addDays(firstOf(addMonths(month, 1)), -1);
}

export function addYears(date: IsoDate, years: number): IsoDate {
  const moved = `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
  return moved.endsWith("-02-29") ? `${moved.slice(0, 4)}-02-28` : moved;
}

/** Monday-to-Friday days from `from` to `to`, both included; 0 when the range is empty. */
export function countWeekdays(from: IsoDate, to: IsoDate): number {
  let count = 0;
  for (let date = from; date <= to; date = addDays(date, 1)) if (isWeekday(date)) count++;
  return count;
}

export function earlier(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? a : b;
}

export function later(a: IsoDate, b: IsoDate): IsoDate {
  return a > b ? a : b;
}

/** Tasks are closed twelve days after their end, when the last of their weeks have come in; null when that is not days ago yet. */
export function taskClosedAt(task: { endOn: IsoDate }, asOf: number): number | null {
  const at = instantAt(addDays(task.endOn, 12), 15);
  return at < asOf - 2 * DAY ? at : null;
}
