/** Which side is right: by comparison, field, legal entity and day, the most particular line first. */
import { describe, expect, it } from "vitest";
import type { PlumblineConfig } from "#core/config";
import { comparisonById } from "#reconcile/explain";
import { sayRecords } from "#reconcile/governance/describe";
import { recordRole, recordRoleOf } from "#reconcile/governance/system-of-record";

type Lines = PlumblineConfig["systemOfRecord"][string];
const matrix = (assignments: Lines) => ({ systemOfRecord: { assignments } });
const DAY = "2026-06-15";

describe("the system of record", () => {
  it("is the left side where nothing is said, and none of a comparison there is none of", () => {
    expect(recordRole({ systemOfRecord: {} }, "assignments")).toBe("psa");
    expect(recordRole({ systemOfRecord: {} }, "nothing")).toBeNull();
    expect(recordRole(matrix([{ role: "erp", entity: "DE01" }]), "assignments", { entity: "US01" })).toBe(
      "psa",
    );
  });

  it("is what the comparison's line says, in one word or as a line", () => {
    expect(recordRole(matrix("erp"), "assignments", { field: "start_on", entity: "DE01" })).toBe("erp");
    expect(recordRole(matrix([{ role: "erp" }]), "assignments")).toBe("erp");
  });

  it("is the legal entity's before the comparison's", () => {
    const config = matrix([{ role: "erp" }, { role: "psa", entity: "DE01" }]);
    expect(recordRole(config, "assignments", { entity: "DE01" })).toBe("psa");
    expect(recordRole(config, "assignments", { entity: "US01" })).toBe("erp");
  });

  it("is the field's before the legal entity's", () => {
    const config = matrix([
      { role: "psa", entity: "DE01" },
      { role: "erp", field: "start_on" },
    ]);
    expect(recordRole(config, "assignments", { field: "start_on", entity: "DE01" })).toBe("erp");
    expect(recordRole(config, "assignments", { field: "end_on", entity: "DE01" })).toBe("psa");
  });

  it("is the field's in the legal entity before the field's", () => {
    const config = matrix([
      { role: "psa", field: "start_on", entity: "DE01" },
      { role: "erp", field: "start_on" },
    ]);
    expect(recordRole(config, "assignments", { field: "start_on", entity: "DE01" })).toBe("psa");
    expect(recordRole(config, "assignments", { field: "start_on", entity: "US01" })).toBe("erp");
  });

  it("is of lines alike the one that began last, from its first day on", () => {
    const config = matrix([{ role: "erp", from: "2026-06-15" }, { role: "psa" }]);
    expect(recordRole(config, "assignments", { on: "2026-06-14" })).toBe("psa");
    expect(recordRole(config, "assignments", { on: "2026-06-15" })).toBe("erp");
    // A particular line that has not begun leaves the general one in force.
    const later = matrix([{ role: "erp", field: "start_on", from: "2026-07-01" }, { role: "psa" }]);
    expect(recordRole(later, "assignments", { field: "start_on", on: DAY })).toBe("psa");
  });

  it("is mixed when the fields of one correction belong to different systems", () => {
    const config = matrix([{ role: "erp", field: "start_on" }]);
    const about = { entity: "US01", on: DAY };
    expect(recordRoleOf(config, "assignments", ["start_on", "end_on"], about)).toBe("mixed");
    expect(recordRoleOf(config, "assignments", ["start_on"], about)).toBe("erp");
    expect(recordRoleOf(config, "assignments", [], about)).toBe("psa");
  });

  it("is said line by line, with what holds no longer or not yet", () => {
    const comparison = comparisonById("assignments");
    if (!comparison) throw new Error("no such comparison");
    const lines = matrix([
      { role: "erp", from: "2026-01-01" },
      { role: "erp", field: "start_on", entity: "DE01", from: "2027-01-01" },
    ]);
    expect(sayRecords(comparison, lines, DAY)).toEqual([
      "The PSA is right (no longer).",
      "The ERP is right from 2026-01-01 on.",
      "The ERP is right about the start date in DE01 from 2027-01-01 on (not yet).",
    ]);
  });
});
