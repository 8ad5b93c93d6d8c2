/** A case on the pages: the queue's row, the exception that explains others, and one of those. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { instantOf, systemClock } from "#core/time";
import { loader as overviewLoader } from "../../app/routes/_app._index.tsx";
import { loader as queueLoader } from "../../app/routes/_app.exceptions._index.tsx";
import { action as actOnOne, loader as exceptionLoader } from "../../app/routes/_app.exceptions.$id.tsx";
import { put, putEngagement, timeLine } from "../reconcile/seed.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { openConsole, readUntil, type TestConsole } from "./support/console.ts";
import { argsOf, cookieOf } from "./support/visit.ts";

let store: TestStore;
let it_: TestConsole;
let cookie: string;

beforeAll(async () => {
  store = await openTestStore();
  it_ = await openConsole(store, systemClock);
  await readUntil(store, instantOf(systemClock.now()));
  const lost = await putEngagement(store, "lost", { inErp: false, rate: "133.33" });
  const other = await putEngagement(store, "other");
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", [timeLine("other", other)]);
  await put(store, "psa", "time_entry", [
    ...Array.from({ length: 9 }, (_, n) => timeLine(`t${n}`, lost, { hours: "1.25" })),
    timeLine("alone", other),
  ]);
  // Bookings that are over, so that the days worked were booked.
  const booking = { start_on: "2026-01-05", end_on: "2026-05-31", allocation_pct: "100", is_active: 0 };
  await put(
    store,
    "psa",
    "assignment",
    [lost, other].map((of) => ({
      key: `booking-${of.project}`,
      project_key: of.project,
      resource_key: of.person,
      ...booking,
    })),
  );
  await it_.compare();
  cookie = await cookieOf(it_.services, "finance");
});
afterAll(async () => {
  await it_.close();
  await store.close();
});

const args = (path: string, id?: string, form?: [string, string][]) =>
  argsOf({
    services: it_.services,
    path,
    cookie,
    params: id === undefined ? {} : { id },
    ...(form ? { form } : {}),
  });
const queue = (search = "") => queueLoader(args(`/exceptions${search}`));
const detail = (id: string) => exceptionLoader(args(`/exceptions/${id}`, id));

it("is one row of the queue, with how many failures follow from it and their money, each line once", async () => {
  const { rows, totals } = await queue();
  expect(rows.map((r) => [r.rule, r.key, r.case])).toEqual([
    // 9 × 1.25 × 133.33; the line of the other project is in no case
    ["TIM-01", "alone", null],
    ["PRJ-01", "P-lost", { symptoms: 9, items: 9, total: "1499.9625" }],
  ]);
  // 8 × 200 beside it
  expect(totals).toMatchObject({ total: 2, held_items: 10, held_value: "3099.9625" });
  const { rows: symptoms } = await queue("?status=symptoms");
  expect(symptoms).toHaveLength(9);
  expect(new Set(symptoms.map((r) => r.status))).toEqual(new Set(["absorbed"]));
});

it("is listed by rule on the page of its exception, with the first of its symptoms", async () => {
  const root = (await queue("?rule=PRJ-01")).rows[0]?.id ?? "";
  const page = await detail(root);
  expect(page.case.cause).toBeNull();
  expect(page.case.total).toMatchObject({ symptoms: 9, items: 9, total_reporting: "1499.9625" });
  expect(page.case.symptoms).toMatchObject([
    { rule: "TIM-01", ruleTitle: "Approved time not in ERP", symptoms: 9, money_reporting: "1499.9625" },
  ]);
  expect(page.case.symptoms[0]?.first.map((f) => f.key)).toEqual(["t0", "t1", "t2", "t3"]);
});

it("is named on the page of a symptom, which nobody can work on by itself", async () => {
  const symptom = (await queue("?status=symptoms")).rows[0]?.id ?? "";
  const page = await detail(symptom);
  expect(page.case).toMatchObject({ cause: { rule: "PRJ-01", key: "P-lost", status: "open" }, symptoms: [] });
  const answer = await actOnOne(args(`/exceptions/${symptom}`, symptom, [["intent", "acknowledge"]]));
  expect(JSON.stringify(answer)).toContain("symptom of another exception");
});

it("counts once on the overview", async () => {
  const page = JSON.stringify(await overviewLoader(args("/")));
  expect(page).toContain("3099.9625");
});
