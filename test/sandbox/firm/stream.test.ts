import { describe, expect, it } from "vitest";
import { streamTimeLines } from "#sandbox/firm/stream";

describe("time lines by the million", () => {
  it("come in batches of ten thousand, the same for the same seed", () => {
    const first = [...streamTimeLines({ seed: 1, count: 25_000 })];
    expect(first.map((b) => b.psa.length + b.drift.missingInPsa)).toEqual([10_000, 10_000, 5_000]);
    expect([...streamTimeLines({ seed: 1, count: 25_000 })]).toEqual(first);
    expect([...streamTimeLines({ seed: 2, count: 25_000 })]).not.toEqual(first);
  });

  it("agree when nothing has drifted", () => {
    for (const { psa, erp } of streamTimeLines({ seed: 1, count: 20_000, driftPerMillion: 0 })) {
      const told = (lines: typeof psa) =>
        lines.map((l) => [l.key, l.hours, l.workOn, l.project, l.task, l.resource]);
      expect(told(erp)).toEqual(told(psa));
      expect(new Set(psa.map((l) => l.key)).size).toBe(psa.length);
    }
  });

  it("differ in exactly as many keys of each kind as they say", () => {
    const counted = { missingInErp: 0, missingInPsa: 0, hours: 0, day: 0, twiceInErp: 0 };
    const said = { ...counted };
    for (const { psa, erp, drift } of streamTimeLines({ seed: 5, count: 50_000, driftPerMillion: 20_000 })) {
      for (const kind of Object.keys(said) as (keyof typeof said)[]) said[kind] += drift[kind];
      const rights = new Map<string, typeof erp>();
      for (const line of erp) rights.set(line.key, [...(rights.get(line.key) ?? []), line]);
      for (const line of psa) {
        const [other, ...more] = rights.get(line.key) ?? [];
        rights.delete(line.key);
        if (!other) counted.missingInErp++;
        else if (more.length > 0) counted.twiceInErp++;
        else if (other.hours !== line.hours) counted.hours++;
        else if (other.workOn !== line.workOn) counted.day++;
      }
      counted.missingInPsa += rights.size;
    }
    expect(counted).toEqual(said);
    expect(Object.values(said).reduce((a, b) => a + b)).toBeGreaterThan(700);
    for (const n of Object.values(said)) expect(n).toBeGreaterThan(100);
  });
});
