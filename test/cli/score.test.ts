import { describe, expect, it } from "vitest";
import { isPerfect, score, type Truth } from "#app/cli/demo/score";

const planted = (rule: string, key: string, amount: string | null = "100") => ({
  rule,
  comparison: "time",
  key,
  money: amount === null ? null : { amount, currency: "USD", reporting: amount },
});
const open = (rule: string, key: string, money: string | null = "100.0000") => ({
  rule,
  comparison: "time",
  key,
  money,
  currency: "USD",
});
const truth: Truth = {
  planted: [planted("TIM-01", "a"), planted("TIM-01", "b"), planted("PRJ-08", "p", null)],
  nearMisses: [],
  absorbed: [{ rule: "TIM-01", comparison: "time", key: "s", by: { rule: "PRJ-01", key: "P" } }],
};
const symptom = { rule: "TIM-01", comparison: "time", key: "s", cause_rule: "PRJ-01", cause_key: "P" };
const all = [open("TIM-01", "a"), open("TIM-01", "b"), open("PRJ-08", "p", null)];

describe("the demo's score", () => {
  it("is perfect when exactly what was planted is open, for the same money", () => {
    const s = score(truth, all, [{ rule: "TIM-01", verified: true }], [symptom]);
    expect(s).toMatchObject({
      planted: 3,
      found: 3,
      recall: 1,
      precision: 1,
      falseOpens: 0,
      moneyDifference: "0",
      pushed: 1,
      verified: 1,
    });
    expect(isPerfect(s)).toBe(true);
  });

  it("counts a fault that was not found against recall, by rule", () => {
    const s = score(truth, all.slice(1), [], [symptom]);
    expect(s.byRule["TIM-01"]).toMatchObject({ planted: 2, found: 1, recall: 0.5, precision: 1 });
    expect(s.missed).toEqual(["TIM-01 time a"]);
    expect(isPerfect(s)).toBe(false);
  });

  it("counts an alarm nobody planted against precision", () => {
    const s = score(truth, [...all, open("TIM-06", "z")], [], [symptom]);
    expect(s).toMatchObject({ precision: 0.75, falseOpens: 1, falselyOpened: ["TIM-06 time z"] });
    expect(s.byRule["TIM-06"]).toMatchObject({ planted: 0, precision: 0 });
    expect(isPerfect(s)).toBe(false);
  });

  it("is not perfect when the money is off by a cent, or a push is not proven", () => {
    const cent = score(truth, [open("TIM-01", "a", "100.01"), ...all.slice(1)], [], [symptom]);
    expect(cent.moneyDifference).toBe("0.01");
    expect(cent.byRule["TIM-01"]?.moneyDifference).toBe("0.01");
    expect(cent.mispriced).toEqual(["TIM-01 time a: 100.01 instead of 100"]);
    expect(isPerfect(cent)).toBe(false);
    expect(isPerfect(score(truth, all, [{ rule: "TIM-01", verified: false }], [symptom]))).toBe(false);
  });

  it("is not perfect when a failure does not hang on what causes it", () => {
    const proven = [{ rule: "TIM-01", verified: true }];
    expect(score(truth, all, proven, [symptom])).toMatchObject({ symptoms: 1, unexplained: [] });
    for (const found of [[], [{ ...symptom, cause_key: "Q" }], [{ ...symptom, key: "t" }]]) {
      const s = score(truth, all, proven, found);
      expect(s.unexplained).toEqual(["TIM-01 time s by PRJ-01 P"]);
      expect(isPerfect(s)).toBe(false);
    }
  });
});
