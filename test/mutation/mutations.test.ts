/** That the mutation check tries what it says: `npm run mutate` itself takes long and is run on its own. */
import { describe, expect, it } from "vitest";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { checkCatalogue } from "#reconcile/rule";
import { RULES, ruleById } from "#reconcile/rules/index";
import { EXPLAINED_NAMES } from "./explained.ts";
import { mutationsOf } from "./mutations.ts";
import { testsOf } from "./trial.ts";

const all = RULES.flatMap(mutationsOf);

describe("the mutations", () => {
  it("break every rule that is about keys, each in ways of its own", () => {
    for (const rule of RULES.filter((r) => r.per === "key"))
      expect(all.filter((m) => m.rule === rule.id).length, rule.id).toBeGreaterThan(3);
    const names = all.map((m) => `${m.rule} ${m.what}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("explain none that is not tried", () => {
    const names = all.map((m) => `${m.rule} ${m.what}`);
    for (const explained of EXPLAINED_NAMES) expect(names).toContain(explained);
  });

  it("change something, and leave a catalogue that holds together", () => {
    for (const { rule, what, with: by } of all) {
      const rules = RULES.map((r) => by.rules?.find((b) => b.id === r.id) ?? r);
      const comparisons = COMPARISONS.map((c) => (c.id === by.comparison?.id ? by.comparison : c));
      expect(
        by.view !== undefined ||
          JSON.stringify([rules, comparisons]) !== JSON.stringify([RULES, COMPARISONS]),
        `${rule} ${what}`,
      ).toBe(true);
      expect(() => checkCatalogue(rules, comparisons), `${rule} ${what}`).not.toThrow();
    }
  });

  it("take the boundary away by the least there is, and give it twice the room", () => {
    const what = (id: string) => mutationsOf(ruleById(id) ?? fail(id)).map((m) => m.what);
    const fail = (id: string): never => {
      throw new Error(`no rule ${id}`);
    };
    const hours = mutationsOf(ruleById("TIM-03") ?? fail("TIM-03")).flatMap((m) =>
      m.what.startsWith("hours: ")
        ? [m.with.comparison?.fields.find((f) => f.name === "hours")?.tolerance]
        : [],
    );
    expect(hours).toEqual(["0.0099", "0.02", "999999"]);
    expect(what("TIM-01")).toContain("PRJ-01 explains nothing");
    expect(what("TIM-01")).toContain("lines nobody bills count too");
    expect(what("TIM-03")).toContain("task_key: never differs (time)");
    expect(what("PRJ-01")).toContain("money: posted items count too");
    expect(what("RAT-02")).toContain("money: condition on the items dropped");
    expect(what("PRJ-03")).toContain("code: compared letter by letter (projects)");
    expect(what("TIM-03")).toContain("deleted records count (side_erp_time)");
  });

  it("are judged by tests of what the rule does, not by texts", () => {
    expect(testsOf(process.cwd(), "TIM-01")).toContain("test/reconcile/rules.test.ts");
    for (const rule of RULES)
      for (const file of testsOf(process.cwd(), rule.id)) expect(file).not.toMatch(/compile|explain/);
  });
});
