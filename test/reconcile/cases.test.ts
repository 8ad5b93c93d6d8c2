/** Cases: failures that follow from another are symptoms of it, counted once with it, and come back on their own when it is put right. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actOnException } from "#reconcile/exceptions";
import type { Parent, Rule } from "#reconcile/rule";
import { RULES } from "#reconcile/rules/index";
import { caseList, caseRoot, caseSymptoms } from "#sql/queries/cases";
import { exceptionDetail, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { blockedItems, overview, sumOf } from "./case-figures.ts";
import { HOUR, type Months, months } from "./months.ts";
import { put, putEngagement, timeLine, touch } from "./seed.ts";

let store: TestStore;
let it_: Months;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  it_ = months(store);
});

const CHILDREN = 300;
const project = {
  code: "CODE-lost",
  customer_key: "C-lost",
  is_active: 1,
  is_billable: 1,
  start_on: "2026-01-05",
  end_on: "2026-12-31",
  currency: "USD",
  legal_entity: "US01",
};
/** An hour on, what the rules about time and bookings rest on, and what may explain them. */
const run = (options: Parameters<Months["run"]>[0] = {}) =>
  it_.run({ rules: ["TIM-01", "ASG-01"], ...options });
const cases = () => store.query(caseList, { ids: [], limit: 10 });
const standing = () => store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1_000 });
const counts = async (rule: string) => {
  const all = Object.values(await it_.statuses(rule));
  return Object.fromEntries([...new Set(all)].map((s) => [s, all.filter((x) => x === s).length]));
};

/** A project finance does not know, with so many approved lines of 1.25 h at 133.33: 166.6625 each. */
async function lostProject(lines = CHILDREN) {
  const of = await putEngagement(store, "lost", { inErp: false, rate: "133.33" });
  // A side that is empty is held back, and nothing is concluded from it.
  const other = await putEngagement(store, "other");
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", [timeLine("other", other)]);
  await put(
    store,
    "psa",
    "time_entry",
    Array.from({ length: lines }, (_, n) => timeLine(`t${n}`, of, { hours: "1.25" })),
  );
  return of;
}

describe("a missing project with hundreds of lines", () => {
  it("is one exception, one case, and one total equal to the sum over the distinct lines", async () => {
    const of = await lostProject();
    await put(store, "psa", "assignment", [
      {
        key: "a",
        project_key: of.project,
        resource_key: of.person,
        role_name: "Consultant",
        start_on: "2026-06-01",
        end_on: "2026-07-31",
        allocation_pct: "50",
        bill_rate: "133.33",
        is_active: 1,
        is_billable: 1,
        currency: "USD",
      },
    ]);
    await run();
    expect((await standing()).map((e) => [e.rule, e.key])).toEqual([["PRJ-01", "P-lost"]]);
    expect(await counts("TIM-01")).toEqual({ absorbed: CHILDREN });
    const [one, ...more] = await cases();
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      rule: "PRJ-01",
      key: "P-lost",
      symptoms: CHILDREN + 1,
      symptom_rules: ["ASG-01", "TIM-01"],
      items: CHILDREN,
      unpriced: 0,
      currency: "USD",
      // 300 × 1.25 × 133.33
      total: "49998.75",
      total_reporting: "49998.75",
    });
    expect(await sumOf(store, "P-lost")).toBe("49998.75");
    const symptoms = await store.query(caseSymptoms, { id: one?.id ?? "", first: 3 });
    expect(symptoms).toMatchObject([
      {
        rule: "TIM-01",
        symptoms: CHILDREN,
        items: CHILDREN,
        money_reporting: "49998.75",
        first_keys: ["t0", "t1", "t10"],
      },
      // 22 weekdays × 8 h × 50 % × 133.33, planned and so on no billable item yet
      { rule: "ASG-01", symptoms: 1, items: 0, money_reporting: "11733.04", first_keys: ["a"] },
    ]);
    expect(await blockedItems(store)).toEqual({ items: CHILDREN, value: "49998.75", rules: ["PRJ-01"] });
    expect(await overview(store)).toMatchObject({
      open: 1,
      blocked_items: CHILDREN,
      blocked_value: "49998.75",
    });
  });

  for (const mode of ["full", "incremental"] as const)
    it(`is gone with its lines at the next ${mode} run once project and lines are there`, async () => {
      const of = await lostProject();
      await run();
      await put(store, "erp", "project", [{ key: of.project, ...project, changed_at: it_.now() }]);
      const lines = Array.from({ length: CHILDREN }, (_, n) => `t${n}`);
      await put(
        store,
        "erp",
        "time_entry",
        lines.map((key) => timeLine(key, of, { hours: "1.25", changed_at: it_.now() })),
      );
      await touch(store, "project", [of.project], it_.now());
      await touch(store, "time_entry", lines, it_.now());
      const { time } = await run({ mode });
      expect(time?.mode).toBe(mode);
      expect(await standing()).toEqual([]);
      expect(await cases()).toEqual([]);
      expect(await it_.statuses("PRJ-01")).toEqual({ "P-lost": "resolved" });
      // They never opened, so there was nothing to resolve.
      expect(await counts("TIM-01")).toEqual({ cleared: CHILDREN });
    });

  for (const mode of ["full", "incremental"] as const)
    it(`leaves its lines to stand on their own at the next ${mode} run once only the project is there`, async () => {
      const of = await lostProject(4);
      await run();
      await put(store, "erp", "project", [{ key: of.project, ...project, changed_at: it_.now() }]);
      // Nothing touched the lines.
      await touch(store, "project", [of.project], it_.now());
      const { time } = await run({ mode });
      expect(time?.mode).toBe(mode);
      expect(await counts("TIM-01")).toEqual({ open: 4 });
      expect(await it_.statuses("PRJ-01")).toEqual({ "P-lost": "resolved" });
      expect(await cases()).toEqual([]);
      // 4 × 166.6625
      expect(await blockedItems(store)).toEqual({ items: 4, value: "666.65", rules: ["TIM-01"] });
    });
});

describe("a failure that stood before its parent failed", () => {
  /** A line that stands open; its project is in both systems. */
  async function openLine() {
    const of = await putEngagement(store, "later");
    await put(store, "psa", "time_entry", [timeLine("t", of)]);
    await run();
    expect(await it_.statuses("TIM-01")).toEqual({ t: "open" });
    return of;
  }
  const gone = { is_deleted: 1, code: "CODE-later" };

  for (const mode of ["full", "incremental"] as const)
    it(`is closed into the case at the next ${mode} run, and opens again when the parent is put right`, async () => {
      const of = await openLine();
      await put(store, "erp", "project", [{ key: of.project, ...project, ...gone, changed_at: it_.now() }]);
      await touch(store, "project", [of.project], it_.now());
      it_.clock.advance(HOUR);
      const failed = await run({ mode });
      expect(failed.time?.mode).toBe(mode);
      expect(failed.time?.events).toMatchObject({ absorbed: 1, resolved: 0 });
      expect((await standing()).map((e) => e.rule)).toEqual(["PRJ-01"]);
      expect(await it_.events("TIM-01")).toEqual(["opened", "absorbed"]);
      const symptom = (await it_.detail("TIM-01"))?.id ?? "";
      expect((await store.query(caseRoot, { id: symptom }))[0]).toMatchObject({
        rule: "PRJ-01",
        key: of.project,
        status: "open",
      });
      expect(await blockedItems(store)).toEqual({ items: 1, value: "1600", rules: ["PRJ-01"] });

      // Another run changes nothing.
      await run({ mode });
      expect(await it_.events("TIM-01")).toEqual(["opened", "absorbed"]);

      await put(store, "erp", "project", [
        { key: of.project, ...project, code: "CODE-later", changed_at: it_.now() },
      ]);
      await touch(store, "project", [of.project], it_.now());
      await run({ mode });
      expect(await it_.events("TIM-01")).toEqual(["opened", "absorbed", "reopened"]);
      expect(await it_.statuses()).toMatchObject({ t: "open", [of.project]: "resolved" });
      expect((await it_.detail("TIM-01"))?.cause_id).toBe("");
    });

  it("is resolved, not merely cleared, when it goes while it is a symptom", async () => {
    const of = await openLine();
    await put(store, "erp", "project", [{ key: of.project, ...project, ...gone, changed_at: it_.now() }]);
    it_.clock.advance(HOUR);
    await run();
    await put(store, "erp", "time_entry", [timeLine("t", of, { changed_at: it_.now() })]);
    await run();
    expect(await it_.events("TIM-01")).toEqual(["opened", "absorbed", "resolved"]);
    expect(await cases()).toEqual([]);
  });

  it("stays waived where it was, and is not counted with the case", async () => {
    const of = await openLine();
    const id = await it_.idOf("TIM-01");
    await actOnException(store, it_.clock, {
      id,
      actor: "finance",
      action: { type: "waive", until: "2026-07-15T00:00:00.000Z", note: "agreed with the client" },
    });
    await put(store, "erp", "project", [{ key: of.project, ...project, ...gone, changed_at: it_.now() }]);
    it_.clock.advance(HOUR);
    await run();
    expect(await it_.statuses()).toMatchObject({ t: "waived", [of.project]: "open" });
    expect(await cases()).toEqual([]);
  });

  it("keeps its parent while the parent cannot be judged", async () => {
    const of = await lostProject(1);
    await run();
    await put(store, "erp", "project", [{ key: of.project, ...project, changed_at: it_.now() }]);
    await run({ outage: true });
    expect(await counts("TIM-01")).toEqual({ absorbed: 1 });
  });
});

describe("a chain of failures", () => {
  /** The built-in catalogue with a client whose name differs explaining a missing project, and a line's project explaining it. */
  const CLIENT: Parent = {
    rule: "CUS-08",
    comparison: "customer-names-erp",
    kind: "mismatch",
    on: "customer_key",
  };
  const chained: readonly Rule[] = RULES.map((r) => (r.id === "PRJ-01" ? { ...r, absorbedBy: [CLIENT] } : r));

  beforeEach(() => {
    it_ = months(store, chained);
  });

  it("is one case at its root, whose items are those of all that follows from it", async () => {
    await lostProject(3);
    await put(store, "erp", "customer", [
      { key: "C-lost", name: "Another name", legal_entity: "US01", is_active: 1, rate_card_ref: "card-lost" },
    ]);
    await run();
    // Failed only once, and no exception yet; what it explains does not open for that.
    expect(await it_.statuses("CUS-08")).toEqual({ "C-lost": "suspected" });
    expect(await standing()).toEqual([]);
    expect(await blockedItems(store)).toEqual({ items: 3, value: "499.9875", rules: ["CUS-08"] });
    await run();
    expect((await standing()).map((e) => [e.rule, e.key])).toEqual([["CUS-08", "C-lost"]]);
    expect(await cases()).toMatchObject([
      { rule: "CUS-08", key: "C-lost", symptoms: 4, items: 3, total_reporting: "499.9875" },
    ]);
    const line = (await it_.detail("TIM-01"))?.id ?? "";
    const immediate = (await store.query(exceptionDetail, { id: line }))[0]?.cause_id ?? "";
    expect((await store.query(exceptionDetail, { id: immediate }))[0]).toMatchObject({
      rule: "PRJ-01",
      status: "absorbed",
    });
    expect((await store.query(caseRoot, { id: line }))[0]).toMatchObject({ rule: "CUS-08" });
    expect(await blockedItems(store)).toEqual({ items: 3, value: "499.9875", rules: ["CUS-08"] });
  });

  for (const mode of ["full", "incremental"] as const)
    it(`passes to the next link at the next ${mode} run once its root is put right`, async () => {
      await lostProject(3);
      const client = { key: "C-lost", legal_entity: "US01", is_active: 1, rate_card_ref: "card-lost" };
      await put(store, "erp", "customer", [{ ...client, name: "Another name" }]);
      await run();
      await run();
      await put(store, "erp", "customer", [{ ...client, name: "lost", changed_at: it_.now() }]);
      await touch(store, "customer", ["C-lost"], it_.now());
      await run({ mode });
      expect(await it_.statuses("CUS-08")).toEqual({ "C-lost": "resolved" });
      expect((await standing()).map((e) => [e.rule, e.key])).toEqual([["PRJ-01", "P-lost"]]);
      expect(await cases()).toMatchObject([{ rule: "PRJ-01", symptoms: 3, total_reporting: "499.9875" }]);
    });
});

describe("something many records share", () => {
  // A project missing under the name of the legal entity stands for an entity that finance does not know.
  const ENTITY: Parent = {
    rule: "PRJ-01",
    comparison: "projects",
    kind: "missing_right",
    on: "legal_entity",
  };
  const shared: readonly Rule[] = RULES.map((r) => (r.id === "TIM-01" ? { ...r, absorbedBy: [ENTITY] } : r));

  it("has the failures of all of them in one case, whichever project they are of, and leaves the others", async () => {
    it_ = months(store, shared);
    for (const [name, entity] of [
      ["one", "DE01"],
      ["two", "DE01"],
      ["else", "FR01"],
    ] as const) {
      const of = await putEngagement(store, name, { entity, rate: "100.10" });
      await put(store, "psa", "time_entry", [timeLine(`t-${name}`, of)]);
    }
    await put(store, "psa", "project", [{ key: "DE01", ...project }]);
    await run();
    expect(await it_.statuses("TIM-01")).toEqual({
      "t-one": "absorbed",
      "t-two": "absorbed",
      "t-else": "open",
    });
    expect(await cases()).toMatchObject([
      { rule: "PRJ-01", key: "DE01", symptoms: 2, items: 2, total_reporting: "1601.6" },
    ]);
    // 3 lines of 8 h × 100.10, two of them under the entity
    expect(await blockedItems(store)).toEqual({ items: 3, value: "2402.4", rules: ["PRJ-01", "TIM-01"] });
    await put(store, "erp", "project", [{ key: "DE01", ...project, changed_at: it_.now() }]);
    await touch(store, "project", ["DE01"], it_.now());
    const { time } = await run({ mode: "incremental" });
    expect(time?.mode).toBe("incremental");
    expect(await it_.statuses("TIM-01")).toEqual({ "t-one": "open", "t-two": "open", "t-else": "open" });
    expect(await cases()).toEqual([]);
  });
});
