/** The pages on a seeded store: what they show, what a filter does, what people may do, and a correction from request to proof. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, sum } from "#core/decimal";
import { instantOf, systemClock } from "#core/time";
import { exceptionItems } from "#sql/queries/exceptions";
import { loader as overviewLoader } from "../../app/routes/_app._index.tsx";
import { action as actOnQueue, loader as queueLoader } from "../../app/routes/_app.exceptions._index.tsx";
import { action as actOnOne, loader as exceptionLoader } from "../../app/routes/_app.exceptions.$id.tsx";
import { loader as pushesLoader } from "../../app/routes/_app.pushes._index.tsx";
import { action as actOnPush, loader as pushLoader } from "../../app/routes/_app.pushes.$id.tsx";
import { action as actOnRuns, loader as runsLoader } from "../../app/routes/_app.runs._index.tsx";
import { loader as runLoader } from "../../app/routes/_app.runs.$id.tsx";
import { action as actOnSync, loader as syncLoader } from "../../app/routes/_app.sync.tsx";
import { loader as csvLoader } from "../../app/routes/resources.exceptions[.]csv.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { openConsole, readUntil, seedFirm, type TestConsole } from "./support/console.ts";
import { argsOf, cookieOf, statusOf, thrownBy } from "./support/visit.ts";

let store: TestStore;
let it_: TestConsole;
const cookies = new Map<string, string>();

beforeAll(async () => {
  store = await openTestStore();
  it_ = await openConsole(store, systemClock);
  await seedFirm(store, instantOf(systemClock.now()), 8);
  await it_.compare();
  await it_.compare();
  for (const name of ["viewer", "finance", "approver", "exec", "integration"])
    cookies.set(name, await cookieOf(it_.services, name));
});
afterAll(async () => {
  await it_.close();
  await store.close();
});

function as(name: string, path: string, more: { id?: string; form?: [string, string][] } = {}) {
  return argsOf({
    services: it_.services,
    path,
    cookie: cookies.get(name) ?? "",
    params: more.id === undefined ? {} : { id: more.id },
    ...(more.form ? { form: more.form } : {}),
  });
}
const queue = (search = "", name = "finance") => queueLoader(as(name, `/exceptions${search}`));

/** Every row of a filter, page by page. */
async function everyRow(search: string) {
  const first = await queue(search);
  const rows = [...first.rows];
  for (let next = first.next; next !== null; ) {
    const page = await queue(`${search}&after=${next}`);
    rows.push(...page.rows);
    next = page.next;
  }
  return { first, rows };
}

describe("the queue", () => {
  it("comes in pages of fifty whose rows, put together, are the totals said over the first", async () => {
    const { first, rows } = await everyRow("?status=standing");
    expect(first.rows).toHaveLength(50);
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length);
    expect(first.totals?.total).toBe(rows.length);
    expect(first.totals?.critical).toBe(rows.filter((r) => r.severity === 1).length);
    expect(first.totals?.claimed).toBe(sum(rows.map((r) => r.money_reporting ?? "0")));
    const places = rows.map((r) => ["hard", "soft", "no"].indexOf(r.blocking));
    expect(places).toEqual([...places].sort());
  });

  it("never claims more to be held up than the items are worth, each once", async () => {
    const { totals } = await queue("?status=standing");
    const overview = await overviewLoader(as("finance", "/"));
    expect(totals?.held_value).toBe(overview.figures?.blocked_value);
    expect(totals?.held_items).toBe(overview.figures?.blocked_items);

    const { rows } = await everyRow("?status=standing&blocking=hard");
    const worth = new Map<string, string>();
    let mentions = 0;
    for (const row of rows)
      for (const item of await store.query(exceptionItems, { id: row.id, limit: 1000 })) {
        worth.set(item.item_key, item.value_reporting);
        mentions++;
      }
    expect(mentions).toBeGreaterThan(worth.size);
    expect(totals?.held_items).toBe(worth.size);
    expect(totals?.held_value).toBe(sum(worth.values()));
  });

  it("is narrowed by each filter, and says so in business words", async () => {
    const byRule = await queue("?rule=RAT-02");
    expect(byRule.rows.length).toBeGreaterThan(0);
    expect(new Set(byRule.rows.map((r) => r.rule))).toEqual(new Set(["RAT-02"]));
    expect(byRule.rows[0]?.wrong).toMatch(/^Rate \d+\.\d\d in Salesforce, \d+\.\d\d in NetSuite$/);
    const byText = await queue("?text=castell");
    expect(byText.rows.map((r) => r.customer_name)).toContain("Castell Insurance");
    // The client of that name, or a record that speaks of it where no client is linked.
    for (const row of byText.rows) expect(row.customer_name || JSON.stringify(row)).toMatch(/castell/i);
    const byMoney = await queue("?min=1500");
    expect(byMoney.rows.every((r) => compare(r.money_reporting ?? "0", "1500") >= 0)).toBe(true);
    expect(byMoney.rows.length).toBeGreaterThan(0);
    expect((await queue("?entity=DE01&severity=1")).rows.every((r) => r.legal_entity === "DE01")).toBe(true);
    expect((await queue("?text=no+such+thing+anywhere")).rows).toEqual([]);
  });

  it("shows a page for a mangled link", async () => {
    const page = await queue("?severity=banana&min=lots&after=%25%25&status=nope&rule=%27");
    expect(page.filter.status).toBe("due");
    expect(page.rows).toHaveLength(50);
  });

  it("is exported whole, every row of the filter and no other", async () => {
    const { rows } = await everyRow("?blocking=hard");
    const answer = await csvLoader(as("exec", "/resources/exceptions.csv?blocking=hard"));
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await answer.text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(rows.length + 1);
    expect(lines.slice(1).map((l) => l.slice(0, l.indexOf(",")))).toEqual(rows.map((r) => r.id));
  });
});

describe("working on exceptions", () => {
  it("several at once are taken up and assigned, and the queue says by whom", async () => {
    const ids = (await queue("?rule=TIM-06")).rows.slice(0, 3).map((r) => r.id);
    const pick = ids.map((id): [string, string] => ["id", id]);
    expect(
      statusOf(
        await actOnQueue(as("finance", "/exceptions?index", { form: [["intent", "acknowledge"], ...pick] })),
      ),
    ).toBe(302);
    await actOnQueue(
      as("finance", "/exceptions?index", { form: [["intent", "assign"], ["assignee", "pmo"], ...pick] }),
    );
    const mine = await queue("?owner=pmo");
    expect(mine.rows.map((r) => r.id).sort()).toEqual([...ids].sort());
    expect(mine.rows.every((r) => r.status === "acknowledged" && r.assigneeName === "Pmo Person")).toBe(true);
  });

  it("a reader may look at everything and change nothing", async () => {
    const [row] = (await queue("", "viewer")).rows;
    expect((await queue("", "viewer")).mayWork).toBe(false);
    const answer = await actOnQueue(
      as("viewer", "/exceptions?index", {
        form: [
          ["intent", "acknowledge"],
          ["id", row?.id ?? ""],
        ],
      }),
    );
    expect(statusOf(answer)).toBe(403);
    expect((await queue("?status=acknowledged")).rows.some((r) => r.id === row?.id)).toBe(false);
  });

  it("work is not given to somebody who can only read", async () => {
    const [row] = (await queue()).rows;
    const answer = await actOnQueue(
      as("finance", "/exceptions?index", {
        form: [
          ["intent", "assign"],
          ["assignee", "exec"],
          ["id", row?.id ?? ""],
        ],
      }),
    );
    expect(statusOf(answer)).toBe(400);
  });

  it("a waiver needs a reason and the right to give one, and takes the exception out of the queue", async () => {
    const id = (await queue("?rule=TIM-02")).rows[0]?.id ?? "";
    const waive = (who: string, note: string) =>
      actOnOne(
        as(who, `/exceptions/${id}`, {
          id,
          form: [
            ["intent", "waive"],
            ["days", "30"],
            ["note", note],
            ["cap", ""],
          ],
        }),
      );
    expect(statusOf(await waive("integration", "agreed with the client"))).toBe(403);
    expect(statusOf(await waive("finance", ""))).toBe(400);
    expect(statusOf(await waive("finance", "agreed with the client"))).toBe(302);
    expect((await queue("?rule=TIM-02")).rows.some((r) => r.id === id)).toBe(false);
    expect((await queue("?status=waived")).rows.map((r) => r.id)).toEqual([id]);
    const page = await exceptionLoader(as("finance", `/exceptions/${id}`, { id }));
    expect(page.timeline[0]).toMatchObject({ note: "agreed with the client", who: "Finance Person" });
    await actOnOne(as("finance", `/exceptions/${id}`, { id, form: [["intent", "wake"]] }));
    expect((await queue("?rule=TIM-02")).rows.some((r) => r.id === id)).toBe(true);
  });

  it("an exception nobody has is said in words", async () => {
    expect(
      statusOf(await thrownBy(() => exceptionLoader(as("finance", "/exceptions/none", { id: "none" })))),
    ).toBe(404);
  });
});

describe("a correction", () => {
  it("goes from request to proof through two people, and resolves the exception", async () => {
    const row = (await queue("?rule=RAT-02&client=C-Marlow+Pharma")).rows[0];
    const id = row?.id ?? "";
    it_.rates.set(row?.key ?? "", "174");
    const plain = await exceptionLoader(as("finance", `/exceptions/${id}`, { id }));
    expect(plain.push.preview).toBeNull();
    expect(plain.push.offer?.words).toBe("Correct the rate line in NetSuite");
    expect(plain.push.inFlight).toBeNull();

    const previewed = await exceptionLoader(as("finance", `/exceptions/${id}?preview=1`, { id }));
    expect(previewed.push.preview).toMatchObject({ kind: "ready", allowed: true });

    const refused = await actOnOne(
      as("viewer", `/exceptions/${id}`, { id, form: [["intent", "request-push"]] }),
    );
    expect(statusOf(refused)).toBe(403);
    const asked = (await actOnOne(
      as("finance", `/exceptions/${id}`, { id, form: [["intent", "request-push"]] }),
    )) as Response;
    const push = asked.headers.get("location")?.replace("/pushes/", "") ?? "";
    expect((await pushesLoader(as("approver", "/pushes"))).waiting.map((p) => p.id)).toEqual([push]);

    const own = await actOnPush(
      as("finance", `/pushes/${push}`, { id: push, form: [["intent", "approve"]] }),
    );
    expect(statusOf(own)).toBe(403);
    expect(it_.rates.get(row?.key ?? "")).toBe("174");

    expect((await pushLoader(as("approver", `/pushes/${push}`, { id: push }))).may.approve).toBe(true);
    // The ERP's own copy will be read again by the proof; the store is told what it would find.
    await store.command(
      "INSERT INTO rate_line SELECT * REPLACE (186 AS rate, version + 1 AS version) FROM rate_line WHERE role = 'erp' AND key = 'erl-Marlow Pharma'",
    );
    await actOnPush(as("approver", `/pushes/${push}`, { id: push, form: [["intent", "approve"]] }));
    await it_.services.work.lane.idle();

    expect(it_.rates.get(row?.key ?? "")).toBe("186");
    const done = await pushLoader(as("finance", `/pushes/${push}`, { id: push }));
    expect(done.events.map((e) => e.type)).toEqual([
      "requested",
      "approved",
      "started",
      "applied",
      "verified",
    ]);
    expect(done.push.status).toBe("verified");
    const after = await exceptionLoader(as("finance", `/exceptions/${id}`, { id }));
    expect(after.row.status).toBe("resolved");
  });

  it("can be turned down, with a reason, by an approver", async () => {
    const row = (await queue("?rule=RAT-02&client=C-Northwind+Energy")).rows[0];
    const id = row?.id ?? "";
    it_.rates.set(row?.key ?? "", "138");
    const asked = (await actOnOne(
      as("finance", `/exceptions/${id}`, { id, form: [["intent", "request-push"]] }),
    )) as Response;
    const push = asked.headers.get("location")?.replace("/pushes/", "") ?? "";
    const refuse = (reason: string) =>
      actOnPush(
        as("approver", `/pushes/${push}`, {
          id: push,
          form: [
            ["intent", "refuse"],
            ["reason", reason],
          ],
        }),
      );
    expect(statusOf(await refuse(""))).toBe(400);
    await refuse("The amendment is not signed yet.");
    const page = await pushLoader(as("finance", `/pushes/${push}`, { id: push }));
    expect(page.push.status).toBe("refused");
    expect(page.events.at(-1)?.words).toBe("The amendment is not signed yet.");
    expect(it_.rates.get(row?.key ?? "")).toBe("138");
  });
});

describe("runs", () => {
  it("show kinds that add up to the keys looked at, and the keys behind them", async () => {
    const page = await runsLoader(as("viewer", "/runs"));
    const conclusive = page.rows.filter((r) => r.mode === "full" && r.status !== "inconclusive");
    expect(conclusive.length).toBeGreaterThan(6);
    for (const run of conclusive) expect(run.sum).toBe(run.keys);
    const time = conclusive.find((r) => r.comparison === "time");
    const one = await runLoader(
      as("viewer", `/runs/${time?.run_id}?kind=missing_right`, { id: time?.run_id ?? "" }),
    );
    expect(one.findings.length).toBe(time?.missing_right);
    expect(new Set(one.findings.map((f) => f.words))).toEqual(new Set(["In PSA, not in ERP"]));
  });

  it("are started by those who may", async () => {
    const before = (await runsLoader(as("finance", "/runs?comparison=projects"))).rows.length;
    expect(
      statusOf(
        await actOnRuns(
          as("viewer", "/runs?index", {
            form: [
              ["intent", "run"],
              ["comparison", "projects"],
            ],
          }),
        ),
      ),
    ).toBe(403);
    await actOnRuns(
      as("finance", "/runs?index", {
        form: [
          ["intent", "run"],
          ["comparison", "projects"],
        ],
      }),
    );
    await it_.services.work.lane.idle();
    expect((await runsLoader(as("finance", "/runs?comparison=projects"))).rows.length).toBe(before + 1);
  });
});

describe("a source that is too old", () => {
  it("is said on every page, makes runs inconclusive, and resolves nothing", async () => {
    const { shellData } = await import("../../app/data/shell.server.ts");
    const { signedIn } = await import("../../app/auth/guard.server.ts");
    const standing = (await queue("?status=standing")).totals?.total;
    const hourAgo = instantOf(systemClock.now() - 3_600_000);
    await store.command("TRUNCATE TABLE sync_event");
    await readUntil(store, instantOf(systemClock.now()), ["crm", "psa"]);
    await readUntil(store, hourAgo, ["erp"]);
    const shell = await shellData(await signedIn(as("finance", "/")));
    expect(shell.sources.map((s) => [s.name, s.state])).toEqual([
      ["Salesforce", "fresh"],
      ["Certinia", "fresh"],
      ["NetSuite", "late"],
    ]);
    await it_.compare();
    const page = await queue("?status=standing");
    expect(page.tiles.cannotEvaluate).toBeGreaterThan(3);
    const gates = page.rows
      .concat((await everyRow("?status=standing")).rows)
      .filter((r) => r.rule === "SYS-01");
    expect(gates.length).toBeGreaterThan(0);
    const others = (await everyRow("?status=standing")).rows.filter((r) => r.rule !== "SYS-01").length;
    expect(others).toBe(standing);
    const health = await syncLoader(as("finance", "/sync"));
    expect(health.sources.find((s) => s.id === "erp")?.streams.every((s) => s.state === "late")).toBe(true);
    await readUntil(store, instantOf(systemClock.now()));
  });

  it("rejected records are shown whole and tried again by the integration owner alone", async () => {
    await store.command(
      "INSERT INTO reject (source_id, stream, native_id, raw_id, at, is_open, reason, detail, payload) VALUES ('psa', 'time_entry', 'T-9', 'r9', now64(3), 1, 'out-of-range', 'hours is -3', '{\"hours\":-3}')",
    );
    const page = await syncLoader(as("viewer", "/sync"));
    expect(page.rejectTotal).toBe(1);
    expect(page.rejects[0]).toMatchObject({ native_id: "T-9", detail: "hours is -3" });
    expect(JSON.parse(page.rejects[0]?.payload ?? "")).toEqual({ hours: -3 });
    const replay = (who: string) =>
      actOnSync(
        as(who, "/sync", {
          form: [
            ["intent", "replay"],
            ["source", "psa"],
            ["stream", "time_entry"],
          ],
        }),
      );
    expect(statusOf(await replay("finance"))).toBe(403);
    expect(statusOf(await replay("integration"))).toBe(302);
  });
});
