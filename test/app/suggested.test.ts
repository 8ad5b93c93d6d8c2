/** What is probably the same, on the page of an exception and at the terminal: why, which, and what a person would do. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { instantOf, systemClock } from "#core/time";
import { exceptionDetail } from "#sql/queries/exceptions";
import { queueList } from "#sql/queries/queue";
import { saySuggested } from "../../app/cli/commands/exceptions.ts";
import { suggestedFor } from "../../app/data/suggested.server.ts";
import { loader as exceptionLoader } from "../../app/routes/_app.exceptions.$id.tsx";
import { put, putEngagement, timeLine } from "../reconcile/seed.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { openConsole, readUntil, type TestConsole } from "./support/console.ts";
import { argsOf, cookieOf } from "./support/visit.ts";

let store: TestStore;
let it_: TestConsole;
let cookie: string;
/** Rule and key → the exception's id. */
const ids = new Map<string, string>();

beforeAll(async () => {
  store = await openTestStore();
  it_ = await openConsole(store, systemClock);
  await readUntil(store, instantOf(systemClock.now()));
  const lost = await putEngagement(store, "lost", { inErp: false });
  const other = await putEngagement(store, "other");
  await put(store, "erp", "project", [
    {
      key: "unlinked:77",
      native_id: "77",
      code: "code-LOST",
      name: "Lost",
      customer_key: "C-lost",
      is_active: 1,
    },
  ]);
  for (const role of ["psa", "erp"]) await put(store, role, "time_entry", [timeLine("both", other)]);
  await put(store, "psa", "time_entry", [
    timeLine("typed", other, { work_on: "2026-05-05", hours: "6.5" }),
    timeLine("alone", other, { work_on: "2026-05-06" }),
    timeLine("symptom", lost, { work_on: "2026-05-05" }),
  ]);
  await put(store, "erp", "time_entry", [
    timeLine("unlinked:5001", other, { native_id: "5001", work_on: "2026-05-05", hours: "6.5" }),
  ]);
  // SYS-03 opens at the second failing run.
  await it_.compare();
  await it_.compare();
  cookie = await cookieOf(it_.services, "finance");
  const rows = await store.query(queueList, {
    statuses: ["open", "absorbed"],
    rules: [],
    severities: [],
    blocking: "",
    client: "",
    project: "",
    entity: "",
    owner: "",
    min: "",
    ends_before: "1970-01-01 00:00:00.000",
    text: "",
    after_place: 0,
    after_weight: "0",
    after_id: "",
    limit: 100,
  });
  for (const row of rows) ids.set(`${row.rule} ${row.key}`, row.id);
});
afterAll(async () => {
  await it_.close();
  await store.close();
});

const page = (exception: string) => {
  const id = ids.get(exception) ?? "";
  return exceptionLoader(
    argsOf({ services: it_.services, path: `/exceptions/${id}`, cookie, params: { id } }),
  );
};

it("shows the project that has the same code, where it is, and what to write where", async () => {
  const { suggested } = await page("PRJ-01 P-lost");
  expect(suggested).toEqual({
    from: "Certinia",
    to: "NetSuite",
    lookedAt: 1,
    of: 1,
    records: [
      {
        system: "Certinia",
        entity: "project",
        what: "project",
        nativeId: "psa-P-lost",
        key: "P-lost",
        called: "CODE-lost Project lost",
        url: "http://127.0.0.1:1/project/psa-P-lost",
        suggestions: [
          {
            system: "NetSuite",
            entity: "project",
            what: "project",
            nativeId: "77",
            key: "",
            called: "code-LOST Lost",
            url: "http://127.0.0.1:1/project/77",
            reason: "the same project code code-LOST",
            isUnique: true,
            isTaken: false,
            todo: "In NetSuite, put P-lost into External ID of the project “code-LOST Lost”.",
          },
        ],
      },
    ],
  });
});

it("says whose time it is that was typed in by hand, from either end", async () => {
  const byHand = await page("SYS-03 time|right|unlinked");
  expect(byHand.suggested?.records).toMatchObject([
    {
      called: "6.5 h on 5 May 2026, other, Project other",
      suggestions: [
        {
          system: "Certinia",
          key: "typed",
          reason: "the same person, project, day and hours",
          isUnique: true,
          todo: "In NetSuite, put typed into the field that holds the shared id of the time line “6.5 h on 5 May 2026, other, Project other”.",
        },
      ],
    },
  ]);
  const missing = await page("TIM-01 typed");
  expect(missing.suggested?.records[0]?.suggestions).toMatchObject([
    { system: "NetSuite", nativeId: "5001" },
  ]);
});

it("says nothing where nothing is like it, and where the failure is over", async () => {
  expect((await page("TIM-01 alone")).suggested).toBeNull();
  const [row] = await store.query(exceptionDetail, { id: ids.get("PRJ-01 P-lost") ?? "" });
  if (!row) throw new Error("PRJ-01 is not there");
  expect(await suggestedFor(it_.services, row)).not.toBeNull();
  expect(await suggestedFor(it_.services, { ...row, status: "resolved" })).toBeNull();
});

it("links nothing by itself: what was suggested still fails at the next run", async () => {
  await it_.compare();
  expect((await page("PRJ-01 P-lost")).row.status).toBe("open");
});

it("reads well at a terminal", async () => {
  const { suggested } = await page("PRJ-01 P-lost");
  if (!suggested) throw new Error("nothing is suggested");
  expect(saySuggested(suggested)).toEqual([
    "probably the same (suggested; nothing is linked by itself):",
    "  CODE-lost Project lost (psa-P-lost) in Certinia",
    "    code-LOST Lost (77) in NetSuite: the same project code code-LOST; the only one like it, both ways; http://127.0.0.1:1/project/77",
    "      In NetSuite, put P-lost into External ID of the project “code-LOST Lost”.",
  ]);
});
