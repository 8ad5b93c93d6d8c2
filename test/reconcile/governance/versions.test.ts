/** What makes a version of a rule, and which one is in force. */
import { describe, expect, it } from "vitest";
import { AS_RELEASED, catalogueOf } from "#reconcile/governance/catalogue";
import {
  changedComparisons,
  changedRule,
  isFixed,
  meaningOf,
  overrideText,
  tolerancesOf,
} from "#reconcile/governance/overrides";
import { planVersions, waitingVersion } from "#reconcile/governance/register";
import type { Rule } from "#reconcile/rule";
import { RULES, ruleById } from "#reconcile/rules/index";
import type { RuleInForce, RuleState, RuleVersion } from "#sql/queries/rules";

const AT = "2026-06-01T00:00:00.000Z";
const rule = (id: string): Rule => {
  const found = ruleById(id);
  if (!found) throw new Error(`no rule ${id}`);
  return found;
};
const meaning = (id: string, change = {}) =>
  meaningOf(changedRule(rule(id), change), changedComparisons(rule(id), change, AS_RELEASED.comparisons));
const held = (id: string, state: RuleInForce["state"], version = 1, overrides = "{}"): RuleInForce => ({
  rule: id,
  version,
  state,
  since: AT,
  meaning: meaning(id, JSON.parse(overrides)),
  overrides,
});
const known = (id: string, state: RuleState, version = 1, overrides = "{}"): RuleVersion => ({
  rule: id,
  version,
  meaning: meaning(id, JSON.parse(overrides)),
  overrides,
  origin: version === 1 ? "release" : "configuration",
  at: AT,
  state,
});
const everyRule = RULES.map((r) => held(r.id, "active"));
const everyVersion = RULES.map((r) => known(r.id, "active"));
const LOOSER = { tolerance: { hours: "0.25" } };
const LOOSER_TEXT = overrideText(LOOSER);

describe("the meaning of a rule", () => {
  it("changes with tolerance, settle time, severity and blocking, and not with how a change is written", () => {
    const plain = meaning("TIM-03");
    for (const change of [LOOSER, { settle: "6h" }, { severity: 2 as const }, { blocks: "soft" as const }])
      expect(meaning("TIM-03", change)).not.toBe(plain);
    expect(meaning("TIM-03", { settle: "240m", severity: 1 })).toBe(plain);
    expect(meaning("TIM-03", { tolerance: { hours: "0.01" } })).toBe(plain);
  });

  it("is not moved by words", () => {
    const reworded = { ...rule("TIM-03"), title: "Other", because: "Other.", remedy: null };
    expect(meaningOf(reworded, AS_RELEASED.comparisons)).toBe(meaning("TIM-03"));
  });

  it("of one rule is not moved by another's tolerance on the same comparison", () => {
    const changed = changedComparisons(
      rule("PRJ-08"),
      { tolerance: { start_on: "5" } },
      AS_RELEASED.comparisons,
    );
    expect(meaningOf(rule("PRJ-03"), changed)).toBe(meaning("PRJ-03"));
    expect(meaningOf(rule("PRJ-08"), changed)).not.toBe(meaning("PRJ-08"));
  });
});

describe("what may be changed", () => {
  it("is tolerances of amounts and dates the rule claims; never the gates", () => {
    expect(tolerancesOf(rule("TIM-03"), AS_RELEASED.comparisons).map((f) => f.name)).toEqual([
      "hours",
      "work_on",
    ]);
    expect(tolerancesOf(rule("TIM-01"), AS_RELEASED.comparisons)).toEqual([]);
    expect(RULES.filter(isFixed).map((r) => r.id)).toEqual(
      RULES.filter((r) => r.id.startsWith("SYS-")).map((r) => r.id),
    );
  });
});

describe("versions", () => {
  it("begin as the release has them, active", () => {
    const { versions, steps } = planVersions(AS_RELEASED, {}, [], []);
    expect(steps).toHaveLength(RULES.length);
    expect(new Set(steps.map((s) => s.state))).toEqual(new Set(["active"]));
    expect(versions.find((v) => v.rule === "TIM-03")).toMatchObject({ version: rule("TIM-03").version });
  });

  it("do not move while nothing changes", () => {
    expect(planVersions(AS_RELEASED, {}, everyRule, everyVersion)).toEqual({ versions: [], steps: [] });
    expect(planVersions(AS_RELEASED, { "TIM-03": { settle: "4h" } }, everyRule, everyVersion).steps).toEqual(
      [],
    );
  });

  it("asked for by the configuration are drafts, once, and the version in force stays", () => {
    const asked = { "TIM-03": LOOSER };
    const { versions, steps } = planVersions(AS_RELEASED, asked, everyRule, everyVersion);
    expect(steps).toEqual([
      {
        rule: "TIM-03",
        version: 2,
        state: "draft",
        actor: "plumbline",
        note: "Asked for by the configuration: tolerance of hours 0.25.",
      },
    ]);
    expect(versions).toMatchObject([{ version: 2, origin: "configuration", overrides: LOOSER_TEXT }]);
    const after = [...everyVersion, known("TIM-03", "draft", 2, LOOSER_TEXT)];
    expect(planVersions(AS_RELEASED, asked, everyRule, after).steps).toEqual([]);
    expect(waitingVersion(rule("TIM-03"), asked, after)?.version).toBe(2);
    // Nobody asks for it any more: it does not wait.
    expect(waitingVersion(rule("TIM-03"), {}, after)).toBeNull();
  });

  it("that are gone back to are drafts again under their old number", () => {
    const inForce = [
      ...everyRule.filter((r) => r.rule !== "TIM-03"),
      held("TIM-03", "active", 2, LOOSER_TEXT),
    ];
    const versions = [...everyVersion, known("TIM-03", "active", 2, LOOSER_TEXT)];
    const plan = planVersions(AS_RELEASED, {}, inForce, versions);
    expect(plan.versions).toEqual([]);
    expect(plan.steps).toMatchObject([{ rule: "TIM-03", version: 1, state: "draft" }]);
  });

  it("of a release are in force at once, in the state the rule was in", () => {
    const before = everyRule.map((r) =>
      r.rule === "TIM-03" ? { ...r, meaning: "another", state: "shadow" as const } : r,
    );
    const plan = planVersions(AS_RELEASED, {}, before, everyVersion);
    expect(plan.steps).toMatchObject([
      { rule: "TIM-03", version: 2, state: "shadow", note: "Changed by a release." },
    ]);
  });
});

describe("the catalogue in force", () => {
  it("has the tolerances and versions in force, and not what is retired", () => {
    const { rules, comparisons } = catalogueOf([
      held("TIM-03", "active", 2, LOOSER_TEXT),
      held("TIM-02", "retired"),
    ]);
    expect(rules.find((r) => r.id === "TIM-03")?.version).toBe(2);
    expect(rules.some((r) => r.id === "TIM-02")).toBe(false);
    const hours = comparisons.find((c) => c.id === "time")?.fields.find((f) => f.name === "hours");
    expect(hours?.tolerance).toBe("0.25");
  });

  it("lets children open on their own when the parent is not shown", () => {
    const absorbed = (state: RuleInForce["state"], own: RuleInForce["state"] = "active") =>
      catalogueOf([held("PRJ-01", state), held("TIM-01", own)])
        .rules.find((r) => r.id === "TIM-01")
        ?.absorbedBy?.some((p) => p.rule === "PRJ-01") ?? false;
    expect(absorbed("active")).toBe(true);
    expect(absorbed("shadow")).toBe(false);
    expect(absorbed("retired")).toBe(false);
    expect(absorbed("shadow", "shadow")).toBe(true);
  });
});
