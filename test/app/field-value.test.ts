import { describe, expect, it } from "vitest";
import { sayCarried, sayValue } from "../../app/field-value.ts";

describe("a compared value", () => {
  it.each([
    ["start_on", "2026-09-07", "7 Sep 2026"],
    ["closed_at", "2026-11-16 15:00:00.000", "16 Nov 2026, 15:00 UTC"],
    ["days", "2026-11-02,2026-11-03", "2 Nov 2026, 3 Nov 2026"],
    ["is_billable", "1", "yes"],
    ["is_billable", "0", "no"],
    ["records", "1", "1"],
    ["rate", "165", "165.00"],
    ["excess", "108222.8", "108,222.80"],
    ["repeated_amount", "1689.375", "1,689.375"],
    ["total", "24415", "24,415.00"],
    ["late_hours", "1250.15", "1,250.15"],
  ])("%s %s is written %s, with every digit it has", (field, value, text) => {
    expect(sayValue(field, value)).toBe(text);
  });

  it.each([
    ["number", "00000042"],
    ["project_key", "9070"],
    ["code", "IRON-2026-012"],
    ["name", "2026-09 retainer"],
  ])("%s %s stays as it is: it is no figure", (field, value) => {
    expect(sayValue(field, value)).toBe(value);
  });
});

describe("a value shown beside the compared ones", () => {
  it("gives money to the cent and everything else as it is compared", () => {
    expect(sayCarried("due", "22571.9279")).toBe("22,571.93");
    expect(sayCarried("hours", "7.125")).toBe("7.125");
    expect(sayCarried("number", "00000061")).toBe("00000061");
  });
});
