/** The lives of rules on a store: drafts, simulation, four eyes, shadow, retirement, and severity that is raised. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlumblineConfig } from "#core/config";
import { instantOf } from "#core/time";
import { actOnExceptions, type ExceptionAction } from "#reconcile/exceptions";
import { ruleDetail, ruleList } from "#reconcile/governance/describe";
import { loadEscalation } from "#reconcile/governance/escalation";
import { promoteRule } from "#reconcile/governance/promote";
import { simulateRule } from "#reconcile/governance/simulate";
import { reconcile } from "#reconcile/run";
import { caseList } from "#sql/queries/cases";
import { overviewFigures } from "#sql/queries/overview";
import { openTestStore, type TestStore, truncateAll } from "../../support/store.ts";
import { HOUR, type Months, months } from "../months.ts";
import { firmConfig, freshUntil, put, putEngagement, timeLine } from "../seed.ts";

let store: TestStore;
let at: Months;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  at = months(store);
});

const admin = { name: "admin", roles: ["admin"] } as const;
const approver = { name: "approver", roles: ["approver"] } as const;
const finance = { name: "finance", roles: ["finance"] } as const;
const asking = (rules: PlumblineConfig["rules"]): PlumblineConfig => ({ ...firmConfig(), rules });
const deps = (config: PlumblineConfig) => ({ store, clock: at.clock, config });

async function compare(config: PlumblineConfig, rules: string[]): Promise<void> {
  at.clock.advance(HOUR);
  await freshUntil(store, at.now());
  await reconcile(store, { clock: at.clock, config }, { mode: "full", rules });
}

/** One engagement with a line that differs by 0.2 hours (worth 40 USD at 200), and one missing in the ERP. */
async function seed(): Promise<void> {
  const it = await putEngagement(store, "one", { rate: "200" });
  await put(store, "psa", "time_entry", [timeLine("near", it), timeLine("gone", it)]);
  await put(store, "erp", "time_entry", [timeLine("near", it, { hours: "7.8" })]);
}

describe("a change by the configuration", () => {
  const looser = asking({ "TIM-03": { tolerance: { hours: "0.2" } } });

  it("is a draft until one person has simulated it and another agreed", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-03"]);
    expect(await at.statuses("TIM-03")).toEqual({ near: "open" });
    await compare(looser, ["TIM-03"]);
    expect(await at.statuses("TIM-03")).toEqual({ near: "open" });

    const to = { rule: "TIM-03", to: "active", note: "Rounding to a quarter of an hour." } as const;
    await expect(promoteRule(deps(looser), approver, to)).rejects.toThrow("has not been simulated");
    const simulation = await simulateRule(deps(looser), { rule: "TIM-03", days: 30, actor: "admin" });
    // The boundary agrees: 0.2 is within 0.2.
    expect(simulation).toMatchObject({ version: 2, failures: 0, wouldOpen: 0, wouldClose: 1 });
    expect(simulation.history).toMatchObject({ opened: 1, stillOpened: 0 });
    await expect(promoteRule(deps(looser), admin, to)).rejects.toThrow("simulated version 2");
    await expect(promoteRule(deps(looser), finance, to)).rejects.toThrow("may not decide");
    await expect(promoteRule(deps(looser), approver, { ...to, note: " " })).rejects.toThrow("needs a note");
    expect(await promoteRule(deps(looser), approver, to)).toEqual({
      version: 2,
      from: "simulated",
      to: "active",
    });

    await compare(looser, ["TIM-03"]);
    expect(await at.statuses("TIM-03")).toEqual({ near: "resolved" });
    const detail = await ruleDetail(deps(looser), "TIM-03");
    expect(detail.sentence).toContain("hours (± 0.2)");
    expect(detail.versions.map((v) => [v.version, v.state])).toEqual([
      [1, "replaced"],
      [2, "active"],
    ]);
    expect(detail.events.map((e) => [e.version, e.state, e.actor])).toEqual([
      [2, "active", "approver"],
      [2, "simulated", "admin"],
      [2, "draft", "plumbline"],
      [1, "active", "plumbline"],
    ]);
  });

  it("leaves open exceptions the version that opened them", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-03"]);
    const milder = asking({ "TIM-03": { severity: 2 } });
    await simulateRule(deps(milder), { rule: "TIM-03", days: 30, actor: "admin" });
    await promoteRule(deps(milder), approver, { rule: "TIM-03", to: "active", note: "Less urgent." });
    await compare(milder, ["TIM-03"]);
    expect(await at.detail("TIM-03")).toMatchObject({ rule_version: 1, severity: 2 });
    expect((await ruleList(deps(milder))).find((r) => r.id === "TIM-03")).toMatchObject({
      version: 2,
      severity: 2,
      open: 1,
    });
  });
});

describe("a simulation", () => {
  it("opens nothing, and says what would: with money, groups and what others hold already", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-01"]);
    const before = await at.statuses();
    const said = await simulateRule(deps(firmConfig()), { rule: "TIM-01", days: 30 });
    expect(said).toMatchObject({
      version: 1,
      failures: 1,
      wouldOpen: 0,
      wouldClose: 0,
      money: { claimed: "1600", once: "1600", items: 1, unpriced: 0 },
      overlap: [],
    });
    expect(said.groups).toEqual([
      { dimension: "client", value: "C-one", failures: 1, money: "1600" },
      { dimension: "entity", value: "US01", failures: 1, money: "1600" },
      { dimension: "project", value: "P-one", failures: 1, money: "1600" },
    ]);
    const exact = await simulateRule(deps(firmConfig()), {
      rule: "TIM-03",
      days: 30,
      change: { tolerance: { hours: "0.19" } },
    });
    // It opened with the same comparison already.
    expect(exact).toMatchObject({ version: null, failures: 1, wouldOpen: 0, wouldClose: 0 });
    expect(exact.money.claimed).toBe("40");
    expect(await at.statuses()).toEqual(before);
  });

  it("counts the items that another rule's open exceptions hold", async () => {
    const it = await putEngagement(store, "two", { rate: "200", erpRate: "180" });
    await put(store, "psa", "time_entry", [timeLine("t", it)]);
    await compare(firmConfig(), ["RAT-02"]);
    expect((await simulateRule(deps(firmConfig()), { rule: "TIM-01", days: 30 })).overlap).toEqual([
      { rule: "RAT-02", items: 1, money: "1600" },
    ]);
  });

  it("refuses gates, fields without a tolerance and what is no tolerance", async () => {
    const tried = (rule: string, change?: object) =>
      simulateRule(deps(firmConfig()), { rule, days: 30, change });
    await expect(tried("SYS-01")).rejects.toThrow("guards what every other rule concludes");
    await expect(tried("TIM-01", { tolerance: { hours: "1" } })).rejects.toThrow("nothing that may differ");
    await expect(tried("TIM-03", { tolerance: { hours: "-1" } })).rejects.toThrow("no tolerance of hours");
    await expect(tried("TIM-99")).rejects.toThrow("No rule TIM-99");
  });
});

describe("a rule in shadow", () => {
  it("keeps its exceptions, which neither block nor count until it is active again", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-01"]);
    const figures = async () => (await store.query(overviewFigures, {}))[0];
    // The line that differs blocks as well.
    expect(await figures()).toMatchObject({ open: 2, blocked_items: 2, blocked_value: "3200" });
    await promoteRule(deps(firmConfig()), admin, { rule: "TIM-01", to: "shadow", note: "Interface moves." });
    expect(await at.statuses("TIM-01")).toEqual({ gone: "shadow" });
    expect(await figures()).toMatchObject({ open: 1, blocked_items: 1, blocked_value: "1600" });
    // It goes on being judged: a new one is found, the old one is not opened twice.
    await put(store, "psa", "time_entry", [timeLine("new", { project: "P-one", person: "E-one" })]);
    await compare(firmConfig(), ["TIM-01"]);
    expect(await at.statuses("TIM-01")).toEqual({ gone: "shadow", new: "shadow" });
    await put(store, "erp", "time_entry", [timeLine("gone", { project: "P-one", person: "E-one" })]);
    await compare(firmConfig(), ["TIM-01"]);
    expect(await at.statuses("TIM-01")).toEqual({ gone: "resolved", new: "shadow" });
    await promoteRule(deps(firmConfig()), admin, { rule: "TIM-01", to: "active", note: "Done." });
    expect(await at.statuses("TIM-01")).toEqual({ gone: "resolved", new: "open" });
  });

  it("is nothing to decide about: its exceptions can be commented on and no more", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-01"]);
    await promoteRule(deps(firmConfig()), admin, { rule: "TIM-01", to: "shadow", note: "Interface moves." });
    const id = (await at.detail("TIM-01"))?.id ?? "";
    const act = (action: ExceptionAction) =>
      actOnExceptions(store, at.clock, { ids: [id], actor: "finance", action });
    at.clock.advance(HOUR);
    expect((await act({ type: "acknowledge", note: "" })).refused).toMatchObject([
      { id, message: expect.stringContaining("runs in shadow") },
    ]);
    expect((await act({ type: "comment", note: "Known." })).done).toEqual([id]);
    expect(await at.statuses("TIM-01")).toEqual({ gone: "shadow" });
  });

  it("explains nothing, and what fails with it is no part of a case that counts", async () => {
    const it = await putEngagement(store, "five", { inErp: false, rate: "200" });
    await put(store, "psa", "time_entry", [timeLine("t", it)]);
    const both = ["PRJ-01", "TIM-01"];
    await compare(firmConfig(), both);
    expect(await at.statuses("TIM-01")).toEqual({ t: "absorbed" });
    const figures = async () => (await store.query(overviewFigures, {}))[0];
    const cases = () => store.query(caseList, { ids: [], limit: 10 });
    expect(await cases()).toMatchObject([{ key: "P-five", symptoms: 1, items: 1 }]);
    // The child in shadow: what it explains is not told of, and its items no longer count under it.
    await promoteRule(deps(firmConfig()), admin, { rule: "TIM-01", to: "shadow", note: "Interface moves." });
    await compare(firmConfig(), both);
    expect(await at.statuses("TIM-01")).toEqual({ t: "absorbed" });
    expect((await ruleList(deps(firmConfig()))).find((r) => r.id === "TIM-01")).toMatchObject({
      state: "shadow",
      open: 0,
      shadow: 0,
    });
    expect(await cases()).toEqual([]);
    expect(await figures()).toMatchObject({ open: 1, blocked_items: 1 });
    // The parent in shadow instead: the child opens on its own.
    await promoteRule(deps(firmConfig()), admin, { rule: "TIM-01", to: "active", note: "Done." });
    await promoteRule(deps(firmConfig()), admin, { rule: "PRJ-01", to: "shadow", note: "To be seen." });
    await compare(firmConfig(), both);
    expect(await at.statuses("TIM-01")).toEqual({ t: "open" });
    expect(await at.statuses("PRJ-01")).toEqual({ "P-five": "shadow" });
    expect(await cases()).toEqual([]);
    expect(await figures()).toMatchObject({ open: 1, blocked_items: 1, blocked_value: "1600" });
  });
});

describe("a run over what was touched", () => {
  const lines = { mode: "incremental", rules: ["TIM-03"] } as const;
  const run = (config: PlumblineConfig) => reconcile(store, { clock: at.clock, config }, lines);

  it("looks at everything once a change has come into force, and again only at what was touched", async () => {
    const looser = asking({ "TIM-03": { tolerance: { hours: "0.2" } } });
    await seed();
    await compare(firmConfig(), ["TIM-03"]);
    const time = async (config: PlumblineConfig) => {
      at.clock.advance(HOUR);
      await freshUntil(store, at.now());
      return (await run(config)).find((r) => r.comparison === "time");
    };
    expect(await time(firmConfig())).toMatchObject({ mode: "incremental" });
    await simulateRule(deps(looser), { rule: "TIM-03", days: 30, actor: "admin" });
    expect(await time(looser)).toMatchObject({ mode: "incremental" });
    await promoteRule(deps(looser), approver, { rule: "TIM-03", to: "active", note: "Rounding." });
    // What a change finds otherwise is not held against the runs before it.
    expect(await time(looser)).toMatchObject({ mode: "full", missedByIncremental: 0 });
    expect(await at.statuses("TIM-03")).toEqual({ near: "resolved" });
    expect(await time(looser)).toMatchObject({ mode: "incremental" });
  });

  it("looks at everything after a change that came into force while the full run was under way", async () => {
    await seed();
    await compare(firmConfig(), ["TIM-03"]);
    const looser = asking({ "TIM-03": { tolerance: { hours: "0.2" } } });
    await simulateRule(deps(looser), { rule: "TIM-03", days: 30, actor: "admin" });
    at.clock.advance(HOUR);
    await freshUntil(store, at.now());
    let promoted: Promise<unknown> | undefined;
    await reconcile(
      store,
      { clock: at.clock, config: looser },
      {
        mode: "full",
        rules: ["TIM-03"],
        // The rules in force have been read by then.
        onProgress: ({ step }) => {
          if (step === "gates")
            promoted ??= promoteRule(deps(looser), approver, {
              rule: "TIM-03",
              to: "active",
              note: "Rounding.",
            });
        },
      },
    );
    await promoted;
    expect(await at.statuses("TIM-03")).toEqual({ near: "open" });
    at.clock.advance(HOUR);
    await freshUntil(store, at.now());
    expect((await run(looser)).find((r) => r.comparison === "time")).toMatchObject({ mode: "full" });
    expect(await at.statuses("TIM-03")).toEqual({ near: "resolved" });
  });

  it("makes a small comparison again when its rule has changed, though nothing else has", async () => {
    await putEngagement(store, "four", { inErp: false });
    for (let n = 0; n < 2; n++) await compare(firmConfig(), ["PRJ-01"]);
    expect(await at.statuses("PRJ-01")).toEqual({ "P-four": "open" });
    const projects = async (config: PlumblineConfig) => {
      at.clock.advance(HOUR);
      await freshUntil(store, at.now());
      const reports = await reconcile(
        store,
        { clock: at.clock, config },
        { mode: "incremental", rules: ["PRJ-01"] },
      );
      return reports.find((r) => r.comparison === "projects");
    };
    expect(await projects(firmConfig())).toMatchObject({ why: "unchanged" });
    const milder = asking({ "PRJ-01": { severity: 3 } });
    await simulateRule(deps(milder), { rule: "PRJ-01", days: 30, actor: "admin" });
    expect(await projects(milder)).toMatchObject({ why: "unchanged" });
    await promoteRule(deps(milder), approver, { rule: "PRJ-01", to: "active", note: "Less urgent." });
    expect(await projects(milder)).toMatchObject({ why: "" });
    expect(await at.detail("PRJ-01")).toMatchObject({ severity: 3 });
    expect(await projects(milder)).toMatchObject({ why: "unchanged" });
  });
});

describe("a retired rule", () => {
  it("has its exceptions closed and opens none, and its children open on their own", async () => {
    const it = await putEngagement(store, "three", { inErp: false });
    await put(store, "psa", "time_entry", [timeLine("t", it)]);
    await compare(firmConfig(), ["PRJ-01", "TIM-01"]);
    expect(await at.statuses()).toMatchObject({ "P-three": "open" });
    expect(await at.statuses("TIM-01")).toEqual({ t: "absorbed" });
    await promoteRule(deps(firmConfig()), admin, { rule: "PRJ-01", to: "retired", note: "Not for us." });
    expect(await at.statuses("PRJ-01")).toEqual({ "P-three": "resolved" });
    await compare(firmConfig(), ["PRJ-01", "TIM-01"]);
    expect(await at.statuses("PRJ-01")).toEqual({ "P-three": "resolved" });
    expect(await at.statuses("TIM-01")).toEqual({ t: "open" });
  });

  it("is never one that others rest on", async () => {
    const retire = { rule: "SYS-01", to: "retired", note: "Noise." } as const;
    await expect(promoteRule(deps(firmConfig()), admin, retire)).rejects.toThrow("cannot be put in shadow");
  });
});

describe("severity", () => {
  it("is raised by one for money, by legal entity, the threshold included", async () => {
    await seed();
    const milder = asking({ "TIM-01": { severity: 3 } });
    await simulateRule(deps(milder), { rule: "TIM-01", days: 30, actor: "admin" });
    await promoteRule(deps(milder), approver, { rule: "TIM-01", to: "active", note: "Try it." });
    const severity = async (escalation: PlumblineConfig["reconcile"]["escalation"]) => {
      at.clock.advance(HOUR);
      await loadEscalation(store, at.clock, {
        ...milder,
        reconcile: { ...milder.reconcile, ...(escalation ? { escalation } : {}) },
      });
      return at.detail("TIM-01");
    };
    for (let n = 0; n < 2; n++) await compare(milder, ["TIM-01"]);
    expect(await severity(undefined)).toMatchObject({ severity: 3, raised_by: [] });
    const for1600 = await severity({ money: { default: "1600" } });
    expect(for1600).toMatchObject({ severity: 2, raised_by: ["money"] });
    const beyond = await severity({ money: { default: "1600.01" } });
    expect(beyond).toMatchObject({ severity: 3, raised_by: [] });
    const ofEntity = await severity({ money: { default: "1", US01: "2000" } });
    expect(ofEntity).toMatchObject({ severity: 3, raised_by: [] });
    at.clock.set(instantOf(at.clock.now() + 11 * 24 * HOUR));
    const old = await severity({ money: {}, ageDays: 10 });
    expect(old).toMatchObject({ severity: 2, raised_by: ["age"] });
    expect(await severity(undefined)).toMatchObject({ severity: 3, raised_by: [] });
  });
});
