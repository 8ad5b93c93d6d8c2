/** From when on an exception counts as one severity higher. */
import { describe, expect, it } from "vitest";
import type { PlumblineConfig } from "#core/config";
import { msOf } from "#core/time";
import { businessDaysTo, levelsOf, nextCutoff, sayRaised } from "#reconcile/governance/escalation";
import { firmConfig } from "../seed.ts";

type Escalation = PlumblineConfig["reconcile"]["escalation"];
function config(escalation: Escalation, billing: Partial<PlumblineConfig["billing"]> = {}): PlumblineConfig {
  const firm = firmConfig();
  return {
    ...firm,
    billing: { ...firm.billing, ...billing },
    reconcile: { ...firm.reconcile, ...(escalation ? { escalation } : {}) },
  };
}
const at = (day: string) => msOf(`${day}T12:00:00.000Z`);

describe("escalation", () => {
  it("is nothing at all where nothing was ever configured", () => {
    expect(levelsOf(config(undefined), at("2026-06-15"), [])).toEqual([]);
  });

  it("has a threshold for each legal entity named, and one for the others", () => {
    const levels = levelsOf(config({ money: { default: "10000", DE01: "500" } }), at("2026-06-15"), []);
    expect(levels.map((l) => [l.legal_entity, l.money])).toEqual([
      ["", "10000"],
      ["DE01", "500"],
    ]);
  });

  it("takes back what is no longer configured", () => {
    expect(levelsOf(config(undefined), at("2026-06-15"), ["", "DE01"])).toEqual(
      ["", "DE01"].map((legal_entity) => ({
        legal_entity,
        money: "0",
        opened_before: "1970-01-01T00:00:00.000Z",
        is_cutoff_near: false,
      })),
    );
  });

  it("counts age in whole days", () => {
    const [level] = levelsOf(config({ money: {}, ageDays: 10 }), at("2026-06-15"), []);
    // Opened on the 5th at the latest: ten days ago.
    expect(level?.opened_before).toBe("2026-06-06T00:00:00.000Z");
  });

  it("knows the cutoff to be near when fewer business days are left, in the firm's time zone", () => {
    const near = (day: string, billing = {}) =>
      levelsOf(config({ money: {}, cutoffDays: 2 }, { cutoffDay: 3, ...billing }), at(day), [])[0]
        ?.is_cutoff_near;
    // The cutoff is Friday 3 July 2026.
    expect(near("2026-07-01")).toBe(false);
    expect(near("2026-07-02")).toBe(true);
    expect(near("2026-07-03")).toBe(true);
    expect(near("2026-07-04")).toBe(false);
  });

  it("finds the next cutoff across months and years, and passes over weekends", () => {
    expect(nextCutoff("2026-06-03", 3)).toBe("2026-06-03");
    expect(nextCutoff("2026-06-04", 3)).toBe("2026-07-03");
    expect(nextCutoff("2026-12-04", 3)).toBe("2027-01-03");
    expect(businessDaysTo("2026-06-12", "2026-06-15")).toBe(1);
    expect(businessDaysTo("2026-06-15", "2026-06-15")).toBe(0);
  });

  it("is said in words", () => {
    const said = config({ money: { default: "10000", DE01: "500" }, ageDays: 10 });
    expect(sayRaised(["money", "age"], said, "DE01")).toBe(
      "Raised by one level because at least 500 USD are at stake and it has been open for 10 days.",
    );
    expect(sayRaised([], said, "DE01")).toBe("");
  });
});
