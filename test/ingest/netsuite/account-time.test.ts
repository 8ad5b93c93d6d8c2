import { describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import { accountTime } from "#ingest/netsuite/account-time";

const newYork = accountTime("America/New_York");

describe("the account's wall clock", () => {
  it("is the zone's, summer and winter", () => {
    expect(newYork.wall(msOf("2026-07-01T12:00:00.000Z"))).toBe("2026-07-01 08:00:00");
    expect(newYork.wall(msOf("2026-12-01T04:59:59.000Z"))).toBe("2026-11-30 23:59:59");
    expect(accountTime("Asia/Kolkata").wall(0)).toBe("1970-01-01 05:30:00");
  });

  it("is read back to the instant it showed, hour by hour over a year", () => {
    for (let ms = msOf("2026-01-01T00:30:00.000Z"); ms < msOf("2027-01-01T00:00:00.000Z"); ms += 3_600_000) {
      const back = newYork.instant(newYork.wall(ms));
      // The hour that comes twice is read as the first.
      const twice = ms >= msOf("2026-11-01T06:00:00.000Z") && ms < msOf("2026-11-01T07:00:00.000Z");
      expect(back).toBe(twice ? ms - 3_600_000 : ms);
    }
  });

  it("gives bounds that hold both passes of the hour that comes twice", () => {
    for (let minute = 0; minute < 240; minute += 7) {
      const ms = msOf("2026-11-01T04:00:00.000Z") + minute * 60_000;
      for (let later = 0; later < 180; later += 3)
        expect(newYork.wall(ms + later * 60_000) >= newYork.from(ms)).toBe(true);
      for (let earlier = 1; earlier < 180; earlier += 3)
        expect(newYork.wall(ms - earlier * 60_000) < newYork.before(ms)).toBe(true);
    }
  });

  it("refuses what is no time", () => {
    for (const text of ["", "11/20/2026", "2026-02-30 10:00:00", "2026-11-20"])
      expect(newYork.instant(text)).toBeNull();
  });
});
