/** The only place that asks what time it is. Everything else is given a Clock. */

/** An instant as ISO 8601 in UTC with milliseconds: `2026-11-21T06:27:52.000Z`. */
export type Instant = string;

/** A calendar date, `YYYY-MM-DD`, with no zone. */
export type IsoDate = string;

export interface Clock {
  /** Now, in milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock for tests: starts at `start` and moves only when told to. */
export function manualClock(start: Instant): Clock & { advance(ms: number): void; set(at: Instant): void } {
  let t = Date.parse(start);
  return {
    now: () => t,
    advance(ms) {
      t += ms;
    },
    set(at) {
      t = Date.parse(at);
    },
  };
}

export function instantOf(ms: number): Instant {
  return new Date(ms).toISOString();
}

export function msOf(at: Instant): number {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) throw new RangeError(`Not an instant: ${at}`);
  return ms;
}

/** How ClickHouse wants a DateTime64(3) parameter or JSON value: `2026-11-21 06:27:52.000` (UTC). */
export function chTime(at: Instant | number): string {
  const iso = typeof at === "number" ? instantOf(at) : instantOf(msOf(at));
  return iso.slice(0, 23).replace("T", " ");
}

/** The reverse of chTime: ClickHouse's `2026-11-21 06:27:52.000` (UTC) to an Instant. */
export function fromChTime(text: string): Instant {
  return instantOf(Date.parse(`${text.replace(" ", "T")}Z`));
}

/** `YYYY-MM-DD` plus a number of days. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return instantOf(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).slice(0, 10);
}

/** Whole days from `a` to `b` (negative when b is earlier). */
export function daysBetween(a: IsoDate, b: IsoDate): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / 86_400_000);
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `"90s"`, `"15m"`, `"4h"`, `"2d"` to milliseconds. Throws RangeError on anything else. */
export function durationMs(text: string): number {
  const m = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const unit = m?.[2] === undefined ? undefined : UNITS[m[2]];
  if (!m || unit === undefined) throw new RangeError(`Not a duration: "${text}" (write 30s, 15m, 4h or 2d)`);
  return Number(m[1]) * unit;
}

/** A readable duration: `4 h`, `12 min`, `3 d`. */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
