/** Rules about how time is coded, approved and priced: given, given, expect. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";
import { HOUR, type Months, months } from "./months.ts";
import { put, putEngagement, timeLine } from "./seed.ts";

let store: TestStore;
let firm: Months;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await truncateAll(store);
  firm = months(store);
});

/** Twice, so that what is not severe opens too. The clock starts on Monday, 2026-06-15. */
async function open(rule: string): Promise<Record<string, string>> {
  await firm.run({ rules: [rule] });
  await firm.run({ rules: [rule] });
  return firm.statuses(rule);
}
const money = async (rule: string) => (await firm.detail(rule))?.money;

describe("billable in one system only (TIM-05)", () => {
  it("opens where the flags differ, worth the line, and resolves when they agree", async () => {
    const of = await putEngagement(store, "A");
    await put(store, "psa", "time_entry", [timeLine("t", of), timeLine("u", of)]);
    await put(store, "erp", "time_entry", [timeLine("t", of, { is_billable: 0 }), timeLine("u", of)]);
    expect(await open("TIM-05")).toEqual({ t: "open" });
    expect(await money("TIM-05")).toBe("1600");
    expect(await firm.statuses("TIM-03")).toEqual({});
    await put(store, "erp", "time_entry", [timeLine("t", of, { changed_at: firm.now() })]);
    expect(await open("TIM-05")).toEqual({ t: "resolved" });
  });

  it("waits four hours, the boundary included, and stands beside other differences of the line", async () => {
    const of = await putEngagement(store, "A");
    await put(store, "psa", "time_entry", [timeLine("t", of)]);
    await put(store, "erp", "time_entry", [
      timeLine("t", of, { is_billable: 0, hours: "7", changed_at: firm.now() }),
    ]);
    for (let n = 0; n < 3; n++) await firm.run({ rules: ["TIM-05"] });
    expect(await firm.statuses("TIM-05")).toEqual({});
    await firm.run({ rules: ["TIM-05"] });
    expect(await firm.statuses("TIM-05")).toEqual({ t: "open" });
    expect(await firm.statuses("TIM-03")).toEqual({ t: "open" });
  });

  it("is worth nothing known where no rate is", async () => {
    const of = await putEngagement(store, "A");
    const nobody = { project: of.project, person: "E-none" };
    await put(store, "psa", "time_entry", [timeLine("t", nobody, { is_billable: 0 })]);
    await put(store, "erp", "time_entry", [timeLine("t", nobody)]);
    expect(await open("TIM-05")).toEqual({ t: "open" });
    expect(await money("TIM-05")).toBeNull();
  });
});

describe("a task of another project (TIM-04)", () => {
  const task = (project: string, more = {}) => ({
    key: "T-1",
    name: "Build",
    project_key: project,
    is_open: 1,
    ...more,
  });

  it("opens with the uninvoiced billable time on the task, and not where both agree or one side has none", async () => {
    const a = await putEngagement(store, "A");
    const b = await putEngagement(store, "B");
    await put(store, "psa", "task", [
      task(a.project),
      { ...task(a.project), key: "T-2" },
      { ...task(a.project), key: "T-3" },
    ]);
    await put(store, "erp", "task", [task(b.project), { ...task(a.project), key: "T-2" }]);
    await put(store, "psa", "time_entry", [
      timeLine("t", a),
      timeLine("free", a, { is_billable: 0 }),
      timeLine("billed", a, { is_invoiced: 1 }),
      timeLine("other", a, { task_key: "T-2" }),
    ]);
    expect(await open("TIM-04")).toEqual({ "T-1": "open" });
    expect(await money("TIM-04")).toBe("1600");
  });

  it("is not judged while the ERP's project has no partner, and is a symptom under a project the ERP lacks", async () => {
    const a = await putEngagement(store, "A");
    const gone = await putEngagement(store, "B", { inErp: false });
    await put(store, "psa", "task", [task(a.project), { ...task(gone.project), key: "T-2" }]);
    await put(store, "erp", "task", [task("unlinked:9"), { ...task(a.project), key: "T-2" }]);
    expect(await open("TIM-04")).toEqual({ "T-2": "absorbed" });
    expect(await firm.statuses("PRJ-01")).toEqual({ [gone.project]: "open" });
  });
});

describe("time that waits for approval (TIM-07)", () => {
  const waiting = (of: { project: string; person: string }, submitted: string, more = {}) =>
    timeLine("w", of, {
      is_approved: 0,
      is_submitted: 1,
      submitted_at: `${submitted} 16:00:00.000`,
      hours: "2.5",
      ...more,
    });

  it("opens after more than two working days: weekends do not count, the second day still passes", async () => {
    const a = await putEngagement(store, "A");
    const b = await putEngagement(store, "B");
    // Monday 15 June: from Thursday two working days have gone by, from Wednesday three.
    await put(store, "psa", "time_entry", [
      { ...waiting(a, "2026-06-11"), key: "a" },
      { ...waiting(b, "2026-06-10"), key: "b" },
    ]);
    expect(await open("TIM-07")).toEqual({ "P-B": "open" });
    expect(await money("TIM-07")).toBe("500");
    firm.clock.advance(24 * HOUR);
    expect(await open("TIM-07")).toEqual({ "P-A": "open", "P-B": "open" });
  });

  it("passes over what is approved, sent back or never handed in, and what the system says no time of", async () => {
    const a = await putEngagement(store, "A");
    await put(store, "psa", "time_entry", [
      { ...waiting(a, "2026-06-01", { is_approved: 1 }), key: "a" },
      { ...waiting(a, "2026-06-01", { is_submitted: 0 }), key: "b" },
      { ...waiting(a, "1970-01-01", { submitted_at: "1970-01-01 00:00:00.000" }), key: "c" },
    ]);
    expect(await open("TIM-07")).toEqual({});
  });

  it("is worth nothing where none of it is billable, and nothing known where none has a rate; it resolves with approval", async () => {
    const a = await putEngagement(store, "A");
    await put(store, "psa", "time_entry", [waiting(a, "2026-06-01", { is_billable: 0 })]);
    expect(await open("TIM-07")).toEqual({ "P-A": "open" });
    expect(await money("TIM-07")).toBe("0");
    await put(store, "psa", "time_entry", [
      waiting(a, "2026-06-01", { resource_key: "E-none", changed_at: "2026-06-02T08:00:00.000Z" }),
    ]);
    await firm.run({ rules: ["TIM-07"] });
    expect(await money("TIM-07")).toBeNull();
    await put(store, "psa", "time_entry", [
      waiting(a, "2026-06-01", { is_approved: 1, changed_at: firm.now() }),
    ]);
    await firm.run({ rules: ["TIM-07"] });
    expect(await firm.statuses("TIM-07")).toEqual({ "P-A": "resolved" });
  });
});

describe("days without a rate (RAT-03)", () => {
  const line = (key: string, from: string, to: string, rate: string) => ({
    key,
    customer_key: "C-A",
    role_name: "Consultant",
    currency: "USD",
    rate,
    effective_from: from,
    effective_to: to,
    is_signed: 1,
  });
  const endRate = (to: string, more = {}) =>
    put(store, "crm", "rate_line", [
      { ...line("crl-A", "2026-01-01", to, "200"), changed_at: "2026-05-02T08:00:00.000Z", ...more },
    ]);

  it("opens from the day after the last rate ended, at that rate", async () => {
    const of = await putEngagement(store, "A");
    await endRate("2026-05-04");
    await put(store, "psa", "time_entry", [
      timeLine("last", of, { work_on: "2026-05-04" }),
      timeLine("after", of, { work_on: "2026-05-05", hours: "1.5" }),
      timeLine("free", of, { work_on: "2026-05-05", is_billable: 0 }),
      timeLine("billed", of, { work_on: "2026-05-05", is_invoiced: 1 }),
    ]);
    expect(await open("RAT-03")).toEqual({ "C-A|Consultant|USD": "open" });
    expect(await money("RAT-03")).toBe("300");
    await endRate("1970-01-01", { changed_at: "2026-05-03T08:00:00.000Z" });
    expect(await open("RAT-03")).toEqual({ "C-A|Consultant|USD": "resolved" });
  });

  it("takes the first rate to come where none went before, and says nothing where the role never has one", async () => {
    const of = await putEngagement(store, "A");
    await put(store, "crm", "rate_line", [
      { ...line("crl-A", "2026-06-01", "1970-01-01", "210"), changed_at: "2026-05-02T08:00:00.000Z" },
    ]);
    await put(store, "psa", "time_entry", [
      timeLine("before", of, { work_on: "2026-05-31", hours: "2" }),
      timeLine("nobody", { ...of, person: "E-none" }),
    ]);
    expect(await open("RAT-03")).toEqual({ "C-A|Consultant|USD": "open" });
    expect(await money("RAT-03")).toBe("420");
  });
});

describe("two rates for the same days (RAT-04)", () => {
  const line = (key: string, from: string, to: string, rate: string, more = {}) => ({
    key,
    customer_key: "C-A",
    role_name: "Consultant",
    currency: "USD",
    rate,
    effective_from: from,
    effective_to: to,
    is_signed: 1,
    ...more,
  });

  it("opens where a rate starts on the last day of another, not on the day after", async () => {
    const of = await putEngagement(store, "A");
    await put(store, "psa", "time_entry", [
      timeLine("on", of, { work_on: "2026-05-04" }),
      timeLine("off", of, { work_on: "2026-05-05" }),
    ]);
    const later = (from: string, at: string) =>
      put(store, "crm", "rate_line", [
        { ...line("crl-A", "2026-01-01", "2026-05-04", "200"), changed_at: at },
        { ...line("next", from, "1970-01-01", "212.50"), changed_at: at },
      ]);
    await later("2026-05-05", "2026-05-02T08:00:00.000Z");
    expect(await open("RAT-04")).toEqual({});
    await later("2026-05-04", "2026-05-03T08:00:00.000Z");
    expect(await open("RAT-04")).toEqual({ "C-A|Consultant|USD": "open" });
    expect(await money("RAT-04")).toBe("100");
  });

  it("passes over drafts, a project's own price and other roles", async () => {
    await putEngagement(store, "A");
    await put(store, "crm", "rate_line", [
      line("draft", "2026-02-01", "1970-01-01", "210", { is_signed: 0, project_ref: "", project_key: "" }),
      line("own", "2026-02-01", "1970-01-01", "210", { project_ref: "x", project_key: "P-A" }),
      line("role", "2026-02-01", "1970-01-01", "210", {
        role_name: "Architect",
        project_ref: "",
        project_key: "",
      }),
    ]);
    expect(await open("RAT-04")).toEqual({});
  });

  it("is found among the rates of delivery too, and waits a day", async () => {
    await putEngagement(store, "A");
    await put(store, "psa", "rate_line", [
      line("two", "2026-02-01", "1970-01-01", "200", { changed_at: firm.now() }),
    ]);
    for (let n = 0; n < 23; n++) firm.clock.advance(HOUR);
    await firm.run({ rules: ["RAT-04"] });
    expect(await firm.statuses("RAT-04")).toEqual({ "C-A|Consultant|USD": "suspected" });
    expect(await money("RAT-04")).toBe("0");
  });
});

describe("a project in another currency (RAT-06)", () => {
  const erp = (project: string, currency: string, more = {}) =>
    put(store, "erp", "project", [
      {
        key: project,
        currency,
        is_active: 1,
        is_billable: 1,
        changed_at: "2026-05-02T08:00:00.000Z",
        ...more,
      },
    ]);

  it("opens with the project's uninvoiced billable time, and not where they agree or the work is over", async () => {
    const a = await putEngagement(store, "A");
    await putEngagement(store, "B");
    const over = await putEngagement(store, "C");
    await erp(a.project, "EUR");
    await erp(over.project, "EUR");
    await put(store, "psa", "project", [
      {
        key: over.project,
        is_active: 0,
        is_billable: 1,
        currency: "USD",
        changed_at: "2026-05-02T08:00:00.000Z",
      },
    ]);
    await put(store, "psa", "time_entry", [timeLine("t", a), timeLine("billed", a, { is_invoiced: 1 })]);
    expect(await open("RAT-06")).toEqual({ [a.project]: "open" });
    expect(await money("RAT-06")).toBe("1600");
  });

  it("says nothing where the ERP does not say which", async () => {
    const a = await putEngagement(store, "A");
    await erp(a.project, "");
    expect(await open("RAT-06")).toEqual({});
  });
});
