/** The suite that every connector must pass, on the smallest connector there is. */
import { afterAll, beforeAll } from "vitest";
import { manualClock } from "#core/time";
import { describeConnector } from "../support/conformance.ts";
import { type FakeVendor, fakeSource, listing, startFakeVendor } from "../support/fake-vendor.ts";

const clock = manualClock("2026-11-20T12:00:00.000Z");
let vendor: FakeVendor;
beforeAll(async () => {
  vendor = await startFakeVendor(clock);
  const at = (n: number) =>
    `2026-11-${String(10 + (n % 8)).padStart(2, "0")}T09:${String(n).padStart(2, "0")}:00.000Z`;
  for (let n = 0; n < 9; n++) {
    vendor.put("projects", {
      id: `p${n}`,
      stamp: at(n),
      agreed: n % 2 ? `P-${n}` : "",
      code: `C${n}`,
      active: true,
    });
    vendor.put("cards", { id: `c${n}`, stamp: at(n), lines: [["Consultant", "150"]] });
    vendor.put("time", {
      id: `t${n}`,
      stamp: at(n),
      project: `p${n}`,
      day: "2026-11-09",
      hours: n === 3 ? "30" : "7.25",
    });
  }
});
afterAll(() => vendor.close());

describeConnector("make-believe", () => fakeSource(vendor, clock));
describeConnector("make-believe, all-listing", () => {
  const { streams } = fakeSource(vendor, clock).source;
  return fakeSource(vendor, clock, { streams: streams.map(listing) });
});
