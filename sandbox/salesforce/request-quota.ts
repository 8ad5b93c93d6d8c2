/** The org's quota of API calls over a rolling day, counted by the hour. */
import type { Clock } from "#core/time";

const HOUR_MS = 3_600_000;

export interface RequestQuota {
  /** Counts a call; false when the day's calls are used up. */
  take(): boolean;
  used(): number;
}

export function createRequestQuota(clock: Clock, perDay: number): RequestQuota {
  const byHour = new Map<number, number>();
  function used(): number {
    const oldest = Math.floor(clock.now() / HOUR_MS) - 23;
    let total = 0;
    for (const [hour, calls] of byHour) {
      if (hour < oldest) byHour.delete(hour);
      else total += calls;
    }
    return total;
  }
  return {
    used,
    take() {
      if (used() >= perDay) return false;
      const hour = Math.floor(clock.now() / HOUR_MS);
      byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
      return true;
    },
  };
}
