import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explainRule, sayField } from "#reconcile/explain";
import { RULES, ruleById } from "#reconcile/rules/index";
import { CATALOGUE_IDS, NOT_YET, notYet } from "#reconcile/rules/not-yet";
import { catalogueMarkdown } from "#reconcile/rules-page";
import { hasRunbook, runbookOf } from "#reconcile/runbooks/index";

const VENDORS = /salesforce|certinia|netsuite|kantata|dynamics|workday|jira|oracle|\bsap\b/i;

describe("the catalogue in words", () => {
  it("is what docs/rules.md says; regenerate it with: node --import tsx reconcile/print-rules.ts", () => {
    expect(readFileSync("docs/rules.md", "utf8")).toBe(catalogueMarkdown(RULES));
  });

  it("has all of this release's rules", () => {
    expect(RULES.map((r) => r.id)).toEqual([
      "CUS-01",
      "CUS-02",
      "CUS-03",
      "CUS-05",
      "CUS-06",
      "CUS-07",
      "CUS-08",
      "OPP-01",
      "OPP-02",
      "OPP-03",
      "CON-01",
      "CON-02",
      "CON-03",
      "CON-04",
      "CON-07",
      "PRJ-01",
      "PRJ-02",
      "PRJ-03",
      "PRJ-04",
      "PRJ-05",
      "PRJ-06",
      "PRJ-07",
      "PRJ-08",
      "TSK-01",
      "TSK-02",
      "TSK-03",
      "RES-01",
      "RES-02",
      "RES-03",
      "RES-04",
      "RAT-01",
      "RAT-02",
      "RAT-03",
      "RAT-04",
      "RAT-06",
      "ASG-01",
      "ASG-02",
      "ASG-03",
      "ASG-04",
      "ASG-06",
      "ASG-07",
      "TIM-01",
      "TIM-02",
      "TIM-03",
      "TIM-04",
      "TIM-05",
      "TIM-06",
      "TIM-07",
      "EXP-01",
      "EXP-02",
      "EXP-03",
      "MIL-01",
      "MIL-03",
      "MIL-04",
      "INV-01",
      "INV-02",
      "INV-03",
      "INV-04",
      "INV-06",
      "INV-07",
      "INV-08",
      "SYS-03",
      "SYS-01",
      "SYS-02",
      "SYS-04",
      "SYS-05",
      "SYS-06",
      "SYS-07",
    ]);
  });

  it("has every check of the catalogue as a rule or with the reason why not", () => {
    const explained = new Set(NOT_YET.map((n) => n.id));
    const made = new Set(RULES.map((r) => r.id));
    expect(CATALOGUE_IDS.filter((id) => !made.has(id) && !explained.has(id))).toEqual([]);
    expect([...explained].filter((id) => !CATALOGUE_IDS.includes(id))).toEqual([]);
    const page = catalogueMarkdown(RULES);
    for (const id of CATALOGUE_IDS) expect(page.includes(`## ${id} `)).toBe(made.has(id));
    expect(notYet([]).some((n) => n.id === "TIM-10")).toBe(true);
    expect(notYet([{ id: "TIM-10" }]).some((n) => n.id === "TIM-10")).toBe(false);
    for (const { name, reason } of NOT_YET) expect(`${name} ${reason}`).not.toMatch(VENDORS);
  });

  it("tells a person what to do about every rule", () => {
    for (const rule of RULES) {
      expect(hasRunbook(rule.id), rule.id).toBe(true);
      expect(runbookOf(rule).steps.length).toBeGreaterThan(0);
      expect(runbookOf(rule).steps.join(" ")).not.toMatch(VENDORS);
    }
    const other = runbookOf({ id: "XYZ-01", owner: "Finance", remedy: "Turn it off and on." });
    expect(other).toMatchObject({ hold: "data", steps: expect.arrayContaining(["Turn it off and on."]) });
    expect(runbookOf({ id: "CUS-06", owner: "Finance", remedy: null }).hold).toBe("commercial");
  });

  it("says an amount and a share, the wider of which counts", () => {
    const field = {
      name: "v",
      label: "value",
      as: "measure",
      tolerance: "100",
      tolerancePct: "0.5",
    } as const;
    expect(sayField(field)).toBe("value (± 100 or ± 0.5 %, the wider)");
  });

  it("names roles, never a vendor", () => {
    for (const rule of RULES) expect(`${JSON.stringify(rule)} ${explainRule(rule)}`).not.toMatch(VENDORS);
  });

  it("says what must hold, for how long it waits, when it opens and what it blocks", () => {
    const rule = ruleById("TIM-03");
    expect(rule && explainRule(rule)).toBe(
      "Where the PSA has one approved time line and the ERP one time line, they must agree on hours (± 0.01), work date, project, person and task. It counts once nothing has changed for 4 h. Opens at the first failing run. Blocks the invoice.",
    );
  });
});
