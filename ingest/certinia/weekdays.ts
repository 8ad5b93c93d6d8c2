/** A timecard and a schedule hold a week as seven fields named by weekday, whatever day the org's week starts on. */
import { addDays, type IsoDate } from "#core/time";

/** Sunday first, as JavaScript and the package count. */
export const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export function weekdayOf(date: IsoDate): Weekday {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] as Weekday;
}

/** The seven dates of the week that starts on `start`. */
export function weekFrom(start: IsoDate): IsoDate[] {
  return WEEKDAYS.map((_, n) => addDays(start, n));
}

export function hoursField(day: Weekday): string {
  return `pse__${day}_Hours__c`;
}

export function notesField(day: Weekday): string {
  return `pse__${day}_Notes__c`;
}

/** The agreed key of one person's day on one timecard, and its own id in this system. */
export function timeLineId(timecardId: string, date: IsoDate): string {
  return `${timecardId}_${date}`;
}
