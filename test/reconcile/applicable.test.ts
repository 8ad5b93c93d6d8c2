/** Comparisons that the sources cannot feed, or only in part: what is not made, what is left out, and that nothing is concluded. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "#core/config";
import { ENTITIES, type Entity, OPTIONAL_FIELDS } from "#core/entities";
import { instantOf, manualClock } from "#core/time";
import { openSources, vendorSettings } from "#ingest/registry";
import { applicable, type KnownSource } from "#reconcile/applicable";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { Evidence } from "#reconcile/evidence";
import { comparisonById } from "#reconcile/explain";
import { RULES } from "#reconcile/rules/index";
import { type ReconcileOptions, type RunReport, reconcile } from "#reconcile/run";
import { exceptionDetail, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { invoiceCandidates } from "#sql/queries/kpi";
import { listRuns } from "#sql/queries/runs";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { firmConfig, freshUntil, put, putEngagement, timeLine, touch } from "./seed.ts";

const ALL: readonly Entity[] = ENTITIES;
type Lacks = NonNullable<KnownSource["source"]["lacks"]>;

/** A source with one stream for everything it holds; of what only some systems hold, all of it. */
const source = (id: string, entities: readonly Entity[] = ALL, lacks?: Lacks): KnownSource => {
  const [yields = "change", ...also] = entities;
  return {
    config: { id },
    source: {
      streams: [{ name: "everything", yields, also }],
      holds: OPTIONAL_FIELDS,
      ...(lacks ? { lacks } : {}),
    },
  };
};
const without = (...gone: Entity[]) => ALL.filter((e) => !gone.includes(e));
const firm = (over: Record<string, KnownSource> = {}) =>
  Object.values({ crm: source("crm"), psa: source("psa"), erp: source("erp"), ...over });
const of = (id: string, sources?: readonly KnownSource[], config = firmConfig()) => {
  const comparison = comparisonById(id);
  if (!comparison) throw new Error(`no comparison ${id}`);
  return applicable(comparison, RULES, config, sources);
};

describe("a comparison", () => {
  it("applies as it is when both sides have all it reads, or when nothing is known of the sources", () => {
    for (const comparison of COMPARISONS)
      for (const sources of [firm(), undefined])
        expect(applicable(comparison, RULES, firmConfig(), sources)).toEqual({ applies: true, comparison });
  });

  it("does not apply when no source of a side holds an entity it reads, and says which", () => {
    const sources = firm({ psa: source("psa", without("customer", "rate_line")) });
    expect(of("customer-names-psa", sources)).toEqual({
      applies: false,
      why: "Not compared: no PSA source holds customers, which “Client names in sales and in delivery” needs.",
    });
    expect(of("rates-contract-psa", sources)).toMatchObject({
      why: expect.stringContaining("no PSA source holds rate lines"),
    });
    expect(of("time", sources).applies).toBe(true);
  });

  it("does not apply without a source in the role of a side", () => {
    const { sources, ...rest } = firmConfig();
    const config = { ...rest, sources: sources.filter((s) => s.role !== "crm") };
    for (const known of [undefined, firm()])
      expect(of("rates-contract-erp", known, config)).toEqual({
        applies: false,
        why: "Not compared: no source is configured in the role CRM.",
      });
    expect(of("time", undefined, config).applies).toBe(true);
  });

  it("finds what one stream gives besides, and what a second source in the role gives", () => {
    const config = firmConfig();
    const [crm] = config.sources;
    if (!crm) throw new Error("no source");
    const two = { ...config, sources: [...config.sources, { ...crm, id: "crm-2" }] };
    const sources = [
      ...firm({ crm: source("crm", ["rate_line"]) }),
      source("crm-2", ["contract", "customer"]),
    ];
    expect(of("customer-names-erp", sources, config).applies).toBe(false);
    expect(of("customer-names-erp", sources, two).applies).toBe(true);
  });

  it("does not apply when what its rows are made by is held nowhere; one of several ways to say it is enough", () => {
    const plain = (id: string): KnownSource => {
      const { config, source: it } = source(id);
      return { config, source: { streams: it.streams } };
    };
    expect(of("contract-caps", firm({ crm: plain("crm") }))).toEqual({
      applies: false,
      why: "Not compared: no CRM source holds the cap of contracts, which “Capped contracts and work beyond the cap” needs.",
    });
    // Without a contract of its own, a project names its sale.
    expect(of("contract-caps", firm({ psa: plain("psa") }))).toMatchObject({ applies: true });
    expect(
      of(
        "contract-caps",
        firm({ psa: source("psa", ALL, { project: ["opportunity_ref", "contract_ref"] }) }),
      ),
    ).toEqual({
      applies: false,
      why: "Not compared: no PSA source holds the contract of projects or the opportunity of projects, which “Capped contracts and work beyond the cap” needs.",
    });
  });

  it("leaves out a field that a side takes from another entity, where that does not hold it", () => {
    const crm = { ...source("crm"), source: { streams: source("crm").source.streams } };
    const scope = of("clients", firm({ crm }));
    const lacking = scope.applies ? scope.comparison.fields.filter((f) => f.lackedBy).map((f) => f.name) : [];
    expect(lacking).toEqual(["payment_terms", "parent_key"]);
  });

  it("is made without the fields that every source of a side lacks, by any of a field's names", () => {
    const lacks: Lacks = { project: ["start_on"], time_entry: ["task_ref"] };
    const lackedBy = (id: string, known: readonly KnownSource[], config = firmConfig()) => {
      const scope = of(id, known, config);
      return scope.applies
        ? scope.comparison.fields.flatMap((f) => (f.lackedBy ? [[f.name, ...f.lackedBy]] : []))
        : scope.why;
    };
    const sources = firm({ erp: source("erp", ALL, lacks) });
    expect(lackedBy("projects", sources)).toEqual([["start_on", "right"]]);
    expect(lackedBy("time", sources)).toEqual([["task_key", "right"]]);
    expect(
      lackedBy("projects", firm({ psa: source("psa", ALL, lacks), erp: source("erp", ALL, lacks) })),
    ).toEqual([["start_on", "left", "right"]]);
    const config = firmConfig();
    const erp = config.sources.find((s) => s.role === "erp");
    if (!erp) throw new Error("no source");
    const two = { ...config, sources: [...config.sources, { ...erp, id: "erp-2" }] };
    // A second ERP holds it; one that has no projects says nothing about them.
    expect(lackedBy("projects", [...sources, source("erp-2")], two)).toEqual([]);
    expect(lackedBy("projects", [...sources, source("erp-2", ["time_entry"])], two)).toEqual([
      ["start_on", "right"],
    ]);
  });

  it("does not apply when nothing is left of it to compare; one that also looks for what is missing does", () => {
    const lacks: Lacks = { assignment: ["bill_rate"], project: ["code", "start_on", "end_on"] };
    const sources = firm({ psa: source("psa", ALL, lacks) });
    expect(of("assignment-rates", sources)).toEqual({
      applies: false,
      why: "Not compared: one side holds nothing of what is compared (rate).",
    });
    expect(of("projects", sources).applies).toBe(true);
  });

  it("of the example configuration applies, but for clients in a PSA that has none, and what needs more settings", () => {
    const parsed = parseConfig(readFileSync("plumbline.config.example.yaml", "utf8"), vendorSettings, {
      env: () => "a-long-enough-value",
      file: () => "a-long-enough-value",
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const sources = openSources(parsed.config, { clock: manualClock("2026-06-15T12:00:00.000Z") });
    const not = COMPARISONS.flatMap((c) => {
      const scope = applicable(c, RULES, parsed.config, sources);
      return scope.applies ? [] : [`${c.id}: ${scope.why.replace(/^Not compared: |, which .*$/g, "")}`];
    });
    // All but the first need what the example does not set: a field of the firm's own, or milestones billed by charges.
    expect(not).toEqual([
      "customer-names-psa: no PSA source holds customers",
      "billing-models-psa: no CRM source holds the billing type of contracts",
      "billing-models-erp: no CRM source holds the billing type of contracts",
      "contract-caps: no CRM source holds the cap of contracts",
      "purchase-orders: no CRM source holds the po required of contracts",
      "time-waiting: one side holds nothing of what is compared (hours waiting for approval for more than two working days).",
      "milestones: no ERP source holds milestones",
    ]);
  });
});

describe("a reconciliation", () => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await truncateAll(store);
    clock = manualClock("2026-06-15T12:00:00.000Z");
  });
  const run = async (
    sources: readonly KnownSource[],
    options: Partial<ReconcileOptions> = {},
  ): Promise<Record<string, RunReport>> => {
    clock.advance(5 * 3_600_000);
    await freshUntil(store, instantOf(clock.now()));
    const reports = await reconcile(
      store,
      { clock, config: firmConfig(), sources },
      { mode: "full", ...options },
    );
    return Object.fromEntries(reports.map((r) => [r.comparison, r]));
  };
  const open = () => store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 100 });
  const names = async () => (await open()).map((e) => `${e.rule} ${e.key}`).sort();
  const evidence = async (rule: string) => {
    const one = (await open()).find((e) => e.rule === rule);
    const detail = (await store.query(exceptionDetail, { id: one?.id ?? "" }))[0];
    return Evidence.parse(JSON.parse(detail?.evidence ?? ""));
  };

  const project = {
    is_active: 1,
    is_billable: 1,
    code: "A",
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency: "USD",
  };
  const who = { project: "P", person: "E" };

  it("leaves alone what it cannot compare, and keeps once that it did not", async () => {
    await put(store, "psa", "project", [{ key: "P", ...project }]);
    const rules = ["PRJ-01"];
    await run(firm(), { rules });
    expect(await names()).toEqual(["PRJ-01 P"]);
    // The project appears in the ERP, and another is missing: nobody looks.
    await put(store, "erp", "project", [{ key: "P", ...project }]);
    await put(store, "psa", "project", [{ key: "Q", ...project }]);
    const blind = firm({ erp: source("erp", without("project")) });
    const first = await run(blind, { rules });
    const second = await run(blind, { rules });
    expect(first.projects).toMatchObject({
      status: "not_applicable",
      why: "not_held",
      detail: expect.stringContaining("Not compared: no ERP source holds projects"),
      keys: 0,
      asOf: { left: null, right: null },
    });
    expect(second.projects?.runId).toBe(first.projects?.runId);
    expect(await names()).toEqual(["PRJ-01 P"]);
    const before = { comparison: "projects", before: "2200-01-01 00:00:00.000", limit: 10 };
    expect((await store.query(listRuns, before)).map((r) => r.status)).toEqual([
      "not_applicable",
      "exceptions",
    ]);
    // Once it can be compared again, it is.
    expect((await run(firm(), { rules })).projects).toMatchObject({ status: "exceptions", keys: 2 });
    expect(await names()).toEqual(["PRJ-01 Q"]);
  });

  it("does not hold a field against a system that has none of it", async () => {
    await put(store, "psa", "project", [
      { key: "P", ...project },
      { key: "Q", ...project },
    ]);
    await put(store, "erp", "project", [
      { key: "P", ...project, start_on: "1970-01-01" },
      { key: "Q", ...project, start_on: "1970-01-01", end_on: "2026-11-30" },
    ]);
    const rules = ["PRJ-08"];
    const noStart = firm({ erp: source("erp", ALL, { project: ["start_on"] }) });
    for (let n = 0; n < 2; n++) {
      const { projects } = await run(noStart, { rules });
      expect(projects?.counts).toMatchObject({ match: 1, mismatch: 1 });
    }
    clock.advance(48 * 3_600_000);
    expect(await names()).toEqual(["PRJ-08 Q"]);
    const found = await evidence("PRJ-08");
    expect(found.fields.map((f) => [f.name, f.differs])).toEqual([
      ["code", false],
      ["end_on", true],
      ["legal_entity", false],
      ["department", false],
      ["practice", false],
      ["region", false],
    ]);
    expect(found.why.sentence).toContain("they must agree on end date (± 1 day).");
    const [partial] = await open();

    // The ERP learns to hold it: the same exception, now about both dates.
    for (let n = 0; n < 2; n++) await run(firm(), { rules });
    const whole = (await open()).find((e) => e.key === "Q");
    expect(whole?.id).toBe(partial?.id);
    expect(await names()).toEqual(["PRJ-08 P", "PRJ-08 Q"]);

    // And forgets all dates: nobody looks, so what was found stands.
    const noDates = firm({ erp: source("erp", ALL, { project: ["start_on", "end_on"] }) });
    expect((await run(noDates, { rules })).projects?.counts).toMatchObject({ match: 2, mismatch: 0 });
    expect(await names()).toEqual(["PRJ-08 P", "PRJ-08 Q"]);
  });

  it("asks the ERP what has been invoiced where no PSA source says so", async () => {
    const e = await putEngagement(store, "billed", { rate: "100" });
    const row = { key: e.project, customer_key: e.customer, currency: "USD", is_billable: 1 };
    await put(store, "psa", "project", [{ ...row, is_active: 1 }]);
    await put(store, "erp", "project", [{ ...row, is_active: 0 }]);
    const lines = (invoiced: number) => [
      timeLine("t-open", e, { hours: "3" }),
      timeLine("t-billed", e, { hours: "5", is_invoiced: invoiced }),
    ];
    await put(store, "psa", "time_entry", lines(0));
    await put(store, "erp", "time_entry", lines(1));
    const rules = ["PRJ-06"];
    const money = async () => (await open()).map((x) => [x.rule, x.money]);
    for (let n = 0; n < 2; n++) await run(firm(), { rules });
    expect(await money()).toEqual([["PRJ-06", "800"]]);
    const silent = firm({ psa: source("psa", ALL, { time_entry: ["is_invoiced"] }) });
    for (let n = 0; n < 2; n++) await run(silent, { rules });
    expect(await money()).toEqual([["PRJ-06", "300"]]);
    const linesOf = async (invoiced_by: "psa" | "erp") =>
      (
        await store.query(invoiceCandidates, {
          as_of: "2026-06-15",
          reporting: "USD",
          invoiced_by,
          cutoff_day: 3,
          commercial: [],
          blind: [],
          limit: 10,
        })
      )[0]?.items;
    expect([await linesOf("psa"), await linesOf("erp")]).toEqual([2, 1]);
  });

  it("knows no amount where a formula asks for what a side does not hold", async () => {
    const booking = {
      project_key: "P-same",
      resource_key: "E-same",
      role_name: "Consultant",
      allocation_pct: "50",
    };
    const dates = { start_on: "2026-06-01", end_on: "2026-07-31" };
    await putEngagement(store, "same");
    await put(store, "psa", "assignment", [{ key: "a", ...booking, ...dates, is_active: 1, is_billable: 1 }]);
    await put(store, "erp", "assignment", [{ key: "a", ...booking, allocation_pct: "80" }]);
    const noDates = firm({ erp: source("erp", ALL, { assignment: ["start_on", "end_on"] }) });
    for (let n = 0; n < 2; n++) await run(noDates, { rules: ["ASG-03"] });
    expect(await names()).toEqual(["ASG-03 a"]);
    const found = await evidence("ASG-03");
    expect(found.fields.map((f) => f.name)).toEqual(["allocation_pct"]);
    expect(found.money).toMatchObject({ amount: null, unpriced: 1 });
  });

  describe("that streams", () => {
    const noTask = firm({ erp: source("erp", ALL, { time_entry: ["task_ref"] }) });
    const rules = ["TIM-03"];
    const seed = async () => {
      const lines = Array.from({ length: 40 }, (_, n) => timeLine(`t${n}`, who));
      await put(store, "psa", "time_entry", lines);
      await put(
        store,
        "erp",
        "time_entry",
        lines.map((l, n) => ({ ...l, task_key: "", ...(n === 7 ? { hours: "6" } : {}) })),
      );
    };

    it("finds what differs in the other fields, and nothing else", async () => {
      await seed();
      const { time } = await run(noTask, { rules });
      expect(time, time?.detail).toMatchObject({ status: "exceptions", keys: 40 });
      expect(time?.counts).toMatchObject({ match: 39, mismatch: 1 });
      expect(await names()).toEqual(["TIM-03 t7"]);
      expect((await evidence("TIM-03")).fields.map((f) => f.name)).toEqual([
        "hours",
        "work_on",
        "project_key",
        "resource_key",
        "is_billable",
      ]);
      // With the field, every line differs: that is what leaving it out is for.
      expect((await run(firm(), { rules })).time?.counts).toMatchObject({ match: 0, mismatch: 40 });
    });

    it("comes to the same end between full runs", async () => {
      await seed();
      await run(noTask, { rules });
      await put(store, "erp", "time_entry", [
        { ...timeLine("t3", who, { hours: "5" }), task_key: "", version: 9e12 },
      ]);
      await touch(store, "time_entry", ["t3", "t4"], instantOf(clock.now() + 3_600_000));
      const { time } = await run(noTask, { rules, mode: "incremental" });
      expect(time).toMatchObject({ mode: "incremental", keys: 2, counts: { match: 1, mismatch: 1 } });
      expect(await names()).toEqual(["TIM-03 t3", "TIM-03 t7"]);
    });

    it("compares by keys alone when nothing else is held", async () => {
      await seed();
      const fields = ["hours", "work_on", "project_ref", "resource_ref", "task_ref"];
      const { time } = await run(firm({ erp: source("erp", ALL, { time_entry: fields }) }), { rules });
      expect(time?.counts).toMatchObject({ match: 40 });
    });
  });
});
